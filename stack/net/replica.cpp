#include "stack/net/replica.hpp"

#include <algorithm>
#include <ranges>
#include <string_view>
#include <variant>

namespace hop {
namespace {

// What makes the fate of a packet depend on others that were sent by the same end. A limit of the
// queue does not without a rate: a packet leaves as it comes.
std::string_view shared_by(const DirectionSpec& sends) {
  const ImpairmentSpec& impairment = sends.impairment;
  if (sends.rate > 0) return "a rate";
  if (!impairment.drop.empty()) return "rules that drop packets";
  if (impairment.loss != LossModel{}) return "loss";
  if (impairment.jitter > Duration{0}) return "jitter";
  const bool is_impaired = impairment != ImpairmentSpec{};
  return is_impaired ? "duplicate, corrupt or reorder" : std::string_view{};
}

// A limit that somebody asked for is one of the whole node. That of 1000/s which nodes have anyway
// keeps them from being abused, and does so as well at a multiple.
bool has_limit_of_its_own(const IcmpPolicy& icmp) {
  const IcmpPolicy usual;
  const bool is_usual = icmp.rate == usual.rate && icmp.burst == usual.burst;
  const auto is_limit = [](const ClassLimit& limit) {
    return limit.rate != IcmpPolicy::kUnlimited;
  };
  const bool answers_extended_echo = icmp.answers[std::to_underlying(IcmpType::extended_echo)];
  return (icmp.rate != IcmpPolicy::kUnlimited && !is_usual) ||
         icmp.peer_rate != IcmpPolicy::kUnlimited || icmp.redirect_backoff ||
         std::ranges::any_of(icmp.class_limits, is_limit) ||
         (answers_extended_echo && icmp.extended_echo.rate != IcmpPolicy::kUnlimited);
}

std::string_view shared_by(const NodeSpec& node) {
  if (node.nat) return "address translation";
  if (node.balance.by == Balance::packet) return "balancing by packet";
  if (node.icmp.slow_path.jitter > Duration{0}) return "jitter";
  return has_limit_of_its_own(node.icmp) ? "limits of ICMP messages" : std::string_view{};
}

// Every replica would advertise itself, and the answers come to one.
bool discovers(const Topology& topology) {
  const auto is_on = [](const EndpointSpec& end) { return end.discovery && end.discovery->on; };
  return std::ranges::any_of(topology.nodes,
                             [](const NodeSpec& node) { return node.discovery.on; }) ||
         std::ranges::any_of(topology.links, [&](const LinkSpec& link) {
           return std::ranges::any_of(link.endpoints, is_on);
         });
}

// A host pings its gateways while there is another (RFC 1122 section 3.3.1.4).
bool watches_gateways(const Topology& topology, const NodeSpec& node) {
  const auto leads_to_gateway = [&](const RouteSpec& route) {
    return route.node == node.name && route.type == RouteType::via && route.to.length() == 0;
  };
  return node.kind == NodeKind::host &&
         std::ranges::count_if(topology.routes, leads_to_gateway) > 1;
}

std::optional<std::string> shared_on_link(const LinkSpec& link) {
  for (const EndpointSpec& end : link.endpoints) {
    const std::string_view what = shared_by(link.sent_by(end));
    if (!what.empty()) return "link " + link_name(link) + " has " + std::string{what};
  }
  return std::nullopt;
}

std::optional<std::string> shared_at_node(const Topology& topology, const NodeSpec& node) {
  const std::string_view what = shared_by(node);
  if (!what.empty()) return "node " + node.name + " has " + std::string{what};
  if (watches_gateways(topology, node)) return "node " + node.name + " has several gateways";
  return std::nullopt;
}

std::optional<std::string> shared_after(const LinkChange& change, Topology& topology) {
  apply(change, topology);
  return shared_on_link(topology.links[change.link]);
}

std::optional<std::string> shared_after(const NodeChange& change, Topology& topology) {
  apply(change, topology);
  return shared_at_node(topology, topology.nodes[change.node]);
}

}  // namespace

std::optional<std::string> shared_between_flows(const Topology& resolved) {
  for (const LinkSpec& link : resolved.links) {
    if (auto shared = shared_on_link(link)) return shared;
  }
  for (const NodeSpec& node : resolved.nodes) {
    if (auto shared = shared_at_node(resolved, node)) return shared;
  }
  if (discovers(resolved)) return "it has router discovery";
  Topology later = resolved;
  for (const TimedChange& timed : resolved.timeline) {
    if (auto shared = shared_between_flows(timed.change, later)) return shared;
  }
  return std::nullopt;
}

std::optional<std::string> shared_between_flows(const Change& change, Topology& topology) {
  return std::visit([&](const auto& one) { return shared_after(one, topology); }, change.of);
}

}  // namespace hop
