#include "stack/icmp/received_error.hpp"

#include <algorithm>

namespace hop {
namespace {

constexpr std::size_t kQuotedData = 8;

// Bytes behind the header that a quote must have: 8, or all that the datagram had.
std::size_t least_payload(const Ipv4HeaderView& quoted) {
  const std::size_t total = std::max<std::size_t>(quoted.total_length(), quoted.header_length());
  return std::min(kQuotedData, total - quoted.header_length());
}

}  // namespace

Parsed<ReceivedError> read_error(const IcmpView& icmp, Ipv4Address reporter) {
  const auto quoted = Ipv4HeaderView::parse(icmp.data());
  if (!quoted || quoted->payload().size() < least_payload(*quoted) ||
      quoted->fragment_offset() != 0) {
    return std::unexpected(DropReason::icmp_bad_quote);
  }
  return ReceivedError{
      .message = {icmp.type(), icmp.code(), icmp.rest()}, .reporter = reporter, .quoted = *quoted};
}

EndpointKey sender_of(const Ipv4HeaderView& quoted) {
  constexpr std::size_t kSourcePort = 0;
  constexpr std::size_t kIdentifier = 4;
  const bool has_ports = quoted.carries(IpProtocol::udp) || quoted.carries(IpProtocol::tcp);
  const std::size_t at = has_ports ? kSourcePort : kIdentifier;
  const bool has_number = has_ports || quoted.carries(IpProtocol::icmp);
  if (!has_number || quoted.payload().size() < at + 2) return {quoted.protocol(), 0};
  return {quoted.protocol(), load_be<std::uint16_t>(quoted.payload(), at)};
}

}  // namespace hop
