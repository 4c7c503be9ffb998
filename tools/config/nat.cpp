// The address translator of a node.

#include <fmt/format.h>

#include <algorithm>

#include "stack/ip/martian.hpp"
#include "tools/config/draft.hpp"
#include "tools/config/match.hpp"
#include "tools/config/units.hpp"

namespace hop {

namespace {

constexpr std::string_view kAddressWords = "a unicast address such as 192.0.2.1";

// One that a packet may come from and go to through a router (RFC 3927 section 7).
std::optional<Ipv4Address> parse_unicast(std::string_view text) {
  const auto address = Ipv4Address::parse(text);
  if (!address || address->is_link_local()) return std::nullopt;
  const bool is_martian = source_fault(*address, MartianRules::linux_like) != DropReason::none;
  return is_martian ? std::nullopt : address;
}

std::optional<std::string> parse_link(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>{text};
}

void read_link(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_scalar(findings, node, "the name of a link", &parse_link, nat.external.emplace_back());
}

void read_external(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  nat.external.clear();
  if (node.is_scalar()) return read_link(findings, node, nat);
  for (const YamlNode& item :
       items_of(findings, node, "a link such as r1-r2, or a list of links")) {
    read_link(findings, item, nat);
  }
}

void read_address(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_scalar(findings, node, kAddressWords, &parse_unicast, nat.address);
}

constexpr Choice<NatDependence> kDependences[] = {
    {"endpoint-independent", NatDependence::endpoint_independent},
    {"address-dependent", NatDependence::address_dependent},
    {"address-and-port-dependent", NatDependence::address_and_port_dependent}};
constexpr std::string_view kDependenceWords =
    "endpoint-independent, address-dependent or address-and-port-dependent";

void read_mapping(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_choice(findings, node, kDependenceWords, kDependences, nat.mapping);
}

void read_filtering(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_choice(findings, node, kDependenceWords, kDependences, nat.filtering);
}

void read_ports(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_scalar(findings, node, kPortWords, &parse_ports, nat.ports);
}

void read_assignment(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  static constexpr Choice<PortAssignment> kWords[] = {{"preserving", PortAssignment::preserving},
                                                      {"sequential", PortAssignment::sequential},
                                                      {"random", PortAssignment::random}};
  read_choice(findings, node, "preserving, sequential or random", kWords, nat.assignment);
}

template <Duration NatTimeouts::* which>
void read_timeout(Findings& findings, const YamlNode& node, NatTimeouts& timeouts) {
  read_scalar(findings, node, kDurationWords, &parse_timeout, timeouts.*which);
}

constexpr Field<NatTimeouts> kTimeoutFields[] = {
    {"udp", read_timeout<&NatTimeouts::udp>},
    {"tcp-established", read_timeout<&NatTimeouts::tcp_established>},
    {"tcp-transitory", read_timeout<&NatTimeouts::tcp_transitory>},
    {"icmp", read_timeout<&NatTimeouts::icmp>},
};

void read_timeouts(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_map(findings, node, "a map such as { udp: 30s }", kTimeoutFields, nat.timeouts);
}

void read_errors(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  static constexpr Choice<NatErrors> kWords[] = {{"translate", NatErrors::translate},
                                                 {"stale-checksums", NatErrors::stale_checksums},
                                                 {"outer-only", NatErrors::outer_only},
                                                 {"drop", NatErrors::drop}};
  read_choice(findings, node, "translate, stale-checksums, outer-only or drop", kWords, nat.errors);
}

void read_hairpinning(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_bool(findings, node, nat.hairpinning);
}

void read_limit(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  read_scalar(findings, node, "a number of sessions from 1 to 1000000",
              &parse_within<std::uint32_t, 1, 1'000'000>, nat.limit);
}

void read_protocol(Findings& findings, const YamlNode& node, NatForward& forward) {
  static constexpr Choice<IpProtocol> kWords[] = {{"tcp", IpProtocol::tcp},
                                                  {"udp", IpProtocol::udp}};
  IpProtocol protocol = IpProtocol::tcp;
  read_choice(findings, node, "tcp or udp", kWords, protocol);
  forward.protocol = static_cast<std::uint8_t>(protocol);
}

void read_port(Findings& findings, const YamlNode& node, NatForward& forward) {
  read_scalar(findings, node, "a port from 1 to 65535", &parse_within<std::uint16_t, 1, 65535>,
              forward.port);
}

/// "192.0.2.1:8080", or the address alone, whose port is then 0.
std::optional<NatEndpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto address = parse_unicast(text.substr(0, colon));
  if (!address) return std::nullopt;
  if (colon == std::string_view::npos) return NatEndpoint{*address};
  const auto port = parse_within<std::uint16_t, 1, 65535>(text.substr(colon + 1));
  return port ? std::optional{NatEndpoint{*address, *port}} : std::nullopt;
}

void read_to(Findings& findings, const YamlNode& node, NatForward& forward) {
  read_scalar(findings, node, "a unicast address, or one with a port such as 10.0.0.2:8080",
              &parse_endpoint, forward.to);
}

constexpr Field<NatForward> kForwardFields[] = {
    {"protocol", read_protocol, Need::required},
    {"port", read_port, Need::required},
    {"to", read_to, Need::required},
};

void read_forward(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  nat.forward.clear();
  constexpr std::string_view kWords = "a port such as { protocol: tcp, port: 80, to: 10.0.0.2 }";
  for (const YamlNode& item : items_of(findings, node, "a list of ports that lead inside")) {
    NatForward forward;
    read_map(findings, item, kWords, kForwardFields, forward);
    if (forward.to.number == 0) forward.to.number = forward.port;
    const auto is_same = [&](const NatForward& other) {
      return other.protocol == forward.protocol && other.port == forward.port;
    };
    if (std::ranges::any_of(nat.forward, is_same)) {
      findings.add(item.place(), fmt::format("port {} is taken already", forward.port));
    }
    // What it answers has to come from the port that was asked, and only one can be told.
    const auto leads_there_too = [&](const NatForward& other) {
      return other.protocol == forward.protocol && other.to == forward.to;
    };
    if (std::ranges::any_of(nat.forward, leads_there_too)) {
      findings.add(item.place(), fmt::format("port {} of {} is taken already", forward.to.number,
                                             to_string(forward.to.address)));
    }
    nat.forward.push_back(forward);
  }
}

void read_internal(Findings& findings, const YamlNode& node, NatPair& pair) {
  read_scalar(findings, node, kAddressWords, &parse_unicast, pair.internal);
}

void read_pair_external(Findings& findings, const YamlNode& node, NatPair& pair) {
  read_scalar(findings, node, kAddressWords, &parse_unicast, pair.external);
}

constexpr Field<NatPair> kPairFields[] = {
    {"internal", read_internal, Need::required},
    {"external", read_pair_external, Need::required},
};

// One that could not be read is no other.
bool is_same(Ipv4Address one, Ipv4Address other) { return one == other && one != Ipv4Address{}; }

void read_one_to_one(Findings& findings, const YamlNode& node, NatPolicy& nat) {
  nat.one_to_one.clear();
  constexpr std::string_view kWords =
      "a pair such as { internal: 10.0.0.2, external: 203.0.113.2 }";
  for (const YamlNode& item : items_of(findings, node, "a list of pairs of addresses")) {
    NatPair pair;
    read_map(findings, item, kWords, kPairFields, pair);
    for (const NatPair& other : nat.one_to_one) {
      if (is_same(other.internal, pair.internal) || is_same(other.external, pair.external)) {
        findings.add(item.place(), "one of these addresses is taken already");
      }
    }
    nat.one_to_one.push_back(pair);
  }
}

constexpr Field<NatPolicy> kNatFields[] = {
    {"external", read_external},
    {"address", read_address},
    {"mapping", read_mapping},
    {"filtering", read_filtering},
    {"ports", read_ports},
    {"port-assignment", read_assignment},
    {"timeout", read_timeouts},
    {"errors", read_errors},
    {"hairpinning", read_hairpinning},
    {"forward", read_forward},
    {"one-to-one", read_one_to_one},
    {"limit", read_limit},
};

}  // namespace

// On top of what there is: a change says only what is different.
void read_nat(Findings& findings, const YamlNode& node, NodeSpec& spec) {
  if (node.is_scalar() && node.scalar() == "off") return spec.nat.reset();
  NatPolicy nat = spec.nat ? *spec.nat : NatPolicy{};
  read_map(findings, node, "off, or a map such as { external: r1-r2 }", kNatFields, nat);
  spec.nat = std::make_shared<const NatPolicy>(std::move(nat));
}

}  // namespace hop
