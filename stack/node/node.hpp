#pragma once
// One router or host: the only place where IP and ICMP meet.

#include <algorithm>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "stack/base/packet.hpp"
#include "stack/base/random.hpp"
#include "stack/icmp/cause.hpp"
#include "stack/icmp/extended_echo.hpp"
#include "stack/icmp/limiter.hpp"
#include "stack/icmp/rate_limit.hpp"
#include "stack/icmp/redirect_backoff.hpp"
#include "stack/icmp/traceroute.hpp"
#include "stack/ip/fragment.hpp"
#include "stack/ip/martian.hpp"
#include "stack/ip/nat.hpp"
#include "stack/ip/path_mtu.hpp"
#include "stack/ip/reassembly.hpp"
#include "stack/ip/received.hpp"
#include "stack/ip/redirect_cache.hpp"
#include "stack/ip/reply_options.hpp"
#include "stack/ip/route_table.hpp"
#include "stack/ip/source_route.hpp"
#include "stack/node/application.hpp"
#include "stack/node/config.hpp"
#include "stack/node/counters.hpp"
#include "stack/node/discovery.hpp"
#include "stack/node/gateways.hpp"
#include "stack/node/interface.hpp"
#include "stack/node/label_switching.hpp"
#include "stack/node/outbox.hpp"
#include "stack/node/outgoing.hpp"
#include "stack/node/router_alert.hpp"
#include "stack/node/verdict.hpp"
#include "stack/node/way_cache.hpp"
#include "stack/wire/tcp.hpp"

namespace hop {

/// What a reply has otherwise than the node's other packets.
struct ReplyForm {
  std::optional<std::uint8_t> ttl{};
  bool dont_fragment = false;
};

/// A router or host, free of I/O: a packet and the time go in; a verdict, and packets in the
/// outbox, come out. The walk of a packet is receive(), forward() and deliver(); every ICMP error
/// goes through report().
class Node {
 public:
  /// `pool` outlives the node.
  Node(NodeConfig config, PacketPool& pool, Random random);

  /// Adds an interface with its own, connected and broadcast routes. Interfaces count from 0; one
  /// without a name is called eth0, eth1 ... by its position.
  InterfaceIndex add_interface(const Interface& interface);
  /// From now on the node is as `config` says, which has the same name, kind and router-id; limits
  /// of rates begin anew.
  void reconfigure(NodeConfig config);
  /// Forgets all routes but those of its interfaces that are up and its own addresses. The owner of
  /// the interfaces' `up` calls this when it changes, and adds the others again.
  void reset_routes();
  /// Adds a route. A host may have several default routes by gateways, which it chooses from by
  /// preference, the higher the better (RFC 1122 section 3.3.1.6 (3)).
  void add_route(const PrefixRoute& route, std::int32_t preference = 0);
  /// Adds a route by several next hops that are equally good.
  void add_route(const PrefixRoute& route, std::span<const NextHop> ways) {
    routes_to_change().add(route, ways);
  }
  /// Has the routes that are not added worked out by `source`, which knows this node by `number`.
  void compute_routes_by(RouteSource& source, std::uint32_t number) {
    routes_to_change().compute_by(source, number);
  }
  /// The source knows better now.
  void forget_computed_routes() { routes_to_change().forget_computed(); }
  /// A tunnel begins here from now on; routes lead into it by its number.
  TunnelIndex add_tunnel(const Tunnel& tunnel);
  /// What becomes of packets that come with `label`. A second one replaces the first.
  void add_label_route(std::uint32_t label, const LabelRoute& route);
  /// The tunnels that begin, pass and end here; null without any.
  [[nodiscard]] const LabelSwitching* label_switching() const noexcept { return labels_.get(); }
  /// Tunnels begin, pass and end here no longer; routes that lead into them have to go, too.
  void forget_tunnels() {
    labels_.reset();
    find_fast_paths();
  }
  /// Adds the interface that leads back to the node itself, with 127.0.0.1/8; without it a node
  /// cannot send to its own addresses.
  InterfaceIndex add_loopback(const Neighbours& itself);
  [[nodiscard]] bool has_loopback() const noexcept { return loopback_ != kNoInterface; }

