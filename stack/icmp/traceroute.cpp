#include "stack/icmp/traceroute.hpp"

#include <utility>

namespace hop {
namespace {

constexpr std::size_t kOutboundHops = 8, kReturnHops = 10, kSpeed = 12, kMtu = 16;

}  // namespace

void write_traceroute(const TracerouteReport& report, MutBytes message) {
  store_be<std::uint16_t>(message, kOutboundHops, report.option.outbound_hops);
  store_be<std::uint16_t>(message, kReturnHops, report.option.return_hops);
  store_be<std::uint32_t>(message, kSpeed, report.speed);
  store_be<std::uint32_t>(message, kMtu, report.mtu);
  write_icmp({.type = IcmpType::traceroute,
              .code = std::to_underlying(report.code),
              .rest = std::uint32_t{report.option.id} << 16U},
             message);
}

}  // namespace hop
