// The walk of what nearly all packets of a flood are: transit to another link, pings, and probes of
// traceroute. It does what the walk of node.cpp and the door of report.cpp would do, and no more
// than such a packet needs (stack/README.md has figures). Whatever is not as usual, about the
// packet, its way or the node, is left to them, before anything is changed.
// tests/stack/node/fast_path_test.cpp holds one against the other.

#include <algorithm>
#include <array>
#include <new>

#include "stack/icmp/error_message.hpp"
#include "stack/node/node.hpp"
#include "stack/wire/icmp.hpp"

namespace hop {
namespace {

// No special block that a packet may not have or that routers do not pass on.
constexpr bool is_everyday(Ipv4Address address) {
  return address.is_ordinary() && !address.is_link_local();
}

// The same by the first octet alone, which is asked of every packet. Of 169.0.0.0/8, in which the
// link-local addresses are, all take the walk.
bool has_everyday_octet(Ipv4Address address) {
  static constexpr auto kEveryday = [] {
    std::array<bool, 256> everyday{};
    for (std::uint32_t octet = 0; octet < everyday.size(); ++octet) {
      everyday[octet] = octet != 169 && is_everyday(Ipv4Address{octet << 24U});
    }
    return everyday;
  }();
  return kEveryday[address.value >> 24U];
}

// RFC 1122 section 3.2.2: no error about one, nor about later fragments. There are no options.
bool may_be_told_of(const Ipv4View& ip) {
  if (ip.fragment_offset() != 0) return false;
  if (!ip.carries(IpProtocol::icmp)) return true;
  const Bytes message = ip.bytes().subspan(kIpv4MinHeader);
  return !message.empty() && !is_error_or_unknown(static_cast<IcmpType>(byte_at(message, 0)));
}

}  // namespace

// What has to be as by default. The rest is asked of each packet.
void Node::find_fast_paths() {
  const IcmpPolicy& icmp = config_.icmp;
  const bool plain = !inspects_all_ && config_.reverse_path == ReversePath::off &&
                     config_.host_model == HostModel::weak;
  const bool tells_at_once = !slow_path_ && !labels_ && !gateways_;
  passes_fast_ = plain && !refuses_transit_ && !screens_ && only_decrements_ttl_;
  answers_fast_ = plain && tells_at_once && answers(IcmpType::echo) &&
                  !icmp.silent[std::to_underlying(IcmpType::echo_reply)] &&
                  !limiter_.applies_to(IcmpType::echo_reply);
  expires_fast_ = passes_fast_ && tells_at_once && icmp.source == SourcePolicy::egress &&
                  !icmp.silences(IcmpType::time_exceeded, 0) && !icmp.extensions.interface &&
                  !icmp.extensions.mpls;
  tos_kept_in_errors_ = config_.tos_kept_in_errors();
  limits_expiry_ = limiter_.applies_to(IcmpType::time_exceeded);
}

[[gnu::flatten]] std::optional<Verdict> Node::take_fast_path(Packet& packet, const Arrival& arrival,
                                                             Outbox& out) {
  const MutBytes bytes = packet.bytes();
  const auto ip = Ipv4View::parse_plain(bytes);
  if (!ip || arrival.broadcast) return std::nullopt;
  const Way* const way = way_to(ip->destination());
  if (way == nullptr) return std::nullopt;
  if (way->is_local()) return answer_fast(packet, bytes, *ip, arrival, out);
  if (!passes_fast_) return std::nullopt;
  if (ip->ttl() <= 1) return expire_fast(packet, *ip, arrival, out);
  // A packet that goes back to where it came from may need a redirect.
  if (way->out == arrival.in || !may_pass_from(ip->source())) return std::nullopt;
  Interface& interface = interfaces_[way->out];
  if (bytes.size() > interface.mtu || !interface.queue.takes_as_it_is(bytes.size())) {
    return std::nullopt;
  }
  out.emplace_back(std::move(packet), way->out, way->to);  // with its bytes, which stay in place
  interface.queue.join_as_it_is(bytes.size());
  decrement_ttl(bytes);
  return Verdict{Action::forwarded};
}

// As martian() has it. Own and broadcast addresses are special.
bool Node::may_pass_from(Ipv4Address source) const {
  return has_everyday_octet(source) && routes_.special(source) == nullptr;
}

// Neither one of several, nor one by a gateway that may be dead, nor into a tunnel.
const Way* Node::find_way(Ipv4Address destination) {
  const Route* const route = is_everyday(destination) ? routes_.lookup(destination) : nullptr;
  if (route == nullptr) return nullptr;
  if (route->type == RouteType::local) return &ways_.keep(Way::local(destination));
  const bool by_gateway = route->type == RouteType::via;
  if (!by_gateway && route->type != RouteType::connected) return nullptr;
  const Ipv4Address next = by_gateway ? route->via : destination;
  const LinkAddress to = interfaces_[route->out].neighbours->resolve(next);
  if (to == kNobody) return nullptr;
  return &ways_.keep({.destination = destination, .next = next, .out = route->out, .to = to});
}

// For a message of `size` bytes of the node's own that leaves at once. Whose way is on a link has
// an everyday address, and none of the node's own or of a broadcast: no packet may come from those.
// (What comes over the loopback interface has a source that is local, and takes the walk.)
inline const Way* Node::fast_way_back(Ipv4Address to, std::size_t size, const Arrival& arrival) {
  const Way* const way = way_to(to);
  if (way == nullptr || way->is_local()) return nullptr;
  const Interface& interface = interfaces_[way->out];
  const bool fits = size <= path_mtus_.mtu(to, interface.mtu, arrival.now) &&
                    interface.queue.takes_as_it_is(size);
  return fits ? way : nullptr;
}

// RFC 1122 section 3.2.2.6. The way back is that of any packet; it may be the way it came.
inline std::optional<Verdict> Node::answer_fast(Packet& packet, MutBytes bytes, const Ipv4View& ip,
                                                const Arrival& arrival, Outbox& out) {
  if (!answers_fast_ || !ip.is_whole(IpProtocol::icmp)) return std::nullopt;
  const MutBytes message = bytes.subspan(kIpv4MinHeader);
  const auto icmp = IcmpView::parse(message);
  if (!icmp || icmp->type() != IcmpType::echo) return std::nullopt;
  const Way* const back = fast_way_back(ip.source(), bytes.size(), arrival);
  if (back == nullptr) return std::nullopt;
  counters_.add(Mib::ip_in_delivers);
  counters_.count_icmp_in(IcmpType::echo);
  packet.begin_anew();
  rewrite_icmp_type(message, IcmpType::echo, IcmpType::echo_reply);
  turn_ipv4_header(bytes, config_.icmp.ttl, next_id());
  send_fast(std::move(packet), bytes.size(), *back, IcmpType::echo_reply, out);
  return Verdict{Action::answered};
}

// RFC 1812 section 5.3.1. The packet becomes its own error: what is quoted stays where it was
// received, and the headers are written in front of it. Not of a large one, whose buffer is a
// hundred times what the error needs while it waits in a queue.
inline std::optional<Verdict> Node::expire_fast(Packet& packet, const Ipv4View& ip,
                                                const Arrival& arrival, Outbox& out) {
  constexpr std::size_t kHeaders = kIpv4MinHeader + kIcmpHeader;
  const std::size_t size = ip.bytes().size();
  const std::size_t quote = std::min<std::size_t>(size, config_.icmp.quote);
  if (!expires_fast_ || size > PacketPool::kSmall || quote < kIpv4MinHeader + kQuotedData ||
      !may_be_told_of(ip)) {
    return std::nullopt;
  }
  const Way* const back = fast_way_back(ip.source(), kHeaders + quote, arrival);
  if (back == nullptr) return std::nullopt;
  const NotTold limit =
      limits_expiry_ ? limiter_.take(IcmpType::time_exceeded, ip.source(), arrival.now, random_)
                     : NotTold::told;
  if (limit != NotTold::told) {
    counters_.count_not_told(limit);
    return dropped(DropReason::ttl_expired);
  }
  const Ipv4Header header{.source = interfaces_[back->out].toward(back->next).address,
                          .destination = ip.source(),
                          .tos = error_tos(IcmpType::time_exceeded, ip.tos(), tos_kept_in_errors_),
                          .ttl = config_.icmp.ttl,
                          .protocol = static_cast<std::uint8_t>(IpProtocol::icmp),
                          .id = next_id(),
                          .dont_fragment = false,
                          .options = {}};
  packet.begin_anew();
  packet.resize(quote);
  static_cast<void>(packet.prepend(kHeaders));
  const MutBytes error = packet.bytes();
  write_icmp({.type = IcmpType::time_exceeded}, error.subspan(kIpv4MinHeader));
  write_ipv4_header(header, error);
  try {
    send_fast(std::move(packet), error.size(), *back, IcmpType::time_exceeded, out);
  } catch (const std::bad_alloc&) {
    counters_.count_not_told(NotTold::out_of_memory);  // as in tell()
  }
  return dropped(DropReason::ttl_expired);
}

// Given the size, which would be read again from a packet that is moved: 8 instructions.
inline void Node::send_fast(Packet&& message, std::size_t size, const Way& way, IcmpType type,
                            Outbox& out) {
  out.emplace_back(std::move(message), way.out, way.to);
  interfaces_[way.out].queue.join_as_it_is(size);
  counters_.add(Mib::ip_out_requests);
  counters_.count_icmp_out(type);
}

}  // namespace hop
