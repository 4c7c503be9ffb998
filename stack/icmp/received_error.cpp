#include "stack/icmp/received_error.hpp"

#include <algorithm>

#include "stack/icmp/error_message.hpp"
#include "stack/wire/extension_objects.hpp"

namespace hop {
namespace {

constexpr unsigned kLengthShift = 16;  // of the length field in the rest of the header
constexpr std::uint32_t kLengthMask = 0xffU << kLengthShift;

// Bytes behind the header that a quote must have: 8, or all that the datagram had.
std::size_t least_payload(const Ipv4HeaderView& quoted) {
  const std::size_t total = std::max<std::size_t>(quoted.total_length(), quoted.header_length());
  return std::min(kQuotedData, total - quoted.header_length());
}

// Where the "original datagram" field ends (RFC 4884 section 4).
std::size_t quote_size(Bytes data, std::uint8_t words) {
  const std::size_t said = words * std::size_t{4};
  return said < kExtendedQuote || said > data.size() ? data.size() : said;
}

}  // namespace

Parsed<ReceivedError> read_error(const IcmpView& icmp, Ipv4Address reporter) {
  const std::uint32_t length = is_extensible(icmp.type()) ? icmp.rest() & kLengthMask : 0;
  const auto words = static_cast<std::uint8_t>(length >> kLengthShift);
  const std::size_t size = quote_size(icmp.data(), words);
  const auto quoted = Ipv4HeaderView::parse(icmp.data().first(size));
  if (!quoted || quoted->payload().size() < least_payload(*quoted) ||
      quoted->fragment_offset() != 0) {
    return std::unexpected(DropReason::icmp_bad_quote);
  }
  const auto extensions = ExtensionView::parse(icmp.data().subspan(size));
  if (extensions && repeats_interface_role(*extensions)) {
    return std::unexpected(DropReason::icmp_illegal_extension);
  }
  return ReceivedError{.message = {icmp.type(), icmp.code(), icmp.rest() & ~length},
                       .reporter = reporter,
                       .quoted = *quoted,
                       .quoted_words = words,
                       .extensions = extensions};
}

// RFC 4884 section 5: they were appended to time exceeded and destination unreachable only.
std::optional<ExtensionView> extensions_of_old_layout(const ReceivedError& error) {
  const bool could = error.message.type == IcmpType::time_exceeded ||
                     error.message.type == IcmpType::dest_unreachable;
  const Bytes data = error.quoted.bytes();
  if (!could || error.quoted_words != 0 || data.size() <= kExtendedQuote) return std::nullopt;
  const auto found =
      ExtensionView::parse(data.subspan(kExtendedQuote), ExtensionView::Checksum::required);
  return found && repeats_interface_role(*found) ? std::nullopt : found;
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
