// What can be different while a node runs: its configuration, and which of its interfaces are up.

#include <algorithm>
#include <functional>
#include <utility>

#include "stack/node/node.hpp"

namespace hop {

void Node::reconfigure(NodeConfig config) {
  const bool new_limits = config.icmp != config_.icmp;
  config_ = std::move(config);
  if (new_limits) limiter_ = IcmpLimiter(config_.icmp, random_.split(1).next());
  if (config_.balance.seed) balance_seed_ = *config_.balance.seed;
  reassembler_.change(config_.reassembly());
  build_slow_path();
  adopt_config();
}

// What the walk of a packet asks at once instead of looking for it each time.
void Node::adopt_config() {
  const bool partly = std::ranges::any_of(interfaces_, std::logical_not{}, &Interface::forwards);
  adopt_nat();
  inspects_all_ = config_.inspects_all();
  refuses_transit_ = partly || config_.kind == NodeKind::host;
  screens_ = partly || !config_.filter.empty() || config_.precedence_cutoff > 0 || nat_;
  only_decrements_ttl_ = config_.decrements_ttl && !nat_;
  find_fast_paths();
}

void Node::reset_routes() {
  routes_to_change().clear();
  if (gateways_) gateways_->defaults.forget_configured();
  add_router_id();
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    add_own_routes(static_cast<InterfaceIndex>(i));
  }
}

void Node::add_router_id() {
  if (!config_.router_id) return;
  routes_to_change().add({.to = {*config_.router_id, 32}, .type = RouteType::local});
}

// RFC 1122 section 3.2.1.3 (g): all of 127.0.0.0/8 is the node itself.
void Node::add_own_routes(InterfaceIndex index) {
  const Interface& interface = interfaces_[index];
  if (index == loopback_) {
    routes_to_change().add(
        {.to = interface.address.subnet(), .type = RouteType::local, .out = index});
    return;
  }
  add_address(interface.address, index);
  for (const InterfaceAddress& address : interface.secondary) add_address(address, index);
}

// An address stays the node's own while its link is down, but leads nowhere.
void Node::add_address(const InterfaceAddress& address, InterfaceIndex index) {
  const Prefix subnet = address.subnet();
  routes_to_change().add({.to = {address.address, 32}, .type = RouteType::local, .out = index});
  if (!interfaces_[index].up) return;
  if (const auto broadcast = subnet.broadcast()) {
    routes_to_change().add({.to = {*broadcast, 32}, .type = RouteType::broadcast, .out = index});
    routes_to_change().add(
        {.to = {subnet.address(), 32}, .type = RouteType::network, .out = index});
  }
  routes_to_change().add({.to = subnet, .type = RouteType::connected, .out = index});
}

}  // namespace hop