  /// The walk of a packet that came by a link, without an offload. `Arrival::now` never goes
  /// backwards. Where memory runs out the packet is dropped, and counted as any other.
  Verdict receive(Packet packet, const Arrival& arrival, Outbox& out);
  /// The same of a packet that came under labels, which the link tells.
  [[gnu::cold, gnu::noinline]] Verdict receive_labelled(Packet packet, const Arrival& arrival,
                                                        Outbox& out);

  /// Forwards a packet with an offload as it is, and counts what it stands for, if every one of
  /// these would be forwarded by receive() the same way. Otherwise nothing has happened, and they
  /// are to be received one by one.
  [[nodiscard]] bool forward_whole(Packet& packet, const Arrival& arrival, Outbox& out);

  /// Does what was due until `now`: gives up datagrams whose fragments did not all come, and lets
  /// applications act.
  void expire(Instant now, Outbox& out);
  /// Is there anything that may have a deadline? A router that only forwards has nothing, and is
  /// asked after every packet.
  [[nodiscard]] bool keeps_time() const {
    return reassembler_.holds_any() || !applications_.empty() || discovery_ || gateways_;
  }
  [[nodiscard]] std::optional<Instant> next_deadline() const {
    return earliest(discovery_ ? discovery_->next() : std::nullopt);
  }
  /// The same without what goes on for ever whatever happens: advertisements that nobody asked for.
  [[nodiscard]] std::optional<Instant> next_passing_deadline() const {
    return earliest(discovery_ ? discovery_->next_passing() : std::nullopt);
  }

  /// The node is number `number` of `of` equal ones, a power of two: no two of them give the same
  /// Identification to packets between the same hosts (RFC 6864 section 4.3), but for random ones.
  void share_ids(std::uint16_t number, std::uint16_t of);

  /// The node begins to run: what it does by itself begins.
  void begin(Instant now);

  /// Gives what comes for `key` to `endpoint`, which outlives the binding, and the errors about
  /// what is sent from there. A second binding replaces the first.
  void bind(EndpointKey key, Endpoint& endpoint) { endpoints_[key] = &endpoint; }
  void unbind(EndpointKey key) { endpoints_.erase(key); }
  /// Lets `application`, which outlives that, act when its time comes.
  void start(Application& application) { applications_.push_back(&application); }
  void stop(Application& application) { std::erase(applications_, &application); }
  /// Shows packets of `protocol` with a router alert to `listener`, which outlives the node, before
  /// they are forwarded; if the policy for options processes router alerts.
  void listen_for_alerts(std::uint8_t protocol, RouterAlertListener& listener) {
    alert_listeners_[protocol] = &listener;
  }
  /// Sends a UDP datagram with `data`.
  [[nodiscard]] SendResult send_udp(const Outgoing& what, std::uint16_t source_port,
                                    std::uint16_t destination_port, Bytes data, Outbox& out);
  /// Sends an ICMP message with `data`.
  [[nodiscard]] SendResult send_icmp(const Outgoing& what, const IcmpMessage& message, Bytes data,
                                     Outbox& out);
  /// Sends a TCP segment without data.
  [[nodiscard]] SendResult send_tcp(const Outgoing& what, const TcpHeader& segment, Outbox& out);

  /// The address that `what` would come from, or why it cannot be sent: no_way or
  /// not_our_address.
  [[nodiscard]] std::expected<Ipv4Address, SendFault> source_for(const Outgoing& what) const;
  /// What fits to `destination` in one piece: bytes of IP. Nothing without a way there.
  [[nodiscard]] std::optional<std::uint16_t> path_mtu(Ipv4Address destination, Instant now) const;

  /// Tells what an upper layer knows of the way to `destination`, so that a dead gateway is noticed
  /// and one that lives is not asked (RFC 1122 section 3.3.1.4). Routers have no use for it.
  void advise(Ipv4Address destination, WayAdvice advice, Instant now);

