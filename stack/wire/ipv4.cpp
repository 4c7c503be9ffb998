#include "stack/wire/ipv4.hpp"

#include "stack/base/checksum.hpp"

namespace hop {
namespace {

constexpr std::size_t kFlagsOffset = 6;
constexpr std::size_t kTtlOffset = 8;
constexpr std::size_t kChecksumOffset = 10;
constexpr std::uint16_t kDontFragment = 0x4000;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kReserved = 0x8000;

}  // namespace

Parsed<Ipv4HeaderView> Ipv4HeaderView::parse(Bytes bytes) noexcept {
  if (bytes.size() < kIpv4MinHeader) return std::unexpected(DropReason::ipv4_truncated);
  const unsigned version = byte_at(bytes, 0) >> 4U;
  if (version != 4) return std::unexpected(DropReason::ipv4_bad_version);
  const Ipv4HeaderView view{bytes};
  if (view.header_length() < kIpv4MinHeader || view.header_length() > bytes.size()) {
    return std::unexpected(DropReason::ipv4_bad_header_length);
  }
  return view;
}

// The version comes before the checksum, unlike in the list of RFC 1812: a packet of another IP
// version is then counted as that, not as a damaged one.
Parsed<Ipv4View> Ipv4View::parse(Bytes frame) noexcept {
  const auto header = Ipv4HeaderView::parse(frame);
  if (!header) return std::unexpected(header.error());
  if (internet_checksum(header->header()) != 0) {
    return std::unexpected(DropReason::ipv4_bad_checksum);
  }
  const std::size_t total = header->total_length();
  if (total < header->header_length()) return std::unexpected(DropReason::ipv4_bad_total_length);
  if (total > frame.size()) return std::unexpected(DropReason::ipv4_incomplete);
  return Ipv4View{frame.first(total)};
}

void write_ipv4_header(const Ipv4Header& header, MutBytes datagram) noexcept {
  const std::size_t words = header.length() / 4;
  store_be<std::uint8_t>(datagram, 0, static_cast<std::uint8_t>(0x40U | words));
  store_be<std::uint8_t>(datagram, 1, header.tos);
  store_be<std::uint16_t>(datagram, kTotalLengthOffset,
                          static_cast<std::uint16_t>(datagram.size()));
  store_be<std::uint16_t>(datagram, 4, header.id);
  store_be<std::uint16_t>(datagram, kFlagsOffset, header.dont_fragment ? kDontFragment : 0);
  store_be<std::uint8_t>(datagram, kTtlOffset, header.ttl);
  store_be<std::uint8_t>(datagram, 9, header.protocol);
  store_be<std::uint32_t>(datagram, 12, header.source.value);
  store_be<std::uint32_t>(datagram, kDestinationOffset, header.destination.value);
  std::ranges::copy(header.options, datagram.begin() + kIpv4MinHeader);
  refresh_header_checksum(datagram);
}

void write_fragment_fields(MutBytes datagram, std::size_t offset, bool more_fragments) noexcept {
  const auto kept = static_cast<std::uint16_t>(load_be<std::uint16_t>(datagram, kFlagsOffset) &
                                               (kReserved | kDontFragment));
  const auto flags =
      static_cast<std::uint16_t>(kept | (more_fragments ? kMoreFragments : 0U) | (offset / 8));
  store_be<std::uint16_t>(datagram, kTotalLengthOffset,
                          static_cast<std::uint16_t>(datagram.size()));
  store_be<std::uint16_t>(datagram, kFlagsOffset, flags);
  refresh_header_checksum(datagram);
}

void decrement_ttl(MutBytes header) noexcept {
  const auto was = load_be<std::uint16_t>(header, kTtlOffset);
  const auto is = static_cast<std::uint16_t>(was - 0x0100U);
  const auto checksum = load_be<std::uint16_t>(header, kChecksumOffset);
  store_be<std::uint16_t>(header, kTtlOffset, is);
  store_be<std::uint16_t>(header, kChecksumOffset, adjust_checksum(checksum, was, is));
}

void refresh_header_checksum(MutBytes header) noexcept {
  const std::size_t length = (byte_at(header, 0) & 0x0fU) * std::size_t{4};
  store_be<std::uint16_t>(header, kChecksumOffset, 0);
  store_be<std::uint16_t>(header, kChecksumOffset, internet_checksum(header.first(length)));
}

}  // namespace hop
