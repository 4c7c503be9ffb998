#include "stack/wire/icmp.hpp"

#include <utility>

#include "stack/base/checksum.hpp"

namespace hop {
namespace {

constexpr std::size_t kChecksumOffset = 2;

void refresh_checksum(MutBytes message) noexcept {
  store_be<std::uint16_t>(message, kChecksumOffset, 0);
  store_be<std::uint16_t>(message, kChecksumOffset, internet_checksum(message));
}

}  // namespace

Parsed<IcmpView> IcmpView::parse(Bytes message) noexcept {
  if (message.size() < kIcmpHeader) return std::unexpected(DropReason::icmp_truncated);
  if (internet_checksum(message) != 0) return std::unexpected(DropReason::icmp_bad_checksum);
  return IcmpView{message};
}

void write_icmp(const IcmpMessage& what, MutBytes message) noexcept {
  store_be<std::uint8_t>(message, 0, std::to_underlying(what.type));
  store_be<std::uint8_t>(message, 1, what.code);
  store_be<std::uint32_t>(message, 4, what.rest);
  refresh_checksum(message);
}

// RFC 1624 section 3, equation 3, of a word of which only the upper byte changes: ~(~HC + ~m + m')
// is HC + m - m' in ones' complement.
void rewrite_icmp_type(MutBytes message, IcmpType type) noexcept {
  const std::uint32_t was = byte_at(message, 0);
  const std::uint32_t is = std::to_underlying(type);
  std::uint32_t sum =
      load_be<std::uint16_t>(message, kChecksumOffset) + 0xffffU + (was << 8U) - (is << 8U);
  sum = (sum & 0xffffU) + (sum >> 16U);
  store_be<std::uint8_t>(message, 0, static_cast<std::uint8_t>(is));
  store_be<std::uint16_t>(message, kChecksumOffset,
                          static_cast<std::uint16_t>(sum >= 0xffffU ? sum - 0xffffU : sum));
  // The update cannot tell a message whose words add up to 0xffff, which has checksum 0, from an
  // echo reply that is all zeros, which has 0xffff.
  if (load_be<std::uint16_t>(message, kChecksumOffset) == 0) refresh_checksum(message);
}

}  // namespace hop
