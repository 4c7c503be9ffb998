#include "stack/ip/nat_rewrite.hpp"

#include <algorithm>
#include <utility>

#include "stack/base/checksum.hpp"
#include "stack/wire/icmp.hpp"
#include "stack/wire/tcp.hpp"
#include "stack/wire/udp.hpp"

namespace hop {
namespace {

constexpr std::size_t kSourcePort = 0, kDestinationPort = 2, kIdentifier = 4;
constexpr std::size_t kIpv4Checksum = 10, kSourceAddress = 12, kIcmpChecksum = 2;
constexpr std::size_t kLeastQuote = 8;  // behind the header (RFC 792)

DropReason truncated(const Ipv4HeaderView& ip) {
  if (ip.carries(IpProtocol::icmp)) return DropReason::icmp_truncated;
  return ip.carries(IpProtocol::udp) ? DropReason::udp_truncated : DropReason::tcp_truncated;
}

NatTcpFlags tcp_flags_of(Bytes segment) {
  if (segment.size() <= kTcpFlagsOffset) return {};
  const auto has = [flags = byte_at(segment, kTcpFlagsOffset)](TcpFlag flag) {
    return (flags & std::to_underlying(flag)) != 0;
  };
  return {.syn = has(TcpFlag::syn),
          .ack = has(TcpFlag::ack),
          .fin = has(TcpFlag::fin),
          .rst = has(TcpFlag::rst)};
}

/// One of the 16-bit words that a checksum covers, changed. A checksum that the packet is too short
/// for is not there.
struct Checksum {
  MutBytes packet;
  std::size_t at;
  bool zero_is_none = false;  // of UDP

  void adjust(std::uint16_t was, std::uint16_t is) const {
    if (packet.size() < at + 2 || was == is) return;
    const auto old = load_be<std::uint16_t>(packet, at);
    if (zero_is_none && old == 0) return;
    const std::uint16_t adjusted = adjust_checksum(old, was, is);
    store_be<std::uint16_t>(packet, at, zero_is_none && adjusted == 0 ? 0xffff : adjusted);
  }
};

/// A packet, or a quote of the first bytes of one, with what has to follow its changes.
class Editor {
 public:
  Editor(MutBytes packet, const Ipv4HeaderView& ip, bool keeps_checksums)
      : packet_(packet),
        payload_(ip.header_length()),
        protocol_(static_cast<IpProtocol>(ip.protocol())),
        keeps_checksums_(keeps_checksums) {}

  void set_source(const NatEnd& end) const {
    set_address(kSourceAddress, end.address);
    if (end.number) set_number(kSourcePort, *end.number);
  }
  void set_destination(const NatEnd& end) const {
    set_address(kDestinationOffset, end.address);
    if (end.number) set_number(kDestinationPort, *end.number);
  }

 private:
  void set_address(std::size_t at, Ipv4Address address) const {
    set_word(at, static_cast<std::uint16_t>(address.value >> 16U), true);
    set_word(at + 2, static_cast<std::uint16_t>(address.value & 0xffffU), true);
  }
  void set_number(std::size_t port, std::uint16_t number) const {
    const bool is_icmp = protocol_ == IpProtocol::icmp;
    if (!is_icmp && protocol_ != IpProtocol::udp && protocol_ != IpProtocol::tcp) return;
    set_word(payload_ + (is_icmp ? kIdentifier : port), number, false);
  }
  // The checksums of UDP and TCP cover the addresses as well, by their pseudo header.
  void set_word(std::size_t at, std::uint16_t word, bool in_header) const {
    const auto was = load_be<std::uint16_t>(packet_, at);
    store_be<std::uint16_t>(packet_, at, word);
    if (keeps_checksums_) return;
    if (in_header) Checksum{packet_, kIpv4Checksum}.adjust(was, word);
    if (protocol_ == IpProtocol::udp)
      Checksum{packet_, payload_ + kUdpChecksumOffset, true}.adjust(was, word);
    if (protocol_ == IpProtocol::tcp)
      Checksum{packet_, payload_ + kTcpChecksumOffset}.adjust(was, word);
    if (protocol_ == IpProtocol::icmp && !in_header) {
      Checksum{packet_, payload_ + kIcmpChecksum}.adjust(was, word);
      mend_zeros(packet_.subspan(payload_));
    }
  }
  // The checksum of an echo reply that is all zeros is 0xffff, which an update cannot tell from 0.
  static void mend_zeros(MutBytes message) {
    if (!std::ranges::all_of(message, [](std::byte byte) { return byte == std::byte{0}; })) return;
    if (message.size() >= kIcmpHeader) store_be<std::uint16_t>(message, kIcmpChecksum, 0xffff);
  }

  MutBytes packet_;
  std::size_t payload_;
  IpProtocol protocol_;
  bool keeps_checksums_;
};

void translate_quote(MutBytes error, const Translation& translation, NatErrors errors) {
  const MutBytes quote = error.subspan(kIcmpHeader);
  const auto quoted = Ipv4HeaderView::parse(quote);
  if (!quoted || errors == NatErrors::outer_only) return;
  const Editor editor{quote, *quoted, errors == NatErrors::stale_checksums};
  if (translation.quoted_source) editor.set_source(*translation.quoted_source);
  if (translation.quoted_destination) editor.set_destination(*translation.quoted_destination);
  store_be<std::uint16_t>(error, kIcmpChecksum, 0);
  store_be<std::uint16_t>(error, kIcmpChecksum, internet_checksum(error));
}

}  // namespace

NatKey NatFlow::from_source() const {
  const bool is_icmp = protocol == std::to_underlying(IpProtocol::icmp);
  return {protocol, source, is_icmp ? NatEndpoint{destination.address} : destination};
}

NatKey NatFlow::from_destination() const {
  const bool is_icmp = protocol == std::to_underlying(IpProtocol::icmp);
  return {protocol, destination, is_icmp ? NatEndpoint{source.address} : source};
}

std::expected<NatFlow, DropReason> flow_of(const Ipv4HeaderView& ip) {
  NatFlow flow{.protocol = ip.protocol(),
               .source = {.address = ip.source()},
               .destination = {.address = ip.destination()}};
  const bool is_icmp = ip.carries(IpProtocol::icmp);
  const bool is_tcp = ip.carries(IpProtocol::tcp);
  if (!is_icmp && !is_tcp && !ip.carries(IpProtocol::udp)) return flow;
  const Bytes payload = ip.payload();
  if (payload.size() < kLeastQuote) return std::unexpected(truncated(ip));
  const auto type = static_cast<IcmpType>(byte_at(payload, 0));
  if (is_icmp && !is_query(type) && !is_reply(type)) return flow;
  flow.source.number = load_be<std::uint16_t>(payload, is_icmp ? kIdentifier : kSourcePort);
  flow.destination.number =
      load_be<std::uint16_t>(payload, is_icmp ? kIdentifier : kDestinationPort);
  if (is_tcp) flow.tcp = tcp_flags_of(payload);
  return flow;
}

void translate(MutBytes packet, const Translation& translation, NatErrors errors) {
  const auto ip = Ipv4HeaderView::parse(packet);
  if (!ip) return;
  const Editor editor{packet, *ip, false};
  if (translation.source) editor.set_source(*translation.source);
  if (translation.destination) editor.set_destination(*translation.destination);
  if (translation.of_error()) {
    translate_quote(packet.subspan(ip->header_length()), translation, errors);
  }
}

}  // namespace hop
