#include "tests/support/describe.hpp"

#include <array>
#include <cstdio>

#include "tests/support/decode.hpp"

namespace hop::testing {
namespace {

template <class Number>
std::string hex(Number value, int digits) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%0*x", digits, static_cast<unsigned>(value));
  return text.data();
}

std::string bytes_text(std::size_t count) { return std::to_string(count) + " bytes"; }

bool is_error(std::uint8_t type) { return (type >= 3 && type <= 5) || type == 11 || type == 12; }

std::string describe_icmp(Bytes packet) {
  const auto icmp = decode_icmp(packet);
  if (!icmp) return "icmp, cut short";
  const std::string head = "icmp " + std::to_string(icmp->type) + "/" + std::to_string(icmp->code) +
                           " rest 0x" + hex(icmp->rest, 8);
  if (!is_error(icmp->type)) return head + ", " + bytes_text(icmp->data.size());
  return head + " quoting " + bytes_text(icmp->data.size()) + " [" + describe(icmp->data) + "]";
}

std::string describe_ports(const Decoded& ip) {
  const std::string name = ip.protocol == kUdp ? "udp " : "tcp ";
  if (ip.payload.size() < 4) return name + "cut short";
  std::string text = name + std::to_string(load_be<std::uint16_t>(ip.payload, 0)) + " > " +
                     std::to_string(load_be<std::uint16_t>(ip.payload, 2));
  if (ip.protocol == kTcp && ip.payload.size() >= 14) {
    text += " seq " + std::to_string(load_be<std::uint32_t>(ip.payload, 4)) + " ack " +
            std::to_string(load_be<std::uint32_t>(ip.payload, 8)) + " flags 0x" +
            hex(byte_at(ip.payload, 13), 2);
  }
  return text + ", " + bytes_text(ip.payload.size());
}

std::string describe_payload(const Decoded& ip, Bytes packet) {
  if (ip.offset == 0 && ip.protocol == kIcmp) return describe_icmp(packet);
  if (ip.offset == 0 && (ip.protocol == kUdp || ip.protocol == kTcp)) return describe_ports(ip);
  return "protocol " + std::to_string(ip.protocol) + ", " + bytes_text(ip.payload.size());
}

std::string describe_flags(const Decoded& ip) {
  std::string text;
  if (ip.tos != 0) text += " tos 0x" + hex(ip.tos, 2);
  if (ip.reserved) text += " reserved-bit";
  if (ip.df) text += " df";
  if (ip.mf) text += " mf";
  if (ip.offset != 0) text += " offset " + std::to_string(ip.offset);
  if (ip.header.size() > 20) text += " options " + bytes_text(ip.header.size() - 20);
  return text;
}

std::string describe_faults(const Decoded& ip, Bytes packet) {
  std::string text;
  if (ip.version != 4) text += " (version " + std::to_string(ip.version) + ")";
  if (!header_checksum_valid(ip)) text += " (bad header checksum 0x" + hex(ip.checksum, 4) + ")";
  if (!ip.whole) text += " (" + bytes_text(packet.size()) + " of it)";
  if (packet.size() > ip.total_length) {
    text += " (" + bytes_text(packet.size() - ip.total_length) + " of padding)";
  }
  if (!payload_checksum_valid(ip)) text += " (bad payload checksum)";
  return text;
}

}  // namespace

std::string describe(Bytes packet) {
  const auto ip = decode(packet);
  if (!ip) return "no IPv4 header: " + bytes_text(packet.size());
  return address_text(ip->src) + " > " + address_text(ip->dst) + " ttl " + std::to_string(ip->ttl) +
         " id " + std::to_string(ip->id) + describe_flags(*ip) + " len " +
         std::to_string(ip->total_length) + ": " + describe_payload(*ip, packet) +
         describe_faults(*ip, packet);
}

std::string hex_dump(Bytes bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i % 16 == 0) text += (i == 0 ? "" : "\n") + hex(i, 4) + ":";
    text += " " + hex(byte_at(bytes, i), 2);
  }
  return text;
}

}  // namespace hop::testing
