#pragma once
// A network of nodes joined by links, with one clock and one seed.

#include <cstdint>
#include <expected>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "stack/base/clock.hpp"
#include "stack/base/packet.hpp"
#include "stack/base/random.hpp"
#include "stack/net/graph.hpp"
#include "stack/net/happening.hpp"
#include "stack/net/link.hpp"
#include "stack/net/replica.hpp"
#include "stack/net/scheduler.hpp"
#include "stack/net/shortest_paths.hpp"
#include "stack/net/topology.hpp"
#include "stack/node/node.hpp"

namespace hop {

/// Index of a TUN in Topology::tuns: where packets enter and leave the network.
using PortIndex = std::uint16_t;

/// A packet that left the network by a port at an instant.
struct Departure {
  PortIndex port;
  Instant at;
  Packet packet;
};

/// Sees packets, which it may not keep.
using PacketWatcher = std::function<void(Instant, Bytes)>;

/// What became of the packets that came by a port.
struct PortCounters {
  std::uint64_t received = 0;
  std::uint64_t queue_full = 0;    ///< dropped: too many were waiting for the link
  std::uint64_t nobody_there = 0;  ///< dropped: nobody on the link has the address or routes
  std::uint64_t link_down = 0;     ///< dropped: the link was down

  PortCounters& operator+=(const PortCounters& other) noexcept;
};

/// The running network. Free of I/O: bytes and time go in, bytes come out. The same topology,
/// packets and instants give the same bytes. Not for use from several threads.
///
///     network.receive(port, std::move(packet), now);      // for each packet read
///     network.run_until(now);                             // and when next_event() is due
///     for (Departure& d : network.departures()) write(d.port, d.packet.bytes());
///     network.departures().clear();
class Network {
 public:
  /// Builds the network of a resolved topology (see resolve()).
  explicit Network(Topology resolved, Replica replica = {});
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// Where packets for receive() come from.
  [[nodiscard]] PacketPool& pool() noexcept { return pool_; }

  /// `packet` comes by a port soon: see Node::prefetch().
  void prefetch(PortIndex port, Bytes packet) const;
  /// A packet enters by a port, and everything due until `now` happens. With an offload it may
  /// leave as it came, or as the packets that it stands for; nothing else is different.
  void receive(PortIndex port, Packet packet, Instant now);
  /// Everything due until `now` happens.
  void run_until(Instant now);
  /// When run_until() has to be called next; nothing while nothing is to happen.
  [[nodiscard]] std::optional<Instant> next_event() const;
  /// Makes a change, after everything due until `now` has happened. Routes follow at once.
  void change(const Change& change, Instant now);
  /// What the network is, with the changes made so far.
  [[nodiscard]] const Topology& topology() const noexcept { return topology_; }
  /// Is nothing under way but what goes on for ever by itself, such as advertisements of routers,
  /// or is due by the timeline?
  [[nodiscard]] bool is_quiet() const;
  /// Shows `watcher` what node `index` gets and sends from now on, and when.
  void watch(std::size_t index, PacketWatcher watcher) {
    watched_ = static_cast<std::uint32_t>(index);
    watcher_ = std::move(watcher);
  }
  /// Shows `observer` what happens from now on; with none, nobody pays for it.
  void observe(Observer observer) { observer_ = std::move(observer); }
  /// Shows `observer` the changes that are made from now on.
  void observe_changes(ChangeObserver observer) { change_observer_ = std::move(observer); }
  /// Lets node `index` send to its own addresses.
  void add_loopback(std::size_t index);
  /// Lets `application`, which outlives the network or is stopped, act on node `index` from now
  /// on; the node gets its loopback.
  void start(std::size_t index, Application& application, Instant now);
  /// Packets that left, in order. The caller takes them and clears the vector; clearing it keeps
  /// its memory, so nothing is allocated in the steady state.
  [[nodiscard]] std::vector<Departure>& departures() noexcept { return departures_; }

  [[nodiscard]] const PortCounters& port_counters(PortIndex port) const {
    return ports_[port].counters;
  }
  /// Of what end `end` of link `link` sends, both as numbered in the topology.
  [[nodiscard]] DirectionCounters direction_counters(std::size_t link, std::size_t end) const;
  [[nodiscard]] std::size_t node_count() const noexcept { return nodes_.size(); }
  [[nodiscard]] Node& node(std::size_t index) { return *nodes_[index]; }
  [[nodiscard]] const Node& node(std::size_t index) const { return *nodes_[index]; }
  /// The node of that name, or null.
  [[nodiscard]] Node* find_node(std::string_view name);

