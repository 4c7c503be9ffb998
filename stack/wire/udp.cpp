#include "stack/wire/udp.hpp"

#include "stack/wire/pseudo_header.hpp"

namespace hop {
namespace {

std::uint16_t checksum_of(Bytes segment, Ipv4Address source, Ipv4Address destination) noexcept {
  return pseudo_header_sum(source, destination, IpProtocol::udp, segment.size())
      .add(segment)
      .finish();
}

}  // namespace

Parsed<UdpView> UdpView::parse(Bytes segment, Ipv4Address source,
                               Ipv4Address destination) noexcept {
  if (segment.size() < kUdpHeader) return std::unexpected(DropReason::udp_truncated);
  const std::size_t length = load_be<std::uint16_t>(segment, kUdpLengthOffset);
  if (length < kUdpHeader || length > segment.size()) {
    return std::unexpected(DropReason::udp_bad_length);
  }
  const Bytes datagram = segment.first(length);
  const bool has_checksum = load_be<std::uint16_t>(datagram, kUdpChecksumOffset) != 0;
  if (has_checksum && checksum_of(datagram, source, destination) != 0) {
    return std::unexpected(DropReason::udp_bad_checksum);
  }
  return UdpView{datagram};
}

void write_udp(UdpPorts ports, Ipv4Address source, Ipv4Address destination,
               MutBytes segment) noexcept {
  store_be<std::uint16_t>(segment, 0, ports.source);
  store_be<std::uint16_t>(segment, 2, ports.destination);
  store_be<std::uint16_t>(segment, kUdpLengthOffset, static_cast<std::uint16_t>(segment.size()));
  store_be<std::uint16_t>(segment, kUdpChecksumOffset, 0);
  const std::uint16_t checksum = checksum_of(segment, source, destination);
  // RFC 768: a computed 0 is sent as all ones, because 0 means that there is none.
  store_be<std::uint16_t>(segment, kUdpChecksumOffset, checksum == 0 ? 0xffff : checksum);
}

}  // namespace hop