  [[nodiscard]] const NodeConfig& config() const noexcept { return config_; }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  /// Counts what an endpoint alone knows of: the connections of TCP.
  void count(Mib counter) { counters_.add(counter); }
  [[nodiscard]] const RouteTable& routes() const noexcept { return routes_; }
  /// Has the memory brought near that receive() would wait for with `packet`, whatever is in it: in
  /// a large table its route is a miss of the cache. To be called some packets ahead.
  void prefetch(Bytes packet) const noexcept {
    if (packet.size() < kIpv4MinHeader) return;
    routes_.prefetch(Ipv4Address{load_be<std::uint32_t>(packet, kDestinationOffset)});
  }
  [[nodiscard]] std::span<Interface> interfaces() noexcept { return interfaces_; }

 private:
  // A packet on its walk. `received` views `packet`, which the walk may move on.
  struct Walk {
    Packet& packet;
    Received received;
    Outbox& out;
  };
  // Where a packet goes next.
  struct Hop {
    InterfaceIndex out;
    LinkAddress to;
    Ipv4Address address;
    std::uint16_t mtu;         // of the link; for our own packets, of the path as far as we know it
    bool replaceable = false;  // is it a gateway that another can stand in for?
  };
  // Where a packet of our own goes first: to a gateway, or to its destination.
  struct FirstHop {
    InterfaceIndex out;
    Ipv4Address next;
    bool replaceable = false;  // as in Hop
  };
  // Where a packet would have gone next, whether or not anybody is there.
  struct Ahead {
    InterfaceIndex out;
    Ipv4Address next;
  };
  // How an answer gets to the source of a packet: along its source route if it came by one.
  struct WayBack {
    ReplyOptions options;
    Ipv4Address destination;
    Hop hop;
    std::uint8_t tos = 0;  // that the way was looked for with
  };

  // reconfigure.cpp: what can be different later
  void adopt_config();
  void add_router_id();
  void add_own_routes(InterfaceIndex index);
  void add_address(const InterfaceAddress& address, InterfaceIndex index);

  // Whatever changes routes goes through here.
  [[nodiscard]] RouteTable& routes_to_change() {
    ways_.forget();
    return routes_;
  }

  // fast_path.cpp: the walk of nearly all packets
  void find_fast_paths();
  [[nodiscard]] std::optional<Verdict> take_fast_path(Packet& packet, const Arrival& arrival,
                                                      Outbox& out);
  [[nodiscard]] const Way* way_to(Ipv4Address destination) {
    const Way* const known = ways_.find(destination);
    return known == nullptr ? find_way(destination) : known;
  }
  [[nodiscard, gnu::noinline]] const Way* find_way(Ipv4Address destination);
  [[nodiscard]] bool may_pass_from(Ipv4Address source) const;
  [[nodiscard]] const Way* fast_way_back(Ipv4Address to, std::size_t size, const Arrival& arrival);
  [[nodiscard]] std::optional<Verdict> answer_fast(Packet& packet, MutBytes bytes,
                                                   const Ipv4View& ip, const Arrival& arrival,
                                                   Outbox& out);
  [[nodiscard]] std::optional<Verdict> expire_fast(Packet& packet, const Ipv4View& ip,
                                                   const Arrival& arrival, Outbox& out);
  void send_fast(Packet&& message, std::size_t size, const Way& way, IcmpType type, Outbox& out);

  // super_packet.cpp: transit of packets with an offload
  [[nodiscard]] const Way* way_of_whole(const Packet& packet, const Arrival& arrival);

  // node.cpp: the walk
  Verdict walk(Packet& packet, const Arrival& arrival, Outbox& out);
  [[gnu::cold, gnu::noinline]] Verdict refuse(Packet& packet, DropReason why,
                                              const Arrival& arrival, Outbox& out);
  [[nodiscard]] DropReason martian(const Ipv4HeaderView& ip, const Arrival& arrival) const;
  [[nodiscard, gnu::cold, gnu::noinline]] DropReason off_reverse_path(const Ipv4HeaderView& ip,
                                                                      const Arrival& arrival) const;
  Verdict dispatch(Walk& walk);
  [[gnu::noinline]] Verdict arrive(Walk& walk);
  [[nodiscard]] bool belongs_to(InterfaceIndex index, Ipv4Address address) const;
  [[nodiscard]] MartianRules martian_rules() const;
  [[nodiscard, gnu::cold, gnu::noinline]] bool is_old_broadcast(Ipv4Address destination) const;
  [[nodiscard]] std::optional<Instant> earliest(std::optional<Instant> discovery) const;
  void expire_fragments(Instant now, Outbox& out);

