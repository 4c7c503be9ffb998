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
  if (!has_right_checksum(message)) return std::unexpected(DropReason::icmp_bad_checksum);
  return IcmpView{message};
}

// In one word, as the checksum reads it: write_ipv4_header() says why.
void write_icmp(const IcmpMessage& what, MutBytes message) noexcept {
  store_be<std::uint64_t>(message, 0,
                          std::uint64_t{std::to_underlying(what.type)} << 56U |
                              std::uint64_t{what.code} << 48U | what.rest);
  store_be<std::uint16_t>(message, kChecksumOffset, internet_checksum(message));
}

// Of the word that type and code are only the upper byte changes.
void rewrite_icmp_type(MutBytes message, IcmpType from, IcmpType to) noexcept {
  const std::uint32_t was = std::to_underlying(from);
  const std::uint32_t is = std::to_underlying(to);
  // In ones' complement, where more is less by the rest of 0xffff.
  const std::uint32_t less = ((was - is) << 8U) + (was < is ? 0xffffU : 0U);
  const std::uint16_t checksum = checksum_after_decrease(
      load_be<std::uint16_t>(message, kChecksumOffset), static_cast<std::uint16_t>(less));
  store_be<std::uint8_t>(message, 0, static_cast<std::uint8_t>(is));
  store_be<std::uint16_t>(message, kChecksumOffset, checksum);
  // The update cannot tell a message whose words add up to 0xffff, which has checksum 0, from an
  // echo reply that is all zeros, which has 0xffff.
  if (checksum == 0) refresh_checksum(message);
}

}  // namespace hop
