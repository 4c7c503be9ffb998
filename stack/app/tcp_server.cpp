#include "stack/app/tcp_server.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hop {
namespace {

constexpr std::size_t kSequenceOffset = 4;
// RFC 9293 section 3.8.3: R1, which SHOULD be at least 3 retransmissions.
constexpr unsigned kTriesToDoubtTheWay = 3;
// RFC 9293 section 3.7.1: the default for IPv4.
constexpr std::uint16_t kDefaultMss = 536;

std::uint16_t mss_toward(Ipv4Address peer, Instant now, const Node& node) {
  const auto mtu = node.path_mtu(peer, now);
  if (!mtu) return kDefaultMss;
  return static_cast<std::uint16_t>(*mtu - kIpv4MinHeader - kTcpMinHeader);
}

// What gives way first: what is over but for old segments, then what is not open yet.
int worth(TcpState state) {
  if (state == TcpState::time_wait) return 0;
  return state == TcpState::syn_received ? 1 : 2;
}

}  // namespace

void TcpServer::receive(const Delivery& delivery, Node& node, Outbox& out) {
  const Sockets sockets{.local = delivery.ip.destination(),
                        .remote = delivery.ip.source(),
                        .local_port = delivery.local_port,
                        .remote_port = delivery.remote_port};
  Entry* const entry = find(sockets);
  if (entry == nullptr) return listen(delivery, sockets, node, out);
  take(*entry, delivery, node, out);
}

// RFC 9293 section 3.10.7.2.
void TcpServer::listen(const Delivery& delivery, const Sockets& sockets, Node& node, Outbox& out) {
  const TcpView segment = TcpView::of_checked(delivery.ip.payload());
  if (segment.has(TcpFlag::rst)) return;
  if (!segment.has(TcpFlag::ack)) {
    if (!segment.has(TcpFlag::syn)) return;
    return accept(delivery, sockets, initial_sequence(sockets, delivery.now), node, out);
  }
  const ReplyOptions route = reversed_route(delivery.ip, delivery.options);
  const Outgoing back{.destination = sockets.remote,
                      .source = sockets.local,
                      .options = route.bytes(),
                      .first_hop = route.first_hop,
                      .now = delivery.now};
  std::ignore = node.send_tcp(back, reset_for(segment), out);  // lost, as any other may be
}

void TcpServer::accept(const Delivery& delivery, const Sockets& sockets,
                       std::uint32_t initial_sequence, Node& node, Outbox& out) {
  if (entries_.size() == kMostConnections) make_room();
  const TcpView syn = TcpView::of_checked(delivery.ip.payload());
  Entry& entry = entries_.emplace_back(
      sockets, TcpConnection{syn, initial_sequence, service_of(sockets.local_port)}, ++segments_,
      reversed_route(delivery.ip, delivery.options));
  node.count(Mib::tcp_passive_opens);
  const TcpControl answer = entry.connection.open(delivery.now);
  wake_at(entry.connection.deadline());
  send(entry, answer, delivery.now, node, out);
}

void TcpServer::take(Entry& entry, const Delivery& delivery, Node& node, Outbox& out) {
  const TcpView segment = TcpView::of_checked(delivery.ip.payload());
  TcpConnection& connection = entry.connection;
  const bool opens =
      segment.has(TcpFlag::syn) && !segment.has(TcpFlag::ack) && !segment.has(TcpFlag::rst);
  if (opens && connection.may_be_replaced_by(segment)) {
    // RFC 9293 section 3.6.1 (1): with a number larger than any of before.
    const Sockets sockets = entry.sockets;
    const std::uint32_t larger = connection.next_sequence() + 1;
    remove(entry, TcpState::time_wait, node);
    return accept(delivery, sockets, larger, node, out);
  }
  const TcpState before = connection.state();
  entry.heard = ++segments_;
  // A later route overrides an earlier one (RFC 9293 section 3.9.2.1, SHLD-24).
  if (delivery.options.source_route != 0) {
    entry.route = reversed_route(delivery.ip, delivery.options);
  }
  const auto answer = connection.receive(segment, delivery.now);
  if (answer) send(entry, *answer, delivery.now, node, out);
  if (before == TcpState::syn_received && connection.state() == TcpState::established) {
    node.advise(entry.sockets.remote, WayAdvice::works, delivery.now);
  }
  if (connection.state() == TcpState::closed) return remove(entry, before, node);
  wake_at(connection.deadline());
}