  // options.cpp: what the options of a packet ask for
  [[gnu::cold, gnu::noinline]] std::optional<Verdict> inspect(Walk& walk);
  std::optional<Verdict> inspect_options(Walk& walk);
  [[nodiscard]] BadParameter bad_option(const OptionFault& fault, const Ipv4HeaderView& ip) const;
  [[nodiscard]] bool lacks_option(const Ipv4HeaderView& ip) const;
  [[nodiscard]] bool concerns(Ipv4Address destination) const;
  [[nodiscard]] OptionTypes ignored_here() const;
  [[nodiscard]] static bool is_off_strict_route(const Received& received);
  [[gnu::cold, gnu::noinline]] std::optional<Verdict> examine(Walk& walk);
  [[nodiscard]] bool is_intercepted(const Walk& walk);
  void stamp_arrival(Walk& walk);
  void record_departure(MutBytes packet, const Hop& hop, Instant now) const;

  // traceroute.cpp: the traceroute option of RFC 1393
  [[gnu::cold, gnu::noinline]] void trace_forwarded(Walk& walk, const Hop& hop,
                                                    const QueueLength& becomes);
  void trace_discarded(const Walk& walk);
  [[nodiscard]] std::optional<TracerouteOption> traced(const Ipv4HeaderView& ip) const;
  [[nodiscard]] bool is_passing(const Received& received) const;
  bool tell_originator(const TracerouteReport& report, const Walk& walk);

  // forward.cpp: transit
  Verdict forward(Walk& walk, const Route* route);
  [[gnu::noinline]] Verdict forward_source_routed(Walk& walk, const SourceRoute& ahead);
  [[nodiscard]] SourceRoute route_ahead(const Received& received) const;
  [[nodiscard]] bool is_unicast(Ipv4Address address) const;
  Verdict transit(Walk& walk, const Route* route, Ipv4Address destination);
  [[gnu::cold, gnu::noinline]] Verdict no_next_hop(const Walk& walk, Ipv4Address destination);
  [[gnu::cold, gnu::noinline]] Verdict no_way_out(Walk& walk, const Route* route,
                                                  Ipv4Address destination);
  [[gnu::cold, gnu::noinline]] std::optional<Verdict> screen(const Walk& walk,
                                                             Ipv4Address destination,
                                                             InterfaceIndex out);
  [[gnu::cold, gnu::noinline]] std::optional<Verdict> refuse_transit(Walk& walk);
  Verdict no_route_for_tos(const Walk& walk, Ipv4Address destination);
  [[nodiscard]] LinkAddress resolve(const Received& received, const Route& route,
                                    Ipv4Address next) const;
  Verdict send_on(Walk& walk, const Hop& hop);
  [[nodiscard]] static std::uint16_t size_to_cut(const Received& received, std::uint16_t mtu);
  [[nodiscard]] static bool may_be_cut(const Received& received, std::uint16_t mtu);
  [[gnu::noinline]] Verdict send_on_in_fragments(Walk& walk, const Hop& hop);
  void redirect_if_due(const Walk& walk, const Hop& hop, const QueueLength& becomes);
  std::optional<Verdict> edit_for_transit(Walk& walk, const Hop& hop);
  [[gnu::cold, gnu::noinline]] std::optional<Verdict> edit_specially(Walk& walk, const Hop& hop);
  [[gnu::cold, gnu::noinline]] std::optional<Verdict> expires(Walk& walk);

  // nat.cpp: address translation
  void adopt_nat();
  [[nodiscard]] bool is_inside(InterfaceIndex index) const { return !interfaces_[index].external; }
  std::optional<Verdict> enter_nat(Walk& walk);
  Verdict forward_inward(Walk& walk, Ipv4Address internal);
  std::optional<Verdict> translate(Walk& walk, const Hop& hop);
  [[nodiscard]] bool goes_inside(const Received& received) const;
  [[nodiscard]] bool may_pass_nat(const Received& received, InterfaceIndex out) const;

