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

void rewrite_icmp_type(MutBytes message, IcmpType type) noexcept {
  const auto was = load_be<std::uint16_t>(message, 0);
  const auto is =
      static_cast<std::uint16_t>((was & 0x00ffU) | (std::uint32_t{std::to_underlying(type)} << 8U));
  const auto checksum = load_be<std::uint16_t>(message, kChecksumOffset);
  store_be<std::uint16_t>(message, 0, is);
  store_be<std::uint16_t>(message, kChecksumOffset, adjust_checksum(checksum, was, is));
  // The update cannot tell a message whose words add up to 0xffff, which has checksum 0, from an
  // echo reply that is all zeros, which has 0xffff.
  if (load_be<std::uint16_t>(message, kChecksumOffset) == 0) refresh_checksum(message);
}

}  // namespace hop
