#include "stack/ip/nat_table.hpp"

#include <algorithm>
#include <new>
#include <tuple>
#include <utility>

#include "stack/wire/ipv4.hpp"

namespace hop {
namespace {

constexpr auto kIcmp = std::to_underlying(IpProtocol::icmp);
constexpr auto kUdp = std::to_underlying(IpProtocol::udp);
constexpr auto kTcp = std::to_underlying(IpProtocol::tcp);

// Of other protocols the addresses alone tell sessions apart.
bool has_numbers(std::uint8_t protocol) {
  return protocol == kIcmp || protocol == kUdp || protocol == kTcp;
}

NatDependence at_least_by_address(std::uint8_t protocol, NatDependence dependence) {
  return has_numbers(protocol) ? dependence
                               : std::max(dependence, NatDependence::address_dependent);
}

// What the keys of sessions begin with that are alike as far as `dependence` goes.
NatKey prefix_of(NatKey key, NatDependence dependence) {
  if (dependence == NatDependence::endpoint_independent) key.peer = {};
  if (dependence == NatDependence::address_dependent) key.peer.number = 0;
  return key;
}

template <class Map>
struct Alike {
  Map& map;
  NatKey prefix;
  NatDependence dependence;

  [[nodiscard]] auto begin() const { return map.lower_bound(prefix); }
  [[nodiscard]] bool has(const NatKey& key) const { return prefix_of(key, dependence) == prefix; }
};

// The first element of the map alike with `key` that `fits`, or the end.
template <class Map, class Predicate>
auto find_alike(Map& map, const NatKey& key, NatDependence dependence, Predicate fits) {
  const Alike<Map> alike{map, prefix_of(key, dependence), dependence};
  for (auto at = alike.begin(); at != map.end() && alike.has(at->first); ++at) {
    if (fits(*at)) return at;
  }
  return map.end();
}

}  // namespace

void NatTable::change(const NatPolicy& policy) {
  const auto mapped_by = [](const NatPolicy& p) {
    return std::tie(p.external, p.address, p.mapping, p.ports, p.assignment);
  };
  const bool other = mapped_by(policy) != mapped_by(policy_);
  policy_ = policy;
  if (other) {
    externals_.clear();
    sessions_.clear();
    first_deadline_ = Instant::max();
  }
  asked_.clear();
  note_ports();
}

// Anew, since forwards may be others. Where memory runs out, what is in use stays so.
void NatTable::note_ports() {
  auto before = std::exchange(ports_, {});
  try {
    for (const auto& [external, session] : externals_) {
      if (has_numbers(external.protocol)) ports_of(external).add(external.own.number);
    }
  } catch (const std::bad_alloc&) {
    ports_ = std::move(before);
    throw;
  }
}

const NatForward* NatTable::forward_to(const NatKey& internal) const {
  const auto at = std::ranges::find_if(policy_.forward, [&](const NatForward& forward) {
    return forward.protocol == internal.protocol && forward.to == internal.own;
  });
  return at == policy_.forward.end() ? nullptr : &*at;
}

const NatForward* NatTable::forward_of(const NatKey& external) const {
  const auto at = std::ranges::find_if(policy_.forward, [&](const NatForward& forward) {
    return forward.protocol == external.protocol && forward.port == external.own.number;
  });
  return at == policy_.forward.end() ? nullptr : &*at;
}

// A session of the same internal endpoint whose mapping is for this peer, too.
const NatTable::Session* NatTable::with_mapping(const NatKey& internal, Ipv4Address external,
                                                Instant now) const {
  const auto at =
      find_alike(sessions_, internal, at_least_by_address(internal.protocol, policy_.mapping),
                 [&](const auto& one) {
                   return one.second.deadline > now && one.second.external.address == external;
                 });
  return at == sessions_.end() ? nullptr : &at->second;
}

std::optional<NatEndpoint> NatTable::find_external(const NatKey& internal, Ipv4Address external,
                                                   Instant now) const {
  if (const NatForward* const forward = forward_to(internal)) {
    return NatEndpoint{asked_address(internal, now).value_or(external), forward->port};
  }
  const Session* const session = with_mapping(internal, external, now);
  return session == nullptr ? std::nullopt : std::optional{session->external};
}

std::expected<NatEndpoint, DropReason> NatTable::map(const NatKey& internal, Ipv4Address external,
                                                     NatTcpFlags flags, Instant now) {
  const auto asked = asked_address(internal, now);
  const Ipv4Address address = asked.value_or(external);
  auto session = find_session(internal, address, now);
  if (session == sessions_.end()) {
    const auto begun = begin(internal, address, now);
    if (!begun) return std::unexpected(begun.error());
    session = *begun;
  }
  session->second.was_asked |= asked.has_value();
  asked_.erase(internal);
  note_outward(session->second, flags);
  keep(internal.protocol, session->second, now);
  return session->second.external;
}

std::optional<Ipv4Address> NatTable::asked_address(const NatKey& internal, Instant now) const {
  const auto asked = asked_.find(internal);
  if (asked != asked_.end() && asked->second.deadline > now) return asked->second.address;
  const auto session = sessions_.find(internal);
  if (session == sessions_.end() || session->second.deadline <= now) return std::nullopt;
  return session->second.was_asked ? std::optional{session->second.external.address} : std::nullopt;
}

// One that is over, or that another interface has an address for, is none.
NatTable::Sessions::iterator NatTable::find_session(const NatKey& internal, Ipv4Address external,
                                                    Instant now) {
  const auto known = sessions_.find(internal);
  if (known == sessions_.end()) return known;
  if (known->second.deadline > now && known->second.external.address == external) return known;
  forget(known);
  return sessions_.end();
}

std::expected<NatTable::Sessions::iterator, DropReason> NatTable::begin(const NatKey& internal,
                                                                        Ipv4Address external,
                                                                        Instant now) {
  if (!has_room(now)) return std::unexpected(DropReason::nat_table_full);
  auto mapped = find_external(internal, external, now);
  if (!mapped) {
    const auto number = assign(internal, external, now);
    if (!number) return std::unexpected(DropReason::nat_exhausted);
    mapped = NatEndpoint{external, *number};
  }
  return add(internal, *mapped);
}

std::expected<NatEndpoint, DropReason> NatTable::find_internal(const NatKey& external,
                                                               Instant now) const {
  if (const NatForward* const forward = forward_of(external)) return forward->to;
  const auto lives = [&](const auto& one) { return one.second->second.deadline > now; };
  const auto who = [&](NatDependence dependence) {
    return find_alike(externals_, external, dependence, lives);
  };
  const auto let_in = who(at_least_by_address(external.protocol, policy_.filtering));
  if (let_in != externals_.end()) return let_in->second->first.own;
  const bool is_mapped = has_numbers(external.protocol) &&
                         who(NatDependence::endpoint_independent) != externals_.end();
  return std::unexpected(is_mapped ? DropReason::nat_filtered : DropReason::nat_no_mapping);
}

std::optional<NatEndpoint> NatTable::find_sender(const NatKey& external, Instant now) const {
  if (const NatForward* const forward = forward_of(external)) return forward->to;
  const auto at = externals_.find(external);
  if (at == externals_.end() || at->second->second.deadline <= now) return std::nullopt;
  return at->second->first.own;
}

// A connection that begins anew has nothing of the one before.
void NatTable::note_outward(Session& session, NatTcpFlags flags) {
  if (flags.syn && session.is_closing()) {
    session = {.external = session.external, .was_asked = session.was_asked};
  }
  session.acked_out |= flags.ack;
  session.finished_out |= flags.fin;
  session.reset |= flags.rst;
}

void NatTable::note_inward(const NatKey& external, NatTcpFlags flags, Instant now) {
  const auto at = externals_.find(external);
  if (at == externals_.end() || at->second->second.deadline <= now) return;
  Session& session = at->second->second;
  session.acked_in |= flags.ack;
  session.finished_in |= flags.fin;
  session.reset |= flags.rst;
  keep(external.protocol, session, now);
}

void NatTable::note_asked(const NatKey& external, Instant now) {
  const NatForward* const forward = forward_of(external);
  if (forward == nullptr) return;
  const NatKey internal{external.protocol, forward->to, external.peer};
  const auto same = externals_.find(external);
  if (same != externals_.end() && same->second->second.deadline > now) {
    asked_.erase(internal);
  } else if (has_open_connection(internal, now)) {
    return;
  } else if (asked_.contains(internal) || has_room_for_asked(now)) {
    asked_[internal] = {external.own.address, now + timeout(external.protocol, {})};
  }
}

// A segment to another address, which anybody may have forged, does not move it.
bool NatTable::has_open_connection(const NatKey& internal, Instant now) const {
  const auto session = sessions_.find(internal);
  return internal.protocol == kTcp && session != sessions_.end() &&
         session->second.deadline > now && !session->second.is_closing();
}

// When all room is taken, those that nobody has answered in time are looked for once a second.
bool NatTable::has_room_for_asked(Instant now) {
  if (asked_.size() >= policy_.limit && now >= next_asked_sweep_) {
    std::erase_if(asked_, [&](const auto& one) { return one.second.deadline <= now; });
    next_asked_sweep_ = now + std::chrono::seconds{1};
  }
  return asked_.size() < policy_.limit;
}

// No two internal endpoints share an external one (RFC 4787 REQ-3, RFC 5382 REQ-7). Where there
// are no ports, they share it for different peers.
bool NatTable::is_free(const NatKey& external, Instant now) const {
  if (forward_of(external) != nullptr) return false;
  const auto dependence =
      at_least_by_address(external.protocol, NatDependence::endpoint_independent);
  return find_alike(externals_, external, dependence, [&](const auto& one) {
           return one.second->second.deadline > now;
         }) == externals_.end();
}

std::optional<std::uint16_t> NatTable::assign(const NatKey& internal, Ipv4Address external,
                                              Instant now) {
  NatKey wanted{internal.protocol, {external, internal.own.number}, internal.peer};
  const bool preserves =
      policy_.assignment == PortAssignment::preserving || !has_numbers(internal.protocol);
  // RFC 4787 REQ-3 b: a port below 1024 stays below.
  const bool may_keep = wanted.own.number < 1024 || policy_.ports.contains(wanted.own.number);
  if (preserves && may_keep && is_free(wanted, now)) return wanted.own.number;
  if (!has_numbers(internal.protocol)) return std::nullopt;
  return search(wanted, now);
}

std::uint16_t NatTable::first_to_try() {
  const auto [first, last] = policy_.ports;
  const std::uint32_t ports = last - first + 1U;
  const bool in_turn = policy_.assignment == PortAssignment::sequential;
  return static_cast<std::uint16_t>(first + (in_turn ? next_port_ % ports : random_.below(ports)));
}

// RFC 4787 REQ-4: even for even, odd for odd, as long as there are any. Ports of sessions that are
// over are looked for when there is no other.
std::optional<std::uint16_t> NatTable::search(const NatKey& wanted, Instant now) {
  const PortSet& used = ports_of(wanted);
  const std::uint16_t start = first_to_try();
  const bool preserves = policy_.assignment == PortAssignment::preserving;
  const auto among = preserves ? PortSet::alike(wanted.own.number) : PortSet::Among::all;
  auto number = used.first_free_from(start, policy_.ports, among);
  if (!number) {
    forget_expired(now);
    number = used.first_free_from(start, policy_.ports, among);
  }
  if (!number) number = used.first_free_from(start, policy_.ports, PortSet::Among::all);
  if (number) next_port_ = static_cast<std::uint16_t>(*number - policy_.ports.first + 1);
  return number;
}

// Those of forwards are in use for ever.
PortSet& NatTable::ports_of(const NatKey& external) {
  const auto [at, is_new] = ports_.try_emplace({external.protocol, external.own.address});
  if (!is_new) return at->second;
  for (const NatForward& forward : policy_.forward) {
    if (forward.protocol == external.protocol) at->second.add(forward.port);
  }
  return at->second;
}

// The last session of a mapping leaves its port to others.
void NatTable::release(const NatKey& external) {
  if (!has_numbers(external.protocol) || forward_of(external) != nullptr) return;
  const auto shared = find_alike(externals_, external, NatDependence::endpoint_independent,
                                 [](const auto&) { return true; });
  if (shared == externals_.end()) ports_of(external).remove(external.own.number);
}

NatTable::Sessions::iterator NatTable::add(const NatKey& internal, const NatEndpoint& external) {
  const NatKey outside{internal.protocol, external, internal.peer};
  // One that is over, or it would not be free.
  if (const auto old = externals_.find(outside); old != externals_.end()) forget(old->second);
  PortSet* const ports = has_numbers(outside.protocol) ? &ports_of(outside) : nullptr;
  const auto session = sessions_.emplace(internal, Session{.external = external}).first;
  try {
    externals_.emplace(outside, session);
  } catch (const std::bad_alloc&) {
    sessions_.erase(session);
    throw;
  }
  if (ports != nullptr) ports->add(external.number);
  return session;
}

// RFC 5508 section 6: to take the place of another session is strongly discouraged.
bool NatTable::has_room(Instant now) {
  if (sessions_.size() >= std::min<std::size_t>(sweep_at_, policy_.limit)) forget_expired(now);
  return sessions_.size() < policy_.limit;
}

void NatTable::forget(Sessions::iterator session) {
  const NatKey outside{session->first.protocol, session->second.external, session->first.peer};
  externals_.erase(outside);
  sessions_.erase(session);
  release(outside);
}

// Each time twice as many as are left have to come, so that a session is looked at twice on
// average; a full table is looked through when something may be over.
void NatTable::forget_expired(Instant now) {
  if (first_deadline_ > now) return;
  first_deadline_ = Instant::max();
  for (auto at = sessions_.begin(); at != sessions_.end();) {
    const auto session = at++;
    if (session->second.deadline <= now) {
      forget(session);
    } else {
      first_deadline_ = std::min(first_deadline_, session->second.deadline);
    }
  }
  sweep_at_ = std::max<std::size_t>(64, 2 * sessions_.size());
}

void NatTable::keep(std::uint8_t protocol, Session& session, Instant now) {
  session.deadline = now + timeout(protocol, session);
  first_deadline_ = std::min(first_deadline_, session.deadline);
}

// RFC 5382 section 5: a connection is established once both ends have acknowledged something, and
// closing with a FIN of both or a RST of one.
Duration NatTable::timeout(std::uint8_t protocol, const Session& session) const {
  const NatTimeouts& timeouts = policy_.timeouts;
  if (protocol == kIcmp) return timeouts.icmp;
  if (protocol != kTcp) return timeouts.udp;
  const bool opened = session.acked_out && session.acked_in;
  return opened && !session.is_closing() ? timeouts.tcp_established : timeouts.tcp_transitory;
}

}  // namespace hop
