#include "tun/conflict.hpp"

#include <fmt/format.h>

namespace hop {
namespace {

bool collide(const Prefix& a, const Prefix& b) {
  if (a.length() == 0 || b.length() == 0) return a == b;
  return a.overlaps(b);
}

std::string relation(const Prefix& wanted, const Prefix& other) {
  if (wanted == other) return "the same prefix";
  return (wanted.contains(other) ? "it covers " : "it is part of ") + to_string(other) + ", which";
}

}  // namespace

std::optional<Conflict> find_conflict(const Prefix& wanted, int own_link,
                                      std::span<const AddressEntry> addresses,
                                      std::span<const RouteEntry> routes) {
  for (const auto& [link, address] : addresses) {
    if (link == own_link || !collide(wanted, address.subnet())) continue;
    return Conflict{link, fmt::format("{} is the subnet of this machine's address {} on",
                                      relation(wanted, address.subnet()), to_string(address))};
  }
  for (const auto& [link, to] : routes) {
    if (link == own_link || !collide(wanted, to)) continue;
    return Conflict{link, relation(wanted, to) + " is routed to"};
  }
  return std::nullopt;
}

}  // namespace hop
