#include "tests/support/super_packet.hpp"

#include <algorithm>

namespace hop::testing {
namespace {

constexpr std::uint8_t kPsh = 0x08, kCwr = 0x80;
constexpr std::size_t kTcpChecksum = 16, kUdpChecksum = 6;

std::uint16_t word(Bytes bytes, std::size_t at) { return load_be<std::uint16_t>(bytes, at); }

// RFC 9293 section 3.1: addresses, protocol and length, as they stand in the packet.
std::uint16_t pseudo_header_sum(Bytes packet) {
  const std::size_t header = (byte_at(packet, 0) & 0x0fU) * std::size_t{4};
  std::uint32_t sum = byte_at(packet, 9);
  sum += static_cast<std::uint32_t>(packet.size() - header);
  for (std::size_t at = 12; at < 20; at += 2) sum += word(packet, at);
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

std::vector<Packet> Sender::plain(Bytes data, std::size_t segment_size) const {
  std::vector<Packet> sent;
  for (std::size_t at = 0; at < data.size(); at += segment_size) {
    const std::size_t size = std::min(segment_size, data.size() - at);
    Tcp next = tcp;
    next.seq += static_cast<std::uint32_t>(at);
    if (at > 0) next.flags &= static_cast<std::uint8_t>(~kCwr);
    if (at + size < data.size()) next.flags &= static_cast<std::uint8_t>(~(kFin | kPsh));
    Ip front = header;
    front.id(static_cast<std::uint16_t>(id + sent.size()));
    const Bytes part = data.subspan(at, size);
    sent.push_back(front / (is_tcp ? testing::tcp(next, part) : udp(sport, dport, part)));
  }
  return sent;
}

Packet Sender::super_packet(Bytes data) const {
  const Packet whole = plain(data, data.size()).front();
  const std::size_t ip_header = (byte_at(whole.bytes(), 0) & 0x0fU) * std::size_t{4};
  const std::size_t at = ip_header + (is_tcp ? kTcpChecksum : kUdpChecksum);
  const std::uint16_t sum = pseudo_header_sum(whole.bytes());
  return patched(patched(whole, at, static_cast<std::uint8_t>(sum >> 8U)), at + 1,
                 static_cast<std::uint8_t>(sum & 0xffU));
}

}  // namespace hop::testing
