#include "stack/ip/traceroute_option.hpp"

namespace hop {
namespace {

constexpr std::size_t kId = 2, kOutboundHops = 4, kReturnHops = 6, kOriginator = 8;

}  // namespace

TracerouteOption TracerouteOption::one_hop_further() const {
  TracerouteOption further = *this;
  ++(is_outbound() ? further.outbound_hops : further.return_hops);
  return further;
}

TracerouteOption read_traceroute_option(Bytes option) {
  return {.id = load_be<std::uint16_t>(option, kId),
          .outbound_hops = load_be<std::uint16_t>(option, kOutboundHops),
          .return_hops = load_be<std::uint16_t>(option, kReturnHops),
          .originator = Ipv4Address{load_be<std::uint32_t>(option, kOriginator)}};
}

void write_hop_counts(const TracerouteOption& what, MutBytes option) {
  store_be<std::uint16_t>(option, kOutboundHops, what.outbound_hops);
  store_be<std::uint16_t>(option, kReturnHops, what.return_hops);
}

}  // namespace hop
