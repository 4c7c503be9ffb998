// The walk of what nearly all packets of a flood are: transit to another link, pings, and probes of
// traceroute. It does what the walk of node.cpp and the door of report.cpp would do, and no more
// than such a packet needs (stack/README.md has figures). Whatever is not as usual, about the
// packet, its way or the node, is left to them, before anything is changed.
// tests/stack/node/fast_path_test.cpp holds one against the other.

#include <algorithm>
#include <new>

#include "stack/icmp/error_message.hpp"
#include "stack/node/node.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {
namespace {

// No special block that a packet may not have or that routers do not pass on.
bool is_everyday(Ipv4Address address) { return address.is_ordinary() && !address.is_link_local(); }

// RFC 1122 section 3.2.2: no error about one, nor about later fragments.
bool may_be_told_of(const Ipv4View& ip) {
  if (ip.fragment_offset() != 0) return false;
  if (!ip.carries(IpProtocol::icmp)) return true;
  return !ip.payload().empty() &&
         !is_error_or_unknown(static_cast<IcmpType>(byte_at(ip.payload(), 0)));
}

}  // namespace

// What has to be as by default. The rest is asked of each packet.
void Node::find_fast_paths() {
  const IcmpPolicy& icmp = config_.icmp;
  const bool plain = !inspects_all_ && config_.reverse_path == ReversePath::off &&
                     config_.host_model == HostModel::weak;
  passes_fast_ = plain && !refuses_transit_ && !screens_ && only_decrements_ttl_;
  answers_fast_ = plain && answers(IcmpType::echo) &&
                  !icmp.silent[std::to_underlying(IcmpType::echo_reply)] &&
                  !limiter_.applies_to(IcmpType::echo_reply);
  expires_fast_ = passes_fast_ && icmp.source == SourcePolicy::egress &&
                  !icmp.silences(IcmpType::time_exceeded, 0) && !icmp.extensions.interface &&
                  !icmp.extensions.mpls;
}

[[gnu::flatten]] bool Node::take_fast_path(Packet& packet, const Arrival& arrival, Outbox& out,
                                           Verdict& verdict) {
  const auto ip = Ipv4View::parse_plain(packet.bytes());
  if (!ip || arrival.broadcast || !is_everyday(ip->source()) || !is_everyday(ip->destination()) ||
      routes_.special(ip->source()) != nullptr) {
    return false;
  }
  const Route* const route = routes_.lookup(ip->destination());
  if (route == nullptr) return false;
  if (route->type == RouteType::local) return answer_fast(packet, *ip, arrival, out, verdict);
  if (!passes_fast_) return false;
  const auto way = fast_way(*route, ip->destination());
  if (!way) return false;
  if (ip->ttl() <= 1) return expire_fast(packet, *ip, arrival, out, verdict);
  // A packet that goes back to where it came from may need a redirect.
  if (way->out == arrival.in) return false;
  Interface& interface = interfaces_[way->out];
  const std::size_t size = ip->bytes().size();
  if (size > interface.mtu || !interface.queue.has_room({.packets = 1, .bytes = size})) {
    return false;
  }
  decrement_ttl(packet.bytes());
  interface.queue.join(out.emplace_back(std::move(packet), way->out, way->to).packet);
  verdict = {Action::forwarded};
  return true;
}

// Neither one of several, nor one by a gateway that may be dead, nor into a tunnel.
inline std::optional<Node::FastWay> Node::fast_way(const Route& route, Ipv4Address destination) {
  const bool by_gateway = route.type == RouteType::via;
  if (!by_gateway && route.type != RouteType::connected) return std::nullopt;
  const Ipv4Address next = by_gateway ? route.via : destination;
  const LinkAddress to = interfaces_[route.out].neighbours->resolve(next);
  if (to == kNobody) return std::nullopt;
  return FastWay{.out = route.out, .to = to, .next = next};
}

