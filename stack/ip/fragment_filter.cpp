#include "stack/ip/fragment_filter.hpp"

#include "stack/wire/tcp.hpp"

namespace hop {
namespace {

bool holds_tcp_header(Bytes payload) {
  if (payload.size() < kTcpMinHeader) return false;
  return payload.size() >= (byte_at(payload, kTcpHeaderLengthOffset) >> 4U) * std::size_t{4};
}

}  // namespace

bool is_tiny_fragment(const Ipv4HeaderView& packet) {
  if (!packet.carries(IpProtocol::tcp)) return false;
  constexpr std::size_t kOffsetOne = 8;
  if (packet.fragment_offset() == kOffsetOne) return true;
  return packet.fragment_offset() == 0 && !holds_tcp_header(packet.payload());
}

}  // namespace hop
