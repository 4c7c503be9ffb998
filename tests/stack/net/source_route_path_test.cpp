// Source routes through three routers, and the way back along them: RFC 1122 section 3.2.2.6, RFC
// 1812 sections 4.3.2.6 and 4.3.3.6.

#include <gmock/gmock.h>

#include <array>

#include "tests/stack/net/lab.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::IcmpIs;
using testing::ip;

/// tun0 - r1 - r2 - r3 - web, in 198.18.0.0/24, 10.0.1.0/24, 10.0.2.0/24 and 10.0.3.0/24; the left
/// end of each link has .1, the right one .2.
Lab three_routers() {
  Lab lab;
  lab.tun("tun0", "198.18.0.1/24");
  for (const std::string_view name : {"r1", "r2", "r3", "web"}) {
    lab.router(name);
    lab.node().source_routing = true;
    lab.node().icmp.id = IdPolicy::zero;
  }
  lab.link({"tun0", "r1 198.18.0.2/24"});
  lab.link({"r1 10.0.1.1/24", "r2 10.0.1.2/24"});
  lab.link({"r2 10.0.2.1/24", "r3 10.0.2.2/24"});
  lab.link({"r3 10.0.3.1/24", "web 10.0.3.2/24"});
  return lab;
}

constexpr auto kLooseAndStrict = std::to_array<std::uint8_t>({131, 137});

TEST(SourceRoutePath, OfAnEchoIsReversedByTheReply) {
  for (const std::uint8_t type : kLooseAndStrict) {
    Running lab{three_routers()};
    lab.send(from_tun0("198.18.0.2").options({type, 15, 4, 10, 0, 1, 2, 10, 0, 2, 2, 10, 0, 3, 2}) /
             icmp_echo({.id = 7, .seq = 1}, "data"));
    // The routers of the way back, by the address that each sends on from.
    EXPECT_EQ(lab.only().packet,
              ip().src("10.0.3.2")
                      .dst("198.18.0.1")
                      .ttl(61)
                      .options({type, 15, 16, 10, 0, 2, 2, 10, 0, 1, 2, 198, 18, 0, 2}) /
                  icmp_echo_reply({.id = 7, .seq = 1}, "data"));
  }
}

TEST(SourceRoutePath, RecordedSoFarIsReversedByAnError) {
  for (const std::uint8_t type : kLooseAndStrict) {
    Running lab{three_routers()};
    lab.send(from_tun0("198.18.0.2")
                 .ttl(3)
                 .options({type, 15, 4, 10, 0, 1, 2, 10, 0, 2, 2, 10, 0, 3, 2}) /
             icmp_echo({.id = 7, .seq = 1}, "data"));
    const Wire as_r3_got_it = from_tun0("10.0.2.2")
                                  .ttl(1)
                                  .options({type, 15, 12, 10, 0, 1, 1, 10, 0, 2, 1, 10, 0, 3, 2}) /
                              icmp_echo({.id = 7, .seq = 1}, "data");
    EXPECT_EQ(lab.only().packet, ip().src("10.0.2.2")
                                         .dst("198.18.0.1")
                                         .ttl(62)
                                         .tos(0xc0)
                                         .options({type, 11, 12, 10, 0, 1, 2, 198, 18, 0, 2}) /
                                     testing::icmp(11, 0, 0, as_r3_got_it));
  }
}

}  // namespace
}  // namespace hop
