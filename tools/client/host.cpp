#include "tools/client/host.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "tools/config/load.hpp"
#include "tools/config/suggest.hpp"

namespace hop {

namespace {

std::vector<std::string_view> node_names(const Topology& topology) {
  std::vector<std::string_view> names;
  for (const NodeSpec& node : topology.nodes) names.push_back(node.name);
  return names;
}

/// The node beside the first TUN, else the first one.
std::string default_node(const Topology& topology) {
  const auto is_node = [&](const EndpointSpec& end) {
    return std::ranges::count(topology.nodes, end.name, &NodeSpec::name) > 0;
  };
  for (const LinkSpec& link : topology.links) {
    const bool has_tun =
        !topology.tuns.empty() &&
        std::ranges::count(link.endpoints, topology.tuns.front().name, &EndpointSpec::name) > 0;
    const auto node = std::ranges::find_if(link.endpoints, is_node);
    if (has_tun && node != link.endpoints.end()) return node->name;
  }
  return topology.nodes.front().name;
}

std::size_t node_named(const Topology& topology, const std::string& asked) {
  if (topology.nodes.empty()) throw Failure(kUsageError, "the topology has no node to run on");
  const std::string name = asked.empty() ? default_node(topology) : asked;
  const auto at = std::ranges::find(topology.nodes, name, &NodeSpec::name);
  if (at == topology.nodes.end()) {
    throw Failure(kUsageError, fmt::format("--from {}: no node of the topology has this name{}",
                                           name, did_you_mean(name, node_names(topology))));
  }
  return static_cast<std::size_t>(at - topology.nodes.begin());
}

const EndpointSpec* find_endpoint(const Topology& topology, const auto& matches) {
  for (const LinkSpec& link : topology.links) {
    const auto at = std::ranges::find_if(link.endpoints, matches);
    if (at != link.endpoints.end()) return &*at;
  }
  return nullptr;
}

const TunSpec* find_tun(const Topology& topology, Ipv4Address address) {
  const auto has_it = [&](const TunSpec& tun) { return tun.address.address == address; };
  const auto tun = std::ranges::find_if(topology.tuns, has_it);
  return tun == topology.tuns.end() ? nullptr : &*tun;
}

}  // namespace

ClientHost::ClientHost(const ClientOptions& options)
    : topology_(load_topology(options.file)),
      numeric_(options.numeric),
      node_(node_named(topology_, options.from)),
      interrupts_(io_, SIGINT, SIGTERM) {
  interrupts_.async_wait([this](const auto& error, int) { interrupted_ = !error; });
  if (options.live) {
    SessionOptions session;
    session.file = options.file;
    session.tun_device = options.tun_device;
    session_.emplace(io_, topology_, session, ReadyFd{-1}, Namespaces{});
  } else {
    virtual_.emplace(topology_);
  }
  network().add_loopback(node_);
  if (!options.capture.empty()) capture_to(options.capture);
}

void ClientHost::capture_to(const std::string& path) {
  if (path == "-") {
    throw Failure(kUsageError, "--capture -: standard output is for the answers; name a file");
  }
  capture_.emplace(path);
  network().watch(node_, [this](Instant at, Bytes packet) { capture_->write(at, packet); });
}

Ipv4Address ClientHost::resolve(const std::string& text) const {
  if (const auto address = Ipv4Address::parse(text)) return *address;
  const auto* const endpoint =
      find_endpoint(topology_, [&](const EndpointSpec& end) { return end.name == text; });
  if (endpoint == nullptr) {
    throw Failure(kUsageError,
                  fmt::format("{}: neither an IPv4 address nor a node of the topology{}", text,
                              did_you_mean(text, node_names(topology_))));
  }
  return endpoint->address->address;
}

std::string_view ClientHost::name_of(Ipv4Address address) const {
  const auto* const endpoint = find_endpoint(topology_, [&](const EndpointSpec& end) {
    return end.address->address == address ||
           std::ranges::count(end.secondary, address, &InterfaceAddress::address) > 0;
  });
  if (endpoint != nullptr) return endpoint->name;
  const auto node = std::ranges::find(topology_.nodes, address, &NodeSpec::router_id);
  return node == topology_.nodes.end() ? std::string_view{} : node->name;
}

std::string ClientHost::text_of(Ipv4Address address) const {
  const std::string_view name = numeric_ ? std::string_view{} : name_of(address);
  return name.empty() ? to_string(address) : fmt::format("{} ({})", name, to_string(address));
}

bool ClientHost::is_broadcast(Ipv4Address address) {
  const Route* const route = node().routes().special(address);
  return address.is_limited_broadcast() ||
         (route != nullptr && route->type == RouteType::broadcast);
}

void ClientHost::check_way(Outgoing what, std::string_view option) {
  const auto* const tun = find_tun(topology_, what.destination);
  if (tun != nullptr && !session_) {
    throw Failure(kUsageError, fmt::format("{} is this machine's address on {}, where nobody is in "
                                           "virtual time; add --live",
                                           to_string(what.destination), tun->name));
  }
  what.now = now();
  const auto source = node().source_for(what);
  if (source) return;
  const std::string& name = node().config().name;
  const std::string there = to_string(what.first_hop.value_or(what.destination));
  if (source.error() != SendFault::not_our_address || !what.source) {
    throw Failure(kUsageError, fmt::format("{} has no route to {}", name, there));
  }
  throw Failure(kUsageError, fmt::format("{} {}: not an address that {} may send from to {}; give "
                                         "one of its own, or none",
                                         option, to_string(*what.source), name, there));
}

void ClientHost::run(Application& client, std::span<const EndpointKey> keys,
                     const std::function<bool()>& done) {
  for (const EndpointKey key : keys) node().bind(key, client);
  const auto over = [&] { return done() || interrupted_; };
  network().start(node_, client, now());
  session_ ? run_live(over) : run_virtual(over);
  if (capture_) capture_->flush();
  node().stop(client);
  for (const EndpointKey key : keys) node().unbind(key);
}

// What leaves by a TUN is lost: nobody is there.
void ClientHost::run_virtual(const std::function<bool()>& over) {
  while (!over()) {
    const auto next = network().next_event();
    if (!next) return;
    network().run_until(*next);
    network().departures().clear();
    io_.poll();
  }
}

void ClientHost::run_live(const std::function<bool()>& over) {
  session_->start([this] { interrupted_ = true; });
  while (!over()) io_.run_one();
  if (!session_->finish()) throw Failure(kFailed, "the TUN devices were lost");
}

}  // namespace hop