void TcpServer::act(Instant now, Node& node, Outbox& out) {
  next_.reset();
  for (std::size_t i = entries_.size(); i-- > 0;) {
    Entry& entry = entries_[i];
    const auto due = entry.connection.deadline();
    if (due && *due <= now) {
      const TcpState before = entry.connection.state();
      const auto again = entry.connection.expire(now);
      if (entry.connection.state() == TcpState::closed) {
        remove(entry, before, node);
        continue;
      }
      if (again) {
        send(entry, *again, now, node, out);
        node.count(Mib::tcp_retrans_segs);
      }
      if (entry.connection.retransmissions() == kTriesToDoubtTheWay) {
        node.advise(entry.sockets.remote, WayAdvice::fails, now);
      }
    }
    wake_at(entry.connection.deadline());
  }
}

// The quote has both ports and the sequence number (RFC 5927 section 4.1); errors about what need
// not arrive at all, such as bare acknowledgments, are not believed.
bool TcpServer::error(const ErrorDelivery& delivery, Node& node, Outbox& /*out*/) {
  const Ipv4HeaderView& quoted = delivery.error.quoted;
  const Bytes segment = quoted.payload();
  if (segment.size() < kSequenceOffset + sizeof(std::uint32_t)) return false;
  Entry* const entry = find({.local = quoted.source(),
                             .remote = quoted.destination(),
                             .local_port = load_be<std::uint16_t>(segment, 0),
                             .remote_port = load_be<std::uint16_t>(segment, 2)});
  if (entry == nullptr) return false;
  TcpConnection& connection = entry->connection;
  if (!connection.is_in_flight(load_be<std::uint32_t>(segment, kSequenceOffset))) return false;
  const TcpState before = connection.state();
  if (delivery.severity == Severity::final) connection.fail();
  if (connection.state() == TcpState::closed) remove(*entry, before, node);
  return true;
}

TcpServer::Entry* TcpServer::find(const Sockets& sockets) {
  const auto at = std::ranges::find(entries_, sockets, &Entry::sockets);
  return at == entries_.end() ? nullptr : &*at;
}

// RFC 4022: tcpAttemptFails and tcpEstabResets.
void TcpServer::remove(Entry& entry, TcpState before, Node& node) {
  if (before == TcpState::syn_received) node.count(Mib::tcp_attempt_fails);
  if (before == TcpState::established) node.count(Mib::tcp_estab_resets);
  if (&entry != &entries_.back()) entry = entries_.back();
  entries_.pop_back();
}

// Of those of equal worth, the one that has been silent longest.
void TcpServer::make_room() {
  const auto least = std::ranges::min_element(entries_, {}, [](const Entry& entry) {
    return std::pair{worth(entry.connection.state()), entry.heard};
  });
  if (&*least != &entries_.back()) *least = entries_.back();
  entries_.pop_back();
}

void TcpServer::wake_at(std::optional<Instant> deadline) {
  if (deadline) next_ = std::min(next_.value_or(*deadline), *deadline);
}

// RFC 9293 section 3.4.1: a clock of 4 microseconds and a number of the connection's own. It is not
// cryptographic: an emulator is to be reproducible.
std::uint32_t TcpServer::initial_sequence(const Sockets& sockets, Instant now) const {
  const std::uint64_t addresses = std::uint64_t{sockets.local.value} << 32U | sockets.remote.value;
  const std::uint64_t ports = std::uint64_t{sockets.local_port} << 16U | sockets.remote_port;
  const std::uint64_t own = secret_.split(addresses).split(ports).next();
  const auto clock = static_cast<std::uint64_t>(now.time_since_epoch().count()) / 4000;
  return static_cast<std::uint32_t>(clock + own);
}

TcpService TcpServer::service_of(std::uint16_t port) const {
  const bool sink = std::ranges::any_of(sinks_, [=](PortRange r) { return r.contains(port); });
  return sink ? TcpService::sink : TcpService::close;
}

// A segment that cannot be sent is lost, as any other may be.
void TcpServer::send(const Entry& entry, const TcpControl& segment, Instant now, Node& node,
                     Outbox& out) {
  const Sockets& sockets = entry.sockets;
  TcpHeader header{.source_port = sockets.local_port,
                   .destination_port = sockets.remote_port,
                   .sequence = segment.sequence,
                   .acknowledgment = segment.acknowledgment,
                   .flags = segment.flags,
                   .window = TcpConnection::kWindow};
  if (header.has(TcpFlag::rst)) header.window = 0;
  if (header.has(TcpFlag::syn)) header.mss = mss_toward(sockets.remote, now, node);
  const Outgoing what{.destination = sockets.remote,
                      .source = sockets.local,
                      .options = entry.route.bytes(),
                      .first_hop = entry.route.first_hop,
                      .now = now};
  std::ignore = node.send_tcp(what, header, out);
}

}  // namespace hop
