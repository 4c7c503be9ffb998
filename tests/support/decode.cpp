#include "tests/support/decode.hpp"

#include <charconv>
#include <stdexcept>

namespace hop::testing {

std::uint16_t internet_sum(Bytes bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint32_t value = byte_at(bytes, i);
    sum += i % 2 == 0 ? value << 8U : value;
    sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return static_cast<std::uint16_t>(sum);
}

std::uint16_t pseudo_header_sum(std::uint32_t src, std::uint32_t dst, std::uint8_t protocol,
                                std::size_t length) {
  std::array<std::byte, 12> pseudo{};
  store_be<std::uint32_t>(pseudo, 0, src);
  store_be<std::uint32_t>(pseudo, 4, dst);
  store_be<std::uint16_t>(pseudo, 8, protocol);
  store_be<std::uint16_t>(pseudo, 10, static_cast<std::uint16_t>(length));
  return internet_sum(pseudo);
}

std::uint32_t address_of(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (at == end || *at != '.') throw std::invalid_argument(std::string{text});
      ++at;
    }
    std::uint8_t value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc{}) throw std::invalid_argument(std::string{text});
    address = address << 8U | value;
    at = next;
  }
  if (at != end) throw std::invalid_argument(std::string{text});
  return address;
}

std::string address_text(std::uint32_t address) {
  std::string text;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    text += std::to_string(address >> (shift - 8) & 0xffU);
    if (shift > 8) text += '.';
  }
  return text;
}

std::optional<Decoded> decode(Bytes packet) {
  if (packet.size() < 20) return std::nullopt;
  const auto fragment = load_be<std::uint16_t>(packet, 6);
  Decoded ip{.version = static_cast<std::uint8_t>(byte_at(packet, 0) >> 4U),
             .header_length = (byte_at(packet, 0) & std::size_t{0xf}) * 4,
             .tos = byte_at(packet, 1),
             .total_length = load_be<std::uint16_t>(packet, 2),
             .id = load_be<std::uint16_t>(packet, 4),
             .reserved = (fragment & 0x8000U) != 0,
             .df = (fragment & 0x4000U) != 0,
             .mf = (fragment & 0x2000U) != 0,
             .offset = (fragment & std::size_t{0x1fff}) * 8,
             .ttl = byte_at(packet, 8),
             .protocol = byte_at(packet, 9),
             .checksum = load_be<std::uint16_t>(packet, 10),
             .src = load_be<std::uint32_t>(packet, 12),
             .dst = load_be<std::uint32_t>(packet, 16),
             .header = {},
             .payload = {},
             .whole = packet.size() >= load_be<std::uint16_t>(packet, 2)};
  const Bytes datagram = packet.first(std::min<std::size_t>(packet.size(), ip.total_length));
  ip.header = packet.first(std::min(packet.size(), ip.header_length));
  ip.payload = datagram.subspan(std::min(datagram.size(), ip.header_length));
  return ip;
}

bool header_checksum_valid(const Decoded& ip) {
  return ip.header.size() == ip.header_length && ip.header_length >= 20 &&
         internet_sum(ip.header) == 0xffff;
}

bool payload_checksum_valid(const Decoded& ip) {
  if (ip.is_fragment() || !ip.whole) return true;
  if (ip.protocol == kIcmp) return internet_sum(ip.payload) == 0xffff;
  if (ip.protocol != kUdp && ip.protocol != kTcp) return true;
  if (ip.payload.size() < (ip.protocol == kUdp ? 8U : 20U)) return false;
  if (ip.protocol == kUdp && load_be<std::uint16_t>(ip.payload, 6) == 0) return true;
  const auto pseudo = pseudo_header_sum(ip.src, ip.dst, ip.protocol, ip.payload.size());
  return internet_sum(ip.payload, pseudo) == 0xffff;
}

std::optional<DecodedIcmp> decode_icmp(Bytes packet) {
  const auto ip = decode(packet);
  if (!ip || ip->protocol != kIcmp || ip->offset != 0 || ip->payload.size() < 8) {
    return std::nullopt;
  }
  return DecodedIcmp{.type = byte_at(ip->payload, 0),
                     .code = byte_at(ip->payload, 1),
                     .rest = load_be<std::uint32_t>(ip->payload, 4),
                     .data = ip->payload.subspan(8)};
}

}  // namespace hop::testing