 private:
  struct Attachment {  // where an interface or a port is plugged in
    std::uint32_t link = 0;
    LinkAddress end = 0;
  };
  struct NodeState {
    std::vector<Attachment> interfaces;
    std::optional<Instant> timer;  // the earliest timer event that is scheduled
  };
  struct Port {
    Attachment attachment;
    PortCounters counters;
    OutputQueue queue;
  };

  // build.cpp: from the topology
  void build_nodes(Replica replica);
  void serve_tcp(const NodeSpec& spec, Random secret);
  void build_link(const LinkSpec& spec);
  void attach_node(std::uint32_t link, std::uint32_t node, const LinkSpec& spec,
                   const EndpointSpec& endpoint, const DiscoveryPolicy& discovery);
  void add_end(std::uint32_t link, LinkEnd end, const DirectionSpec& sends);
  void set_impairment(LinkEnd& end, const ImpairmentSpec& spec, Attachment at);

  // routes.cpp: what nodes know of others
  void fill_neighbours(std::uint32_t number);
  void introduce_strangers(std::uint32_t number);
  void add_written_routes(std::optional<std::uint32_t> of = {});
  void add_written_route(const RouteSpec& spec);
  void compute_routes();
  void relearn_routes_of(std::uint32_t node);

  // tunnels.cpp
  void lay_tunnels();
  void lay(const TunnelSpec& tunnel);
  void lead_into(const TunnelSpec& tunnel, const LabelHop& first,
                 std::pair<std::uint32_t, std::uint32_t> ends);

  // changes.cpp: what happens to the network itself
  void schedule_timeline();
  void make(const Change& change);
  void make_due_change(std::uint32_t number);
  void make(const LinkChange& change);
  void make(const NodeChange& change);
  bool adopt_direction(std::uint32_t link, LinkAddress at);
  void apply_states();
  bool settle_state(std::uint32_t number);
  void relearn_routes(std::uint32_t link);

  // network.cpp: the course of events
  void begin(Instant now);
  void enter(Port& port, Packet packet);
  void join_link(Port& port, LinkAddress to, Packet&& packet);
  void handle(Event&& event);
  void arrive(Event&& event);
  Verdict receive(Event& event, const LinkEnd& at);
  [[gnu::cold]] void receive_observed(Event& event, const LinkEnd& at);
  void tell_lost(Attachment from, Bytes packet);
  [[gnu::cold, gnu::noinline]] void lose(Attachment from, Packet packet);
  void transmit(std::uint32_t node);
  void put_on_link(Attachment from, LinkAddress to, Packet&& packet);
  [[gnu::cold, gnu::noinline]] void impair(Attachment from, LinkAddress to, Packet&& packet,
                                           Instant sent);
  void carry(Attachment from, LinkAddress to, Packet&& packet, Instant at);
  void flood(Attachment from, Packet&& packet, Instant at);
  [[nodiscard]] static LinkAddress destination_on(const Link& link, LinkAddress from,
                                                  const Packet& packet);
  [[nodiscard]] Interface& interface_of(const LinkEnd& end) {
    return nodes_[end.index]->interfaces()[end.interface];
  }
  [[nodiscard]] OutputQueue& queue_of(const LinkEnd& end);
  [[nodiscard]] const OutputQueue& queue_of(const LinkEnd& end) const;

  // offload.cpp: packets that may stand for several
  [[gnu::noinline]] void receive_offload(Port& port, Packet packet, Instant now);
  [[nodiscard]] bool enters_whole(const Port& port, LinkAddress to, const Packet& packet) const;
  [[gnu::noinline]] Verdict receive_special(Event& event, const LinkEnd& at,
                                            const Arrival& arrival);

  void arm_timer(std::uint32_t node);
  void drop_stale_timers();

  Topology topology_;
  Graph graph_;
  Random link_seed_;                      // of the directions of links
  std::vector<TunnelWay> laid_;           // tunnels that computed routes may lead into
  PacketPool pool_;                       // every packet below is gone before it
  std::unique_ptr<ShortestPaths> paths_;  // nodes ask it for routes
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<NodeState> states_;
  std::vector<std::unique_ptr<Link>> links_;  // interfaces point to their neighbours
  std::vector<Port> ports_;
  std::vector<std::unique_ptr<Endpoint>> services_;
  Scheduler scheduler_;
  Outbox outbox_;
  std::vector<Departure> departures_;
  std::uint32_t watched_ = std::numeric_limits<std::uint32_t>::max();  // no node
  PacketWatcher watcher_;
  Observer observer_;
  ChangeObserver change_observer_;
  Instant now_{};
  bool begun_ = false;
  bool perpetual_ = false;  // is what is being handled of what goes on for ever?
};

}  // namespace hop
