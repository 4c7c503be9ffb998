#include "tests/stack/node/mutator.hpp"

namespace hop {

using testing::icmp;
using testing::icmp_echo;
using testing::ip;
using testing::raw;
using testing::udp;

std::vector<Wire> mutator_seeds() {
  return {transit() / udp(1, 2, "data"),
          transit().ttl(1) / icmp_echo({.id = 1}, "data"),
          transit().dst("198.51.100.9") / udp(1, 2, counting(1200)),
          transit().dst("198.51.100.9").df() / udp(1, 2, counting(700)),
          transit().dst("203.0.113.9") / icmp_echo({}),
          transit().dst("100.64.9.1") / udp(1, 2),
          transit().options({7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0}) / udp(1, 2),
          transit().options({68, 12, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0}).ttl(1) / udp(1, 2),
          transit().options({131, 11, 8, 10, 0, 1, 3, 192, 0, 2, 7}).ttl(1) / udp(1, 2),
          to_router() / icmp_echo({.id = 7}, counting(56)),
          to_router() / icmp(13, 0, 0, counting(12)),
          to_router().options({137, 7, 8, 10, 0, 1, 3}) / icmp_echo({}, "data"),
          to_router().options({131, 7, 4, 10, 0, 2, 2}) / udp(1, 2),
          to_router().options({131, 11, 4, 10, 0, 3, 1, 192, 0, 2, 9}) / udp(1, 2),
          to_router().options({131, 7, 4, 10, 0, 1, 1}) / udp(1, 33434),
          transit().dst("198.51.100.9").offset(65000) / raw(counting(600)),
          to_router() / udp(1, 7, counting(40)),
          to_router() / udp(1, 33434),
          to_router() / testing::tcp_syn(1, 80),
          to_router() / raw("data"),
          to_router().mf() / udp(1, 2, counting(32)),
          to_router().offset(40) / raw(counting(32)),
          to_router() / icmp(11, 0, 0, ip().src("10.0.1.1").dst("8.8.8.8") / udp(7, 1)),
          transit().ttl(1) / icmp(3, 3, 0, counting(40)),
          transit().dst("10.0.1.255") / icmp_echo({}),
          transit().dst("224.0.0.1") / udp(1, 2)};
}

}  // namespace hop
