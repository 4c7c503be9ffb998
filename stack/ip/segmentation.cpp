#include "stack/ip/segmentation.hpp"

#include <algorithm>

#include "stack/base/checksum.hpp"
#include "stack/wire/tcp.hpp"
#include "stack/wire/udp.hpp"

namespace hop {
namespace {

constexpr std::size_t kIdAt = 4;

bool is_tcp(Bytes datagram) {
  return byte_at(datagram, 9) == static_cast<std::uint8_t>(IpProtocol::tcp);
}

std::size_t ip_header(Bytes datagram) { return (byte_at(datagram, 0) & 0x0fU) * std::size_t{4}; }

// Of IP and what it carries; 0 if they are not all there, or it is something else.
std::size_t headers_of(const Ipv4HeaderView& ip) {
  const Bytes segment = ip.payload();
  if (ip.carries(IpProtocol::udp)) {
    return segment.size() < kUdpHeader ? 0 : ip.header_length() + kUdpHeader;
  }
  if (!ip.carries(IpProtocol::tcp) || segment.size() < kTcpMinHeader) return 0;
  const std::size_t tcp = (byte_at(segment, kTcpHeaderLengthOffset) >> 4U) * std::size_t{4};
  return tcp < kTcpMinHeader || tcp > segment.size() ? 0 : ip.header_length() + tcp;
}

void write_tcp_fields(MutBytes tcp, std::size_t data_before, bool is_first, bool is_last) {
  const auto before = static_cast<std::uint32_t>(data_before);
  store_be(tcp, kTcpSequenceOffset, load_be<std::uint32_t>(tcp, kTcpSequenceOffset) + before);
  const unsigned not_here = (is_first ? 0U : tcp_flags(TcpFlag::cwr)) |
                            (is_last ? 0U : tcp_flags(TcpFlag::fin, TcpFlag::psh));
  store_be(tcp, kTcpFlagsOffset,
           static_cast<std::uint8_t>(byte_at(tcp, kTcpFlagsOffset) & ~not_here));
}

// The length is part of the pseudo header, whose sum stands in the field.
void adjust_length(MutBytes segment, std::size_t at, std::size_t was) {
  const auto sum = static_cast<std::uint16_t>(~load_be<std::uint16_t>(segment, at));
  const std::uint16_t adjusted = adjust_checksum(sum, static_cast<std::uint16_t>(was),
                                                 static_cast<std::uint16_t>(segment.size()));
  store_be(segment, at, static_cast<std::uint16_t>(~adjusted));
}

// Of a TCP segment or UDP datagram in whose field the sum of the pseudo header stands.
void complete(MutBytes segment, std::size_t at, bool is_udp) {
  const std::uint16_t checksum = internet_checksum(segment);
  // RFC 768: a computed 0 is sent as all ones, because 0 means that there is none.
  store_be<std::uint16_t>(segment, at, is_udp && checksum == 0 ? 0xffff : checksum);
}

// More than any sender makes of a datagram: each takes a buffer.
constexpr std::size_t kMostSegments = 2048;

}  // namespace

bool note_offload(Packet& packet, std::size_t segment_size) {
  const auto ip = Ipv4HeaderView::parse(std::as_const(packet).bytes());
  if (!ip || ip->is_fragment() || ip->total_length() != packet.size()) return false;
  if (!has_right_checksum(ip->header())) return false;  // cutting would mend it
  const std::size_t headers = headers_of(*ip);
  if (headers == 0) return false;
  const std::size_t data = packet.size() - headers;
  const bool is_whole = segment_size == 0 || segment_size >= data;
  const std::size_t size = is_whole ? data : segment_size;
  const std::size_t packets = is_whole ? 1 : (data + size - 1) / size;
  if (packets > kMostSegments) return false;
  packet.set_offload({.headers = static_cast<std::uint16_t>(headers),
                      .segment_size = static_cast<std::uint16_t>(size),
                      .packets = static_cast<std::uint16_t>(packets)});
  return true;
}

std::optional<Packet> Segmenter::next() {
  const Packet::Offload offload = super_packet_.offload();
  if (made_ == offload.packets) return std::nullopt;
  const std::size_t done = std::size_t{made_} * offload.segment_size;
  const std::size_t left = super_packet_.size() - offload.headers - done;
  Packet segment = make(done, std::min<std::size_t>(left, offload.segment_size));
  ++made_;
  return segment;
}

// The one with `size` bytes of the data, behind `done` others.
Packet Segmenter::make(std::size_t done, std::size_t size) const {
  const Bytes from = super_packet_.bytes();
  const Packet::Offload offload = super_packet_.offload();
  Packet packet = pool_.acquire(offload.headers + size);
  const MutBytes bytes = packet.bytes();
  copy_bytes(from.first(offload.headers), bytes);
  copy_bytes(from.subspan(offload.headers + done, size), bytes.subspan(offload.headers));
  store_be(bytes, kTotalLengthOffset, static_cast<std::uint16_t>(bytes.size()));
  store_be(bytes, kIdAt, static_cast<std::uint16_t>(load_be<std::uint16_t>(from, kIdAt) + made_));
  refresh_header_checksum(bytes);

  const std::size_t header = ip_header(from);
  const MutBytes segment = bytes.subspan(header);
  const bool tcp = is_tcp(from);
  const std::size_t checksum_at = tcp ? kTcpChecksumOffset : kUdpChecksumOffset;
  if (tcp) {
    write_tcp_fields(segment, done, made_ == 0, made_ + 1 == offload.packets);
  } else {
    store_be(segment, kUdpLengthOffset, static_cast<std::uint16_t>(segment.size()));
  }
  adjust_length(segment, checksum_at, from.size() - header);
  complete(segment, checksum_at, !tcp);
  return packet;
}

void complete_checksum(Packet& packet) noexcept {
  if (!packet.has_offload()) return;
  const MutBytes segment = packet.bytes().subspan(ip_header(packet.bytes()));
  const bool tcp = is_tcp(packet.bytes());
  complete(segment, tcp ? kTcpChecksumOffset : kUdpChecksumOffset, !tcp);
  packet.clear_offload();
}

}  // namespace hop
