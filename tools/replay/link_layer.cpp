#include "tools/replay/link_layer.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

namespace hop {

namespace {

using Packet = std::expected<Bytes, NoPacket>;

constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::uint32_t kFamilyIpv4 = 2;  // AF_INET has the same value on every system

bool is_vlan_tag(std::uint16_t ether_type) {
  return ether_type == 0x8100 || ether_type == 0x88a8 || ether_type == 0x9100;
}

Packet too_short(std::string_view what) {
  return std::unexpected(
      NoPacket{NoPacket::Kind::unreadable, fmt::format("it is too short for {}", what)});
}

Packet other_protocol(std::string_view field, std::uint32_t value) {
  return std::unexpected(
      NoPacket{NoPacket::Kind::other_protocol, fmt::format("{} {:#06x}, not IPv4", field, value)});
}

/// What is behind an EtherType at `at`, and behind the VLAN tags that follow it.
Packet behind_ether_type(Bytes frame, std::size_t at, std::string_view what) {
  while (frame.size() >= at + 2) {
    const auto type = load_be<std::uint16_t>(frame, at);
    if (type == kEtherTypeIpv4) return frame.subspan(at + 2);
    if (!is_vlan_tag(type)) return other_protocol("EtherType", type);
    at += 4;  // the tag's two bytes, then the next EtherType
  }
  return too_short(what);
}

/// SLL2 has its protocol in front of a header of 20 bytes.
Packet behind_sll2(Bytes frame) {
  constexpr std::size_t kHeader = 20;
  if (frame.size() < kHeader) return too_short("Linux cooked v2");
  const auto protocol = load_be<std::uint16_t>(frame, 0);
  if (protocol != kEtherTypeIpv4) return other_protocol("protocol", protocol);
  return frame.subspan(kHeader);
}

/// The family of DLT_NULL is in the byte order of the machine that captured.
Packet behind_family(Bytes frame) {
  if (frame.size() < 4) return too_short("BSD loopback");
  const auto family = load_be<std::uint32_t>(frame, 0);
  if (family != kFamilyIpv4 && std::byteswap(family) != kFamilyIpv4) {
    return other_protocol("address family", family);
  }
  return frame.subspan(4);
}

Packet unknown_link_type(int type) {
  const char* const known = pcap_datalink_val_to_name(type);
  return std::unexpected(NoPacket{
      NoPacket::Kind::unreadable,
      fmt::format("its link type {} is not supported (raw IP, Ethernet, Linux cooked and loopback "
                  "are)",
                  known != nullptr ? known : std::to_string(type))});
}

}  // namespace

Packet packet_in(int link_type, Bytes frame) {
  constexpr int kLinkTypeRaw = 101;  // as in a file; libpcap gives DLT_RAW for it
  switch (link_type) {
    case DLT_RAW:
    case DLT_IPV4:
    case kLinkTypeRaw:
      return frame;
    case DLT_EN10MB:
      return behind_ether_type(frame, 12, "Ethernet");
    case DLT_LINUX_SLL:
      return behind_ether_type(frame, 14, "Linux cooked");
    case DLT_LINUX_SLL2:
      return behind_sll2(frame);
    case DLT_NULL:
    case DLT_LOOP:
      return behind_family(frame);
    default:
      return unknown_link_type(link_type);
  }
}

}  // namespace hop
