#include "tools/conform/packet.hpp"

#include <utility>

namespace hop::conform {

namespace {

constexpr unsigned kReserved = 0x8000, kDf = 0x4000, kMf = 0x2000;

template <typename Change>
Datagram changed(Datagram copy, Change change) {
  change(copy);
  return copy;
}

std::uint8_t low(unsigned value) { return static_cast<std::uint8_t>(value); }

}  // namespace

Datagram::Datagram(Address from, Address to, std::uint8_t protocol, Octets payload)
    : from_(from), to_(to), protocol_(protocol), payload_(std::move(payload)) {}

Datagram Datagram::from(Address address) const {
  return changed(*this, [&](Datagram& d) { d.from_ = address; });
}
Datagram Datagram::to(Address address) const {
  return changed(*this, [&](Datagram& d) { d.to_ = address; });
}
Datagram Datagram::protocol(unsigned number) const {
  return changed(*this, [&](Datagram& d) { d.protocol_ = low(number); });
}
Datagram Datagram::payload(Octets data) const {
  return changed(*this, [&](Datagram& d) { d.payload_ = std::move(data); });
}
Datagram Datagram::ttl(unsigned value) const {
  return changed(*this, [&](Datagram& d) { d.ttl_ = value; });
}
Datagram Datagram::tos(unsigned value) const {
  return changed(*this, [&](Datagram& d) { d.tos_ = value; });
}
Datagram Datagram::id(unsigned value) const {
  return changed(*this, [&](Datagram& d) { d.id_ = value; });
}
Datagram Datagram::df() const {
  return changed(*this, [](Datagram& d) { d.flags_and_offset_ |= kDf; });
}
Datagram Datagram::reserved() const {
  return changed(*this, [](Datagram& d) { d.flags_and_offset_ |= kReserved; });
}
Datagram Datagram::fragment(std::size_t offset, bool more) const {
  return changed(*this, [&](Datagram& d) {
    d.flags_and_offset_ |= static_cast<unsigned>(offset / 8) | (more ? kMf : 0U);
  });
}
Datagram Datagram::options(Octets bytes) const {
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return changed(*this, [&](Datagram& d) { d.options_ = std::move(bytes); });
}
Datagram Datagram::version(unsigned value) const {
  return changed(*this, [&](Datagram& d) { d.version_ = value; });
}
Datagram Datagram::ihl(unsigned words) const {
  return changed(*this, [&](Datagram& d) { d.ihl_ = words; });
}
Datagram Datagram::total_length(unsigned value) const {
  return changed(*this, [&](Datagram& d) { d.total_length_ = value; });
}
Datagram Datagram::checksum_off(unsigned flip) const {
  return changed(*this, [&](Datagram& d) { d.checksum_flip_ = flip; });
}
Datagram Datagram::checksum_is(unsigned value) const {
  return changed(*this, [&](Datagram& d) { d.checksum_ = value; });
}

Octets Datagram::bytes() const {
  const std::size_t header = 20 + options_.size();
  Octets packet(20);
  packet[0] = low(version_ << 4U | ihl_.value_or(static_cast<unsigned>(header / 4)));
  packet[1] = low(tos_);
  put_u16(packet, 2, total_length_.value_or(static_cast<unsigned>(header + payload_.size())));
  put_u16(packet, 4, id_);
  put_u16(packet, 6, flags_and_offset_);
  packet[8] = low(ttl_);
  packet[9] = protocol_;
  put_u32(packet, 12, from_.value);
  put_u32(packet, 16, to_.value);
  append(packet, options_);
  const unsigned right = checksum(packet);
  put_u16(packet, 10, checksum_.value_or(right ^ checksum_flip_));
  append(packet, payload_);
  return packet;
}

Octets icmp(unsigned type, unsigned code, std::uint32_t rest, View data) {
  Octets message(8);
  message[0] = low(type);
  message[1] = low(code);
  put_u32(message, 4, rest);
  append(message, data);
  put_u16(message, 2, checksum(message));
  return message;
}

Octets with_bad_icmp_checksum(Octets message) {
  message[2] ^= 0x10;
  return message;
}

std::uint16_t transport_checksum(Address from, Address to, std::uint8_t protocol, View segment) {
  Octets pseudo(12);
  put_u32(pseudo, 0, from.value);
  put_u32(pseudo, 4, to.value);
  pseudo[9] = protocol;
  put_u16(pseudo, 10, static_cast<unsigned>(segment.size()));
  append(pseudo, segment);
  return checksum(pseudo);
}

Octets udp(Address from, Address to, unsigned source_port, unsigned port, View data) {
  Octets datagram(8);
  put_u16(datagram, 0, source_port);
  put_u16(datagram, 2, port);
  put_u16(datagram, 4, static_cast<unsigned>(8 + data.size()));
  append(datagram, data);
  const unsigned sum = transport_checksum(from, to, kUdp, datagram);
  put_u16(datagram, 6, sum == 0 ? 0xffff : sum);  // RFC 768: 0 means none
  return datagram;
}

// NOLINTNEXTLINE(readability-function-size): the fields of the header
Octets tcp(Address from, Address to, unsigned source_port, unsigned port, unsigned flags,
           std::uint32_t sequence, std::uint32_t acknowledgment, View data) {
  Octets segment(20);
  put_u16(segment, 0, source_port);
  put_u16(segment, 2, port);
  put_u32(segment, 4, sequence);
  put_u32(segment, 8, acknowledgment);
  segment[12] = 5U << 4U;
  segment[13] = low(flags);
  put_u16(segment, 14, 1024);
  append(segment, data);
  put_u16(segment, 16, transport_checksum(from, to, kTcp, segment));
  return segment;
}

Octets with_right_checksum(Octets packet) {
  put_u16(packet, 10, 0);
  put_u16(packet, 10, checksum(View(packet).first(std::size_t{packet[0] & 15U} * 4)));
  return packet;
}

std::optional<Parsed> Parsed::of(View packet) {
  if (packet.size() < 20 || packet[0] >> 4U != 4) return {};
  const std::size_t header = std::size_t{packet[0] & 15U} * 4;
  if (header < 20 || header > packet.size()) return {};
  const unsigned flags = u16_at(packet, 6);
  return Parsed{.bytes = packet,
                .options = packet.subspan(20, header - 20),
                .payload = packet.subspan(header),
                .tos = packet[1],
                .total_length = u16_at(packet, 2),
                .id = u16_at(packet, 4),
                .ttl = packet[8],
                .protocol = packet[9],
                .header = header,
                .offset = std::size_t{flags & 0x1fffU} * 8,
                .reserved = (flags & kReserved) != 0,
                .df = (flags & kDf) != 0,
                .mf = (flags & kMf) != 0,
                .from = {u32_at(packet, 12)},
                .to = {u32_at(packet, 16)}};
}

std::string fault_of(View packet) {
  const auto p = Parsed::of(packet);
  if (!p) return "no whole IPv4 header";
  if (p->total_length != packet.size()) return "the total length is not that of the packet";
  if (checksum(packet.first(p->header)) != 0) return "the header checksum is wrong";
  if (p->ttl == 0) return "TTL 0 was sent";
  return {};
}

bool is_icmp_error(unsigned type) {
  return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

}  // namespace hop::conform