  // labels.cpp: tunnels
  LabelSwitching& switch_labels();
  Verdict switch_label(Packet& packet, const Arrival& arrival, Outbox& out);
  Verdict pass_on_labelled(Packet& packet, const Arrival& arrival, Outbox& out);
  Verdict swap_or_pop(Walk& walk, MplsLabel top);
  Verdict enter_tunnel(Walk& walk, const Route& route, Ipv4Address destination);
  [[nodiscard]] std::optional<Hop> hop_under_labels(const LabelHop& next, std::size_t depth) const;
  [[nodiscard]] std::uint16_t mtu_under_labels(InterfaceIndex out, std::size_t depth) const;
  std::optional<Verdict> cannot_leave(const Walk& walk, const Hop& hop);
  void put_out_labelled(Walk& walk, const Hop& hop);
  [[nodiscard]] SendResult send_out_labelled(Packet&& packet, const Hop& hop, Instant now,
                                             Outbox& out);
  void lead_into_tunnel(Packet& packet, const Hop& hop) const;
  [[nodiscard, gnu::cold, gnu::noinline]] bool comes_back_from_tunnel(
      const Ipv4HeaderView& ip) const;
  [[nodiscard]] std::optional<Hop> hop_along_tunnel() const;
  [[nodiscard]] std::optional<WayBack> way_back_along_tunnel(IcmpType type,
                                                             const Received& about) const;
  [[nodiscard]] Hop lead_along_tunnel(Packet& error, const Hop& direct) const;

  // balance.cpp: one of several ways
  const Route* route_for(const Ipv4HeaderView& ip, Ipv4Address destination);
  [[nodiscard]] const Route* way_for(const Route* route, const Ipv4HeaderView& ip,
                                     Ipv4Address destination) const;
  [[nodiscard]] std::size_t turn_of(const Ipv4HeaderView& ip, Ipv4Address destination,
                                    std::size_t ways) const;
  [[nodiscard]] const Route* own_way(const Route* route, Ipv4Address destination) const;
  [[nodiscard]] bool may_leave(const Route* route, InterfaceIndex out) const;

  // deliver.cpp: local delivery
  Verdict deliver(Walk& walk);
  std::optional<Verdict> put_together(Walk& walk);
  Verdict demultiplex(Walk& walk);
  Verdict deliver_icmp(Walk& walk);
  Verdict deliver_icmp_reply(Walk& walk, const IcmpView& icmp);
  Verdict answer_query(Walk& walk, IcmpType query, IcmpType answer);
  [[nodiscard]] std::uint32_t mask_of_link(const Received& received) const;
  Verdict hand_over(Walk& walk, Endpoint& endpoint, Delivery delivery);
  Verdict deliver_udp(Walk& walk);
  Verdict deliver_tcp(Walk& walk);
  [[gnu::cold, gnu::noinline]] std::optional<Verdict> refuse_port(const Walk& walk,
                                                                  const PortFilter& filter,
                                                                  std::uint16_t port);
  Verdict reset(Walk& walk, const TcpView& segment);
  [[nodiscard]] Endpoint* endpoint_of(EndpointKey key) const;

  // extended_echo.cpp: the state of interfaces (RFC 8335)
  Verdict answer_extended_echo(Walk& walk, const IcmpView& request);
  [[nodiscard]] bool accepts(const InterfaceQuery& query, const Received& received) const;
  [[nodiscard]] InterfaceStatus status_of(const InterfaceQuery& query) const;
  [[nodiscard]] bool is_named(InterfaceIndex at, const InterfaceIdentification& what) const;
  [[nodiscard]] InterfaceStatus status_of_neighbour(const InterfaceIdentification& what) const;

  // errors_received.cpp: what others report about our packets
  Verdict deliver_icmp_error(Walk& walk, const IcmpView& icmp);
  Verdict tell_endpoint(const ErrorDelivery& delivery, Outbox& out);
  void learn_path_mtu(const ErrorDelivery& delivery);
  bool follow_redirect(const ErrorDelivery& delivery, InterfaceIndex in);
  [[nodiscard]] bool may_be_gateway(Ipv4Address address, InterfaceIndex at) const;

