// What changes in a network while it runs: by its timeline, or because somebody says so.

#include <algorithm>
#include <utility>

#include "stack/net/nat_rules.hpp"
#include "stack/net/network.hpp"

namespace hop {

void Network::schedule_timeline() {
  for (std::uint32_t i = 0; i < topology_.timeline.size(); ++i) {
    scheduler_.add(now_ + topology_.timeline[i].at, {.kind = Event::Kind::change, .index = i});
  }
}

void Network::make_due_change(std::uint32_t number) {
  const TimedChange& due = topology_.timeline[number];
  if (due.every > Duration::zero()) {
    scheduler_.add(now_ + due.every, {.kind = Event::Kind::change, .index = number});
  }
  make(due.change);
}

void Network::make(const Change& change) {
  std::visit([this](const auto& one) { make(one); }, change.of);
  if (change_observer_) change_observer_(now_, change);
}

void Network::change(const Change& change, Instant now) {
  run_until(now);
  make(change);
}

void Network::make(const LinkChange& change) {
  apply(change, topology_);
  bool other_ways = false;
  for (std::size_t end = 0; end < links_[change.link]->ends.size(); ++end) {
    other_ways |= adopt_direction(change.link, static_cast<LinkAddress>(end));
  }
  if (settle_state(change.link)) {
    relearn_routes(change.link);
    other_ways = true;
  }
  if (other_ways) compute_routes();
}

void Network::make(const NodeChange& change) {
  apply(change, topology_);
  const NodeSpec& spec = topology_.nodes[change.node];
  for (const auto& [link, end] : states_[change.node].interfaces) {
    if (link >= topology_.links.size()) continue;  // the loopback
    interface_of(links_[link]->ends[end]).external = is_external(topology_.links[link], spec);
  }
  nodes_[change.node]->reconfigure(static_cast<const NodeConfig&>(spec));
  bool other_ways = false;
  for (const auto& [link, end] : states_[change.node].interfaces) {
    if (link >= topology_.links.size() || !settle_state(link)) continue;
    relearn_routes(link);
    other_ways = true;
  }
  if (other_ways) compute_routes();
  arm_timer(change.node);
}

// What is under way already stays as it is. Does it have another cost now?
bool Network::adopt_direction(std::uint32_t link, LinkAddress at) {
  const LinkSpec& spec = topology_.links[link];
  const DirectionSpec& sends = spec.sent_by(spec.endpoints[at]);
  LinkEnd& end = links_[link]->ends[at];
  end.change_rate(sends.rate, now_);
  end.delay = sends.delay;
  set_impairment(end, sends.impairment, {link, at});
  OutputQueue& queue = queue_of(end);
  queue.limit = sends.limit;
  queue.ecn = sends.ecn;
  if (end.kind == LinkEnd::Kind::port) return false;
  interface_of(end).mtu = sends.mtu;
  interface_of(end).rate = sends.rate;
  return std::exchange(graph_.port(end.index, end.interface).cost, sends.cost) != sends.cost;
}

// Where the file has something down from the beginning.
void Network::apply_states() {
  const bool all_up = std::ranges::all_of(topology_.links, &LinkSpec::up) &&
                      std::ranges::all_of(topology_.nodes, &NodeSpec::up);
  for (std::uint32_t link = 0; !all_up && link < topology_.links.size(); ++link) {
    if (settle_state(link)) relearn_routes(link);
  }
}

// A link of two ends is down for both when one of them is off; more are joined by a switch, which
// stays. Is anything different now?
bool Network::settle_state(std::uint32_t number) {
  Link& link = *links_[number];
  const auto is_on = [this](const LinkEnd& end) {
    return end.kind == LinkEnd::Kind::port || topology_.nodes[end.index].up;
  };
  const bool carries =
      topology_.links[number].up && (link.ends.size() > 2 || std::ranges::all_of(link.ends, is_on));
  bool is_different = false;
  for (LinkEnd& end : link.ends) {
    const bool up = carries && is_on(end);
    is_different |= std::exchange(end.up, up) != up;
    if (end.kind == LinkEnd::Kind::port) continue;
    interface_of(end).up = up;
    graph_.port(end.index, end.interface).up = up;
  }
  if (is_different) fill_neighbours(number);
  return is_different;
}

// The nodes of a link whose state has changed begin anew with what they were told.
void Network::relearn_routes(std::uint32_t link) {
  for (const LinkEnd& end : links_[link]->ends) {
    if (end.kind == LinkEnd::Kind::port) continue;
    relearn_routes_of(end.index);
  }
}

}  // namespace hop
