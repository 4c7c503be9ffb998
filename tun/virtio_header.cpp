#include "tun/virtio_header.hpp"

#include <cstring>

#include "stack/base/checksum.hpp"
#include "stack/ip/segmentation.hpp"
#include "stack/wire/tcp.hpp"
#include "stack/wire/udp.hpp"

namespace hop {
namespace {

// In the byte order of the machine, which is what a TUN has unless it is told otherwise
// (TUNSETVNETLE, TUNSETVNETBE).
struct VirtioHeader {
  std::uint8_t flags = 0;
  std::uint8_t gso_type = 0;
  std::uint16_t header_length = 0;
  std::uint16_t gso_size = 0;
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
};
static_assert(sizeof(VirtioHeader) == kVirtioHeader);

constexpr std::uint8_t kNeedsChecksum = 1;
constexpr std::uint8_t kGsoNone = 0;
constexpr std::uint8_t kGsoTcp4 = 1;
constexpr std::uint8_t kGsoUdp = 5;     // VIRTIO_NET_HDR_GSO_UDP_L4, since Linux 6.2
constexpr std::uint8_t kGsoEcn = 0x80;  // a bit beside the type

bool is_tcp(const Ipv4HeaderView& ip) { return ip.carries(IpProtocol::tcp); }

VirtioHeader expected(const Ipv4HeaderView& ip) {
  return {.flags = kNeedsChecksum,
          .gso_type = is_tcp(ip) ? kGsoTcp4 : kGsoUdp,
          .checksum_start = static_cast<std::uint16_t>(ip.header_length()),
          .checksum_offset = is_tcp(ip) ? kTcpChecksumOffset : kUdpChecksumOffset};
}

std::uint8_t type_of(const VirtioHeader& header) {
  return static_cast<std::uint8_t>(header.gso_type & ~kGsoEcn);
}

// As the packet itself has it? Then it can be told from the packet again.
bool agrees(const VirtioHeader& header, const Ipv4HeaderView& ip) {
  const VirtioHeader known = expected(ip);
  const std::uint8_t type = type_of(header);
  return header.checksum_start == known.checksum_start &&
         header.checksum_offset == known.checksum_offset &&
         (type == kGsoNone || (type == known.gso_type && header.gso_size > 0));
}

bool note(const VirtioHeader& header, Packet& packet) {
  const auto ip = Ipv4HeaderView::parse(std::as_const(packet).bytes());
  if (!ip || !agrees(header, *ip)) return false;
  return note_offload(packet, type_of(header) == kGsoNone ? 0 : header.gso_size);
}

// Of a protocol that we know nothing of, or of another version of IP.
void complete(const VirtioHeader& header, MutBytes packet) {
  const std::size_t at = std::size_t{header.checksum_start} + header.checksum_offset;
  if (at + sizeof(std::uint16_t) > packet.size()) return;
  const std::uint16_t checksum = internet_checksum(packet.subspan(header.checksum_start));
  // RFC 768: in UDP 0 means that there is none; for all others all ones say the same as 0.
  store_be<std::uint16_t>(packet, at, checksum == 0 ? 0xffff : checksum);
}

bool has_cwr(const Ipv4HeaderView& ip) {
  return (byte_at(ip.payload(), kTcpFlagsOffset) & tcp_flags(TcpFlag::cwr)) != 0;
}

VirtioHeader header_for(const Packet& packet) {
  const auto ip = Ipv4HeaderView::parse(packet.bytes());
  if (!packet.has_offload() || !ip) return {};
  const Packet::Offload offload = packet.offload();
  VirtioHeader header = expected(*ip);
  header.header_length = offload.headers;
  if (offload.packets == 1) {
    header.gso_type = kGsoNone;
  } else {
    header.gso_size = offload.segment_size;
    if (is_tcp(*ip) && has_cwr(*ip)) header.gso_type |= kGsoEcn;
  }
  return header;
}

}  // namespace

void take_virtio_header(Packet& packet) {
  if (packet.size() < kVirtioHeader) return packet.resize(0);
  VirtioHeader header;
  std::memcpy(&header, packet.bytes().data(), sizeof header);
  packet.trim_front(kVirtioHeader);
  if ((header.flags & kNeedsChecksum) == 0 || note(header, packet)) return;
  complete(header, packet.bytes());
}

void put_virtio_header(Packet& packet) {
  const VirtioHeader header = header_for(packet);
  std::memcpy(packet.prepend(kVirtioHeader).data(), &header, sizeof header);
}

}  // namespace hop