  // gateways.cpp: the gateways of a host
  Gateways& know_gateways();
  [[nodiscard]] bool is_there(InterfaceIndex out, Ipv4Address gateway) const {
    return interfaces_[out].up && interfaces_[out].neighbours->resolve(gateway) != kNobody;
  }
  [[nodiscard]] std::optional<FirstHop> gateway_toward(Ipv4Address destination, std::uint8_t tos,
                                                       const Route* known, Instant now) const;
  [[nodiscard]] std::optional<FirstHop> default_gateway(const Route* known, Instant now) const;
  void ask_gateways(Instant now, Outbox& out);
  [[nodiscard]] std::uint16_t own_identifier();
  [[nodiscard]] bool takes_gateway_reply(const Ipv4HeaderView& ip, const IcmpView& icmp,
                                         Instant now);

  // group.cpp: broadcasts and multicasts
  [[gnu::noinline]] Verdict deliver_to_group(Walk& walk);
  [[nodiscard]] bool takes_icmp_to_group(const Ipv4HeaderView& ip) const;
  [[nodiscard]] bool answers(IcmpType query) const {
    return config_.icmp.answers[std::to_underlying(query)];
  }
  [[gnu::noinline]] Verdict arrive_by_broadcast(Walk& walk, const Route& route);
  [[gnu::cold, gnu::noinline]] Verdict arrive_by_network_address(Walk& walk, const Route& route);
  Verdict pass_on_broadcast(Walk& walk, const Route& route);
  Verdict broadcast(const Walk& walk, Packet& copy, InterfaceIndex out);
  [[nodiscard]] bool is_group(Ipv4Address address) const;
  [[nodiscard, gnu::cold, gnu::noinline]] bool asks_from_nowhere(const Ipv4HeaderView& ip) const;
  [[nodiscard, gnu::cold, gnu::noinline]] std::optional<WayBack> way_back_to_nowhere(
      InterfaceIndex in) const;
  [[nodiscard]] Ipv4Address answering_address(const Received& received) const;

  // discovery.cpp: router discovery
  void discover(Instant now, Outbox& out);
  void advertise(InterfaceIndex index, Instant now, Outbox& out);
  void solicit(InterfaceIndex index, Instant now, Outbox& out);
  void send_discovery(InterfaceIndex index, const IcmpMessage& message, Bytes data, Instant now,
                      Outbox& out);
  Verdict take_router_discovery(const Walk& walk, const IcmpView& icmp);
  Verdict take_solicitation(const Received& received, const IcmpView& icmp);
  Verdict take_advertisement(const Received& received, const IcmpView& icmp);

  // report.cpp: the one door for ICMP errors
  [[gnu::cold, gnu::noinline]] Verdict report(const Cause& cause, DropReason why, const Walk& walk);
  [[gnu::noinline]] void tell(const Cause& cause, const Received& about, Outbox& out);
  [[nodiscard]] NotTold try_to_tell(const Cause& cause, const Received& about, Outbox& out);
  [[nodiscard]] std::optional<WayBack> error_way_back(const ReplyOptions& options, IcmpType type,
                                                      const Received& about) const;
  [[nodiscard]] Ipv4Address error_source(IcmpType type, const Received& about,
                                         const Hop& hop) const;
  void add_records_of(WayBack& back, const Received& received, Ipv4Address source) const;
  [[nodiscard]] NotTold within_rate(const IcmpMessage& message, const Received& about,
                                    const Hop& hop);

  // slow_path.cpp: what the control plane makes takes time
  class SlowPath;
  void build_slow_path();
  SendResult send_made(Packet&& packet, const Hop& hop, Instant now, Outbox& out);
  void send_ready(Packet&& packet, const Hop& hop, Instant now, Outbox& out);

  // extensions.cpp: what errors tell besides the quote
  [[nodiscard]] Bytes write_extension(IcmpType type, const Received& about, MutBytes room) const;
  [[nodiscard]] std::span<const MplsLabel> told_labels(const Received& about) const;
  void write_interfaces(ExtensionWriter& writer, const Received& about) const;
  [[nodiscard]] InterfaceInformation describe(InterfaceRole role, InterfaceIndex at,
                                              Ipv4Address peer) const;
  [[nodiscard]] InterfaceInformation describe(const InterfaceComponent& component) const;
  [[nodiscard]] std::optional<Ahead> way_ahead(const Received& about) const;

