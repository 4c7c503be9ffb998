// Packets in words.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tools/conform/packet.hpp"

namespace hop::conform {

namespace {

struct TypeName {
  unsigned type;
  const char* name;
};

constexpr TypeName kTypes[] = {
    {0, "echo reply"},
    {3, "destination unreachable"},
    {4, "source quench"},
    {5, "redirect"},
    {8, "echo request"},
    {9, "router advertisement"},
    {10, "router solicitation"},
    {11, "time exceeded"},
    {12, "parameter problem"},
    {13, "timestamp request"},
    {14, "timestamp reply"},
    {15, "information request"},
    {16, "information reply"},
    {17, "address mask request"},
    {18, "address mask reply"},
    {30, "traceroute"},
    {42, "extended echo request"},
    {43, "extended echo reply"},
};

std::string icmp_name(unsigned type) {
  const auto* const known = std::ranges::find(kTypes, type, &TypeName::type);
  return known == std::end(kTypes) ? fmt::format("type {}", type) : known->name;
}

std::string rest_of_icmp(const Parsed& p) {
  const std::uint32_t rest = p.icmp_rest();
  switch (p.icmp_type()) {
    case 0:
    case 8:
    case 13:
    case 14:
      return fmt::format(" id {:#x} seq {}", rest >> 16U, rest & 0xffffU);
    case 42:
    case 43:
      return fmt::format(" id {:#x} seq {} flags {:#04x}", rest >> 16U, rest >> 8U & 0xffU,
                         rest & 0xffU);
    case 9:
      return fmt::format(", {} addresses, lifetime {}", rest >> 24U, rest & 0xffffU);
    case 3:
      return p.icmp_code() == 4 ? fmt::format(" mtu {}", rest & 0xffffU) : "";
    case 5:
      return fmt::format(" gateway {}", to_string(Address{rest}));
    case 12:
      return fmt::format(" pointer {}", rest >> 24U);
    default:
      return {};
  }
}

std::string describe_icmp(const Parsed& p) {
  std::string text =
      fmt::format("ICMP {}/{} {}", p.icmp_type(), p.icmp_code(), icmp_name(p.icmp_type()));
  text += rest_of_icmp(p);
  if (is_icmp_error(p.icmp_type())) {
    text += fmt::format(", {} bytes quoted", p.icmp_data().size());
  }
  return text;
}

std::string describe_payload(const Parsed& p) {
  if (p.is_icmp()) return describe_icmp(p);
  const bool ports = p.offset == 0 && p.payload.size() >= 8;
  if (ports && p.protocol == kUdp) {
    return fmt::format("UDP {} > {}", u16_at(p.payload, 0), u16_at(p.payload, 2));
  }
  if (ports && p.protocol == kTcp && p.payload.size() >= 20) {
    return fmt::format("TCP {} > {} flags {:#x}", u16_at(p.payload, 0), u16_at(p.payload, 2),
                       unsigned{p.payload[13]});
  }
  return fmt::format("protocol {}", p.protocol);
}

std::string describe_marks(const Parsed& p) {
  std::string text;
  if (p.tos != 0) text += fmt::format(" tos {:#04x}", p.tos);
  if (p.df) text += " DF";
  if (p.is_fragment()) text += fmt::format(" offset {}{}", p.offset, p.mf ? "+" : "");
  if (!p.options.empty()) text += fmt::format(" options {}", hex(p.options));
  return text;
}

}  // namespace

std::string describe(View packet) {
  const auto p = Parsed::of(packet);
  if (!p) {
    const View shown = packet.first(std::min<std::size_t>(packet.size(), 24));
    return fmt::format("{} bytes that are no IPv4 packet: {}", packet.size(), hex(shown));
  }
  return fmt::format("{} > {} {}, ttl {} length {}{}", to_string(p->from), to_string(p->to),
                     describe_payload(*p), p->ttl, packet.size(), describe_marks(*p));
}

}  // namespace hop::conform