// For a message of `size` bytes of the node's own that leaves at once.
inline std::optional<Node::FastWay> Node::fast_way_back(Ipv4Address to, std::size_t size,
                                                        const Arrival& arrival) {
  if (slow_path_ || labels_ || gateways_ || arrival.in == loopback_) return std::nullopt;
  const Route* const route = routes_.lookup(to);
  const auto way = route == nullptr ? std::nullopt : fast_way(*route, to);
  if (!way) return std::nullopt;
  const Interface& interface = interfaces_[way->out];
  const bool fits = size <= path_mtus_.mtu(to, interface.mtu, arrival.now) &&
                    interface.queue.has_room({.packets = 1, .bytes = size});
  return fits ? way : std::nullopt;
}

// RFC 1122 section 3.2.2.6. The way back is that of any packet; it may be the way it came.
[[gnu::flatten]] bool Node::answer_fast(Packet& packet, const Ipv4View& ip, const Arrival& arrival,
                                        Outbox& out, Verdict& verdict) {
  if (!answers_fast_ || !ip.carries(IpProtocol::icmp) || ip.is_fragment()) return false;
  const auto icmp = IcmpView::parse(ip.payload());
  if (!icmp || icmp->type() != IcmpType::echo) return false;
  const auto back = fast_way_back(ip.source(), packet.size(), arrival);
  if (!back) return false;
  const Ipv4Header header{.source = ip.destination(),
                          .destination = ip.source(),
                          .tos = ip.tos(),
                          .ttl = config_.icmp.ttl,
                          .protocol = ip.protocol(),
                          .id = next_id(),
                          .dont_fragment = false,
                          .options = {}};
  counters_.add(Mib::ip_in_delivers);
  counters_.count_icmp_in(IcmpType::echo);
  packet.begin_anew();
  rewrite_icmp_type(packet.bytes().subspan(kIpv4MinHeader), IcmpType::echo_reply);
  write_ipv4_header(header, packet.bytes());
  send_fast(std::move(packet), *back, IcmpType::echo_reply, out);
  verdict = {Action::answered};
  return true;
}

// RFC 1812 section 5.3.1. The packet becomes its own error: what is quoted stays where it was
// received, and the headers are written in front of it. Not of a large one, whose buffer is a
// hundred times what the error needs while it waits in a queue.
[[gnu::flatten]] bool Node::expire_fast(Packet& packet, const Ipv4View& ip, const Arrival& arrival,
                                        Outbox& out, Verdict& verdict) {
  if (!expires_fast_ || packet.size() > PacketPool::kSmall || !may_be_told_of(ip)) return false;
  constexpr std::size_t kHeaders = kIpv4MinHeader + kIcmpHeader;
  const std::size_t quote = std::min<std::size_t>(packet.size(), config_.icmp.quote);
  const auto back = fast_way_back(ip.source(), kHeaders + quote, arrival);
  if (!back || quote < kIpv4MinHeader + kQuotedData) return false;
  verdict = dropped(DropReason::ttl_expired);
  if (const NotTold limit =
          limiter_.take(IcmpType::time_exceeded, ip.source(), arrival.now, random_);
      limit != NotTold::told) {
    counters_.count_not_told(limit);
    return true;
  }
  const Ipv4Header header{
      .source = interfaces_[back->out].toward(back->next).address,
      .destination = ip.source(),
      .tos = error_tos(IcmpType::time_exceeded, ip.tos(), config_.tos_kept_in_errors()),
      .ttl = config_.icmp.ttl,
      .protocol = static_cast<std::uint8_t>(IpProtocol::icmp),
      .id = next_id(),
      .dont_fragment = false,
      .options = {}};
  packet.begin_anew();
  packet.resize(quote);
  static_cast<void>(packet.prepend(kHeaders));
  write_icmp({.type = IcmpType::time_exceeded}, packet.bytes().subspan(kIpv4MinHeader));
  write_ipv4_header(header, packet.bytes());
  try {
    send_fast(std::move(packet), *back, IcmpType::time_exceeded, out);
  } catch (const std::bad_alloc&) {
    counters_.count_not_told(NotTold::out_of_memory);  // as in tell()
  }
  return true;
}

inline void Node::send_fast(Packet&& message, const FastWay& way, IcmpType type, Outbox& out) {
  interfaces_[way.out].queue.join(out.emplace_back(std::move(message), way.out, way.to).packet);
  counters_.add(Mib::ip_out_requests);
  counters_.count_icmp_out(type);
}

}  // namespace hop