  // send.cpp: the node's own packets
  Verdict reply(Walk& walk, const WayBack& back, std::uint8_t tos, IpProtocol protocol,
                const ReplyForm& form = {});
  SendResult send(const Outgoing& what, IpProtocol protocol, Packet payload, const Hop& hop,
                  Outbox& out);
  SendResult send_out(Packet&& packet, const Hop& hop, Instant now, Outbox& out);
  SendResult send_as_it_is(Packet&& packet, const Hop& hop, Instant now, Outbox& out);
  [[nodiscard]] Ipv4Address source_of(const Outgoing& what, const Hop& hop) const;
  void count_tcp_out(const TcpHeader& segment);
  [[nodiscard]] std::optional<Hop> first_hop_of(const Outgoing& what) const;
  [[nodiscard]] std::optional<Hop> hop_to_group(const Outgoing& what) const;
  [[nodiscard]] std::uint8_t ttl_of(const Outgoing& what) const;
  [[nodiscard]] bool may_originate(const Outgoing& what, const Hop& hop) const;
  void put_out(Packet&& packet, const Hop& hop, Outbox& out);
  static QueueLength length_of(const Fragmenter& fragments);
  void put_out_fragments(Fragmenter fragments, const Hop& hop, Outbox& out);
  void take_back(Outbox& out, std::size_t kept);
  [[nodiscard]] std::optional<Hop> hop_toward(Ipv4Address destination, Instant now,
                                              std::uint8_t tos_byte = 0) const;
  [[nodiscard]] std::optional<FirstHop> first_hop_by(const Route* route, Ipv4Address destination,
                                                     std::uint8_t tos, Instant now) const;
  [[nodiscard]] std::optional<WayBack> way_back(const ReplyOptions& options,
                                                const Ipv4HeaderView& to, Instant now) const;
  [[nodiscard]] std::optional<WayBack> way_back(const ReplyOptions& options, Ipv4Address to,
                                                std::uint8_t tos, Instant now) const;
  [[nodiscard]] std::uint16_t next_id();

  NodeConfig config_;
  PacketPool& pool_;
  Random random_;
  RouteTable routes_;
  WayCache ways_;  // of routes_
  std::vector<Interface> interfaces_;
  Reassembler reassembler_;
  IcmpLimiter limiter_;
  RedirectBackoff redirect_backoff_;
  std::uint32_t balance_seed_;
  std::uint32_t turn_ = 0;  // of what is balanced packet by packet
  bool inspects_all_ = false;
  std::uint16_t id_;
  std::uint16_t id_step_ = 1;
  bool refuses_transit_ =
      false;              // is this a host, or a router with an interface that does not forward?
  bool screens_ = false;  // is there a filter, a cutoff, a NAT, or such an interface?
  bool passes_fast_ = false;             // may packets in transit take the fast path?
  bool answers_fast_ = false;            // may pings?
  bool expires_fast_ = false;            // may those whose TTL ends?
  bool limits_expiry_ = false;           // is there a limit on telling of that?
  std::uint8_t tos_kept_in_errors_ = 0;  // of config_
  bool only_decrements_ttl_ = true;      // of what passes without options nothing else is changed
  std::map<EndpointKey, Endpoint*> endpoints_;
  std::vector<Application*> applications_;
  std::unique_ptr<Nat> nat_;                // of nodes that have it
  std::unique_ptr<Application> slow_path_;  // a SlowPath, of nodes that take their time
  InterfaceIndex loopback_ = kNoInterface;
  PathMtuCache path_mtus_;
  RedirectCache redirects_;
  std::map<std::uint8_t, RouterAlertListener*> alert_listeners_;
  std::unique_ptr<Discovery> discovery_;    // of nodes that have it on at some interface
  std::unique_ptr<Gateways> gateways_;      // of hosts that have some, or look for them
  std::unique_ptr<LabelSwitching> labels_;  // of routers in tunnels
  Counters counters_;
};

}  // namespace hop
