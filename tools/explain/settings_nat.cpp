// What is said of an address translator.

#include <array>

#include "tools/explain/match_text.hpp"
#include "tools/explain/setting_list.hpp"

namespace hop {

namespace {

std::string_view text(NatDependence dependence) {
  static constexpr std::array<std::string_view, 3> kWords{
      "endpoint-independent", "address-dependent", "address-and-port-dependent"};
  return kWords[std::to_underlying(dependence)];
}

std::string_view text(PortAssignment assignment) {
  static constexpr std::array<std::string_view, 3> kWords{"preserving", "sequential", "random"};
  return kWords[std::to_underlying(assignment)];
}

std::string_view text(NatErrors errors) {
  static constexpr std::array<std::string_view, 4> kWords{"translate", "stale-checksums",
                                                          "outer-only", "drop"};
  return kWords[std::to_underlying(errors)];
}

std::string text(const NatForward& forward) {
  const bool is_tcp = forward.protocol == std::to_underlying(IpProtocol::tcp);
  return fmt::format("{{ protocol: {}, port: {}, to: {}:{} }}", is_tcp ? "tcp" : "udp",
                     forward.port, to_string(forward.to.address), forward.to.number);
}

std::string text(const NatPair& pair) {
  return fmt::format("{{ internal: {}, external: {} }}", to_string(pair.internal),
                     to_string(pair.external));
}

void add_timeouts(SettingList& list, const NatTimeouts& timeouts) {
  const NatTimeouts usual;
  list.duration("timeout.udp", timeouts.udp, usual.udp);
  list.duration("timeout.tcp-established", timeouts.tcp_established, usual.tcp_established);
  list.duration("timeout.tcp-transitory", timeouts.tcp_transitory, usual.tcp_transitory);
  list.duration("timeout.icmp", timeouts.icmp, usual.icmp);
}

}  // namespace

Settings settings_of(const NatPolicy& nat) {
  const NatPolicy usual;
  SettingList list;
  list.add("external", list_text(nat.external));
  if (nat.address) list.add("address", to_string(*nat.address));
  list.word("mapping", nat.mapping != usual.mapping, text(nat.mapping));
  list.word("filtering", nat.filtering != usual.filtering, text(nat.filtering));
  list.add_if(nat.ports != usual.ports, "ports", nat.ports, ports_text);
  list.word("port-assignment", nat.assignment != usual.assignment, text(nat.assignment));
  add_timeouts(list, nat.timeouts);
  list.word("errors", nat.errors != usual.errors, text(nat.errors));
  list.flag("hairpinning", nat.hairpinning, usual.hairpinning);
  for (std::size_t i = 0; i < nat.forward.size(); ++i) {
    list.add(fmt::format("forward.{}", i), text(nat.forward[i]));
  }
  for (std::size_t i = 0; i < nat.one_to_one.size(); ++i) {
    list.add(fmt::format("one-to-one.{}", i), text(nat.one_to_one[i]));
  }
  list.number("limit", nat.limit, usual.limit);
  return list.take();
}

}  // namespace hop
