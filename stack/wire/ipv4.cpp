#include "stack/wire/ipv4.hpp"

#include "stack/base/checksum.hpp"

namespace hop {
namespace {

constexpr std::size_t kTosOffset = 1;
constexpr std::size_t kIdOffset = 4;
constexpr std::size_t kFlagsOffset = 6;
constexpr std::size_t kTtlOffset = 8;
constexpr std::size_t kChecksumOffset = 10;
constexpr std::size_t kSourceOffset = 12;
constexpr std::uint16_t kDontFragment = 0x4000;
constexpr std::uint16_t kMoreFragments = 0x2000;
constexpr std::uint16_t kReserved = 0x8000;

// A header without options, as nearly every packet has, is summed without a loop.
std::uint16_t header_checksum(Bytes header) noexcept {
  return header.size() == kIpv4MinHeader ? internet_checksum_of_20(header.first<kIpv4MinHeader>())
                                         : internet_checksum(header);
}

void refresh_plain_header_checksum(std::span<std::byte, kIpv4MinHeader> header) noexcept {
  store_be<std::uint16_t>(header, kChecksumOffset, 0);
  store_be<std::uint16_t>(header, kChecksumOffset, internet_checksum_of_20(header));
}

}  // namespace

// Why there is no complete IPv4 header at the front of `bytes`, or none.
DropReason Ipv4HeaderView::fault_of(Bytes bytes) noexcept {
  if (bytes.size() < kIpv4MinHeader) return DropReason::ipv4_truncated;
  if (byte_at(bytes, 0) >> 4U != 4) return DropReason::ipv4_bad_version;
  const std::size_t length = Ipv4HeaderView{bytes}.header_length();
  const bool fits = length >= kIpv4MinHeader && length <= bytes.size();
  return fits ? DropReason::none : DropReason::ipv4_bad_header_length;
}

Parsed<Ipv4HeaderView> Ipv4HeaderView::parse(Bytes bytes) noexcept {
  if (const DropReason why = fault_of(bytes); why != DropReason::none) return std::unexpected(why);
  return Ipv4HeaderView{bytes};
}

// The version comes before the checksum, unlike in the list of RFC 1812: a packet of another IP
// version is then counted as that, not as a damaged one.
Parsed<Ipv4View> Ipv4View::parse(Bytes frame) noexcept {
  if (const DropReason why = fault_of(frame); why != DropReason::none) return std::unexpected(why);
  const Ipv4View view{frame};
  if (header_checksum(view.header()) != 0) {
    return std::unexpected(DropReason::ipv4_bad_checksum);
  }
  const std::size_t total = view.total_length();
  if (total < view.header_length()) return std::unexpected(DropReason::ipv4_bad_total_length);
  if (total > frame.size()) return std::unexpected(DropReason::ipv4_incomplete);
  return Ipv4View{frame.first(total)};
}

std::optional<Ipv4View> Ipv4View::parse_plain(Bytes frame) noexcept {
  constexpr std::uint8_t kVersion4Words5 = 0x45;
  if (frame.size() < kIpv4MinHeader || byte_at(frame, 0) != kVersion4Words5 ||
      load_be<std::uint16_t>(frame, kTotalLengthOffset) != frame.size() ||
      internet_checksum_of_20(frame.first<kIpv4MinHeader>()) != 0) {
    return std::nullopt;
  }
  return Ipv4View{frame};
}

void write_ipv4_header(const Ipv4Header& header, MutBytes datagram) noexcept {
  const std::size_t words = header.length() / 4;
  store_be<std::uint8_t>(datagram, 0, static_cast<std::uint8_t>(0x40U | words));
  store_be<std::uint8_t>(datagram, kTosOffset, header.tos);
  store_be<std::uint16_t>(datagram, kTotalLengthOffset,
                          static_cast<std::uint16_t>(datagram.size()));
  store_be<std::uint16_t>(datagram, kIdOffset, header.id);
  store_be<std::uint16_t>(datagram, kFlagsOffset, header.dont_fragment ? kDontFragment : 0);
  store_be<std::uint8_t>(datagram, kTtlOffset, header.ttl);
  store_be<std::uint8_t>(datagram, 9, header.protocol);
  store_be<std::uint32_t>(datagram, kSourceOffset, header.source.value);
  store_be<std::uint32_t>(datagram, kDestinationOffset, header.destination.value);
  copy_bytes(header.options, datagram.subspan(kIpv4MinHeader));
  refresh_header_checksum(datagram);
}

void turn_ipv4_header(MutBytes datagram, std::uint8_t ttl, std::uint16_t id) noexcept {
  const auto source = load_be<std::uint32_t>(datagram, kSourceOffset);
  const auto destination = load_be<std::uint32_t>(datagram, kDestinationOffset);
  store_be<std::uint16_t>(datagram, kIdOffset, id);
  store_be<std::uint16_t>(datagram, kFlagsOffset, 0);
  store_be<std::uint8_t>(datagram, kTtlOffset, ttl);
  store_be<std::uint32_t>(datagram, kSourceOffset, destination);
  store_be<std::uint32_t>(datagram, kDestinationOffset, source);
  refresh_plain_header_checksum(datagram.first<kIpv4MinHeader>());
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

void set_ecn(MutBytes header, std::uint8_t codepoint) noexcept {
  const std::uint8_t tos = byte_at(header, kTosOffset);
  store_be<std::uint8_t>(header, kTosOffset,
                         static_cast<std::uint8_t>((tos & ~kEcnMask) | codepoint));
}

bool mark_congestion(MutBytes header) noexcept {
  const std::uint8_t ecn = byte_at(header, kTosOffset) & kEcnMask;
  if (ecn == kEcnNotCapable || ecn == kEcnCongestion) return false;
  const auto checksum = load_be<std::uint16_t>(header, kChecksumOffset);
  set_ecn(header, kEcnCongestion);
  store_be<std::uint16_t>(header, kChecksumOffset, adjust_checksum(checksum, ecn, kEcnCongestion));
  return true;
}

// The word that TTL is the upper byte of falls by 0x0100, whatever else it holds.
// RFC 1624 section 3, equation 3, of a word that becomes 0x0100 less: ~(~HC + ~0x0100) is HC +
// 0x0100 in ones' complement, where 0xffff is 0.
void decrement_ttl(MutBytes header) noexcept {
  const std::uint32_t sum = load_be<std::uint16_t>(header, kChecksumOffset) + 0x0100U;
  store_be<std::uint8_t>(header, kTtlOffset,
                         static_cast<std::uint8_t>(byte_at(header, kTtlOffset) - 1U));
  store_be<std::uint16_t>(header, kChecksumOffset,
                          static_cast<std::uint16_t>(sum + (sum >= 0xffffU ? 1U : 0U)));
}

void set_ttl(MutBytes header, std::uint8_t ttl) noexcept {
  const auto checksum = load_be<std::uint16_t>(header, kChecksumOffset);
  const auto word = [](std::uint8_t upper) { return static_cast<std::uint16_t>(upper << 8U); };
  const std::uint8_t before = byte_at(header, kTtlOffset);
  store_be<std::uint8_t>(header, kTtlOffset, ttl);
  store_be<std::uint16_t>(header, kChecksumOffset,
                          adjust_checksum(checksum, word(before), word(ttl)));
}

void refresh_header_checksum(MutBytes header) noexcept {
  const std::size_t length = (byte_at(header, 0) & 0x0fU) * std::size_t{4};
  if (length == kIpv4MinHeader)
    return refresh_plain_header_checksum(header.first<kIpv4MinHeader>());
  store_be<std::uint16_t>(header, kChecksumOffset, 0);
  store_be<std::uint16_t>(header, kChecksumOffset, internet_checksum(header.first(length)));
}

}  // namespace hop
