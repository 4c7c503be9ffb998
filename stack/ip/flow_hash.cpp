#include "stack/ip/flow_hash.hpp"

#include "stack/base/bytes.hpp"

namespace hop {
namespace {

bool has_first_word(const Ipv4HeaderView& ip, const FlowFields& fields) {
  const bool is_wanted =
      ((ip.carries(IpProtocol::udp) || ip.carries(IpProtocol::tcp)) && fields.ports) ||
      (ip.carries(IpProtocol::icmp) && fields.icmp);
  return is_wanted && !ip.is_fragment() && ip.payload().size() >= 4;
}

}  // namespace

std::uint32_t flow_hash(const Ipv4HeaderView& ip, Ipv4Address destination, const FlowFields& fields,
                        std::uint32_t seed) {
  std::uint32_t hash = seed;
  if (fields.source) hash = mix(hash, ip.source().value);
  if (fields.destination) hash = mix(hash, destination.value);
  if (fields.protocol) hash = mix(hash, ip.protocol());
  if (has_first_word(ip, fields)) hash = mix(hash, load_be<std::uint32_t>(ip.payload(), 0));
  if (fields.tos) hash = mix(hash, ip.tos());
  return hash;
}

}  // namespace hop
