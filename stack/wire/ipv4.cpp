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
Span20 plain(Bytes header) noexcept { return header.first<kIpv4MinHeader>(); }
bool is_right(Bytes header) noexcept {
  return header.size() == kIpv4MinHeader ? has_right_checksum(plain(header))
                                         : has_right_checksum(header);
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
  if (!is_right(view.header())) return std::unexpected(DropReason::ipv4_bad_checksum);
  const std::size_t total = view.total_length();
  if (total < view.header_length()) return std::unexpected(DropReason::ipv4_bad_total_length);
  if (total > frame.size()) return std::unexpected(DropReason::ipv4_incomplete);
  return Ipv4View{frame.first(total)};
}

std::optional<Ipv4View> Ipv4View::parse_plain(Bytes frame) noexcept {
  constexpr std::uint8_t kVersion4Words5 = 0x45;
  if (frame.size() < kIpv4MinHeader || byte_at(frame, 0) != kVersion4Words5 ||
      load_be<std::uint16_t>(frame, kTotalLengthOffset) != frame.size() ||
      !has_right_checksum(plain(frame))) {
    return std::nullopt;
  }
  return Ipv4View{frame};
}

// In words, which are summed before they are written: a load of what several stores have just left
// waits for the cache (8.5 ns for a header instead of 2.8).
void write_ipv4_header(const Ipv4Header& header, MutBytes datagram) noexcept {
  const std::uint64_t version_and_length = 0x40U | header.length() / 4;
  const std::uint64_t first = version_and_length << 56U | std::uint64_t{header.tos} << 48U |
                              std::uint64_t{static_cast<std::uint16_t>(datagram.size())} << 32U |
                              std::uint64_t{header.id} << 16U |
                              (header.dont_fragment ? kDontFragment : 0U);
  const std::uint64_t second = std::uint64_t{header.ttl} << 56U |
                               std::uint64_t{header.protocol} << 48U | header.source.value;
  const std::uint64_t sum = add_around(add_around(first, second), header.destination.value);
  const std::uint64_t checksum = static_cast<std::uint16_t>(~fold_checksum(sum));
  store_be<std::uint64_t>(datagram, 0, first);
  store_be<std::uint64_t>(datagram, kTtlOffset, second | checksum << 32U);
  store_be<std::uint32_t>(datagram, kDestinationOffset, header.destination.value);
  if (header.options.empty()) return;
  copy_bytes(header.options, datagram.subspan(kIpv4MinHeader));
  refresh_header_checksum(datagram);
}

// That the addresses change places leaves the sum as it is. All else that changes is in one word of
// 8 bytes, with the checksum, so that the header need not be summed anew.
void turn_ipv4_header(MutBytes datagram, std::uint8_t ttl, std::uint16_t id) noexcept {
  const auto was = load_be<std::uint64_t>(datagram, kIdOffset);
  const std::uint64_t protocol = was & std::uint64_t{0xff} << 16U;
  const std::uint64_t is = std::uint64_t{id} << 48U | std::uint64_t{ttl} << 24U | protocol;
  store_be<std::uint64_t>(datagram, kIdOffset, is | checksum_after(was, is));
  const auto source = load_be<std::uint32_t>(datagram, kSourceOffset);
  const auto destination = load_be<std::uint32_t>(datagram, kDestinationOffset);
  store_be<std::uint32_t>(datagram, kSourceOffset, destination);
  store_be<std::uint32_t>(datagram, kDestinationOffset, source);
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
void decrement_ttl(MutBytes header) noexcept {
  const auto checksum = load_be<std::uint16_t>(header, kChecksumOffset);
  store_be<std::uint8_t>(header, kTtlOffset,
                         static_cast<std::uint8_t>(byte_at(header, kTtlOffset) - 1U));
  store_be<std::uint16_t>(header, kChecksumOffset, checksum_after_decrease(checksum, 0x0100));
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
  store_be<std::uint16_t>(header, kChecksumOffset, 0);
  store_be<std::uint16_t>(header, kChecksumOffset,
                          length == kIpv4MinHeader ? internet_checksum(plain(header))
                                                   : internet_checksum(header.first(length)));
}

}  // namespace hop
