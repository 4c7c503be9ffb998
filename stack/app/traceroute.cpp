#include "stack/app/traceroute.hpp"

#include <algorithm>
#include <utility>

#include "stack/wire/udp.hpp"

namespace hop {
namespace {

constexpr std::size_t kSequenceOffset = 6;  // in an echo message (RFC 792)
constexpr std::uint32_t kPorts = 65535;     // from 1 on
// Answers of a path without delay are still given some time.
constexpr Duration kLeastPatience = std::chrono::milliseconds{10};

bool has_own_source_port(ProbeKind kind) {
  return kind == ProbeKind::udp_port || kind == ProbeKind::tcp;
}

IpProtocol protocol_of(ProbeKind kind) {
  if (kind == ProbeKind::icmp) return IpProtocol::icmp;
  return kind == ProbeKind::tcp ? IpProtocol::tcp : IpProtocol::udp;
}

// Behind port 65535 comes port 1.
std::uint16_t port_behind(std::uint16_t first, std::size_t number) {
  return static_cast<std::uint16_t>((first - 1U + number) % kPorts + 1);
}

// The reverse: how far `port` is behind `first`.
std::size_t steps_behind(std::uint16_t first, std::uint16_t port) {
  return (kPorts + port - first) % kPorts;
}

// What the size leaves for data behind the headers.
std::size_t room_for_data(const TracerouteOptions& options, std::size_t header) {
  const std::size_t headers = kIpv4MinHeader + options.options.size() + header;
  return options.size > headers ? options.size - headers : 0;
}

// Anything but a TTL that ran out ends the way.
bool ends_the_way(const ProbeAnswer& answer) {
  return !answer.error || answer.error->type != IcmpType::time_exceeded;
}

}  // namespace

Traceroute::Traceroute(TracerouteOptions options, TracerouteWatcher& watcher)
    : options_(std::move(options)),
      watcher_(watcher),
      last_((options_.max_ttl - options_.first_ttl + std::size_t{1}) * options_.queries) {
  probes_.reserve(last_);
  if (!options_.discover_mtu) return;
  options_.dont_fragment = true;
  options_.at_once = 1;
}

std::vector<EndpointKey> Traceroute::keys() const {
  const auto protocol = static_cast<std::uint8_t>(protocol_of(options_.kind));
  const std::size_t count = has_own_source_port(options_.kind) ? last_ : 1;
  std::vector<EndpointKey> keys;
  for (std::size_t i = 0; i < count; ++i) keys.push_back({protocol, source_port(i)});
  return keys;
}

std::uint16_t Traceroute::source_port(std::size_t number) const {
  const std::size_t own = has_own_source_port(options_.kind) ? number : 0;
  return port_behind(options_.source_port, own);
}

std::uint16_t Traceroute::destination_port(std::size_t number) const {
  const std::size_t own = options_.kind == ProbeKind::udp ? number : 0;
  return port_behind(options_.port, own);
}

bool Traceroute::may_send() const {
  if (probes_.size() >= last_) return false;
  const auto waiting = std::ranges::count(probes_, false, &Probe::over);
  return static_cast<unsigned>(waiting) < options_.at_once;
}

std::optional<Instant> Traceroute::next_deadline() const {
  if (done()) return std::nullopt;
  std::optional<Instant> next;
  if (may_send()) next = next_;
  for (std::size_t i = told_; i < probes_.size(); ++i) {
    if (probes_[i].refusal) return probes_[i].sent;  // at once
    if (!probes_[i].over) next = std::min(next.value_or(expiry(i)), expiry(i));
  }
  return next;
}

// Where others have answered, this one ought to be here too.
Duration Traceroute::patience(std::size_t number) const {
  const auto times = [](double factor, Duration trip) {
    const Duration longest{static_cast<Duration::rep>(factor * static_cast<double>(trip.count()))};
    return std::max(longest, kLeastPatience);
  };
  for (std::size_t i = number / options_.queries * options_.queries; i < probes_.size(); ++i) {
    const auto& answer = probes_[i].result.answer;
    const bool here = i / options_.queries == number / options_.queries;
    const double factor = here ? options_.wait_here : options_.wait_near;
    if (answer && factor > 0) return std::min(options_.wait, times(factor, answer->round_trip));
  }
  return options_.wait;
}

Instant Traceroute::expiry(std::size_t number) const {
  return probes_[number].sent + patience(number);
}

void Traceroute::act(Instant now, Node& node, Outbox& out) {
  send_refused_again(now, node, out);
  give_up(now);
  while (next_ <= now && may_send()) send(now, node, out);
  tell();
}

void Traceroute::give_up(Instant now) {
  for (std::size_t i = told_; i < probes_.size(); ++i) {
    if (!probes_[i].over && expiry(i) <= now) probes_[i].over = true;
  }
}

void Traceroute::send(Instant now, Node& node, Outbox& out) {
  const std::size_t number = probes_.size();
  const auto ttl = static_cast<std::uint8_t>(options_.first_ttl + number / options_.queries);
  probes_.emplace_back().result = {.ttl = ttl,
                                   .query = static_cast<unsigned>(number % options_.queries)};
  next_ = now + options_.pause;
  dispatch(number, now, node, out);
}

void Traceroute::dispatch(std::size_t number, Instant now, Node& node, Outbox& out) {
  Probe& probe = probes_[number];
  probe.sent = now;
  SendResult result = send_probe(number, now, node, out);
  if (!result && result.error() == SendFault::too_big && shrink_to_path(number, now, node)) {
    result = send_probe(number, now, node, out);
  }
  if (result) return;
  probe.over = true;
  probe.result.fault = result.error();
}

// By now the node has learned the path MTU from the error, or did not believe it.
void Traceroute::send_refused_again(Instant now, Node& node, Outbox& out) {
  for (std::size_t i = told_; i < probes_.size(); ++i) {
    auto refusal = std::exchange(probes_[i].refusal, std::nullopt);
    if (!refusal) continue;
    if (shrink_to_path(i, now, node)) {
      dispatch(i, now, node, out);
    } else {
      settle(i, *std::move(refusal));
    }
  }
}

// False when that is no smaller than what probes are now.
bool Traceroute::shrink_to_path(std::size_t number, Instant now, const Node& node) {
  if (!options_.discover_mtu) return false;
  const auto mtu = node.path_mtu(options_.first_hop.value_or(options_.destination), now);
  if (!mtu || *mtu >= options_.size) return false;
  options_.size = *mtu;
  probes_[number].result.mtu = mtu;
  return true;
}

SendResult Traceroute::send_probe(std::size_t number, Instant now, Node& node, Outbox& out) {
  const Outgoing what{.destination = options_.destination,
                      .source = options_.source,
                      .ttl = probes_[number].result.ttl,
                      .tos = options_.tos,
                      .dont_fragment = options_.dont_fragment,
                      .options = options_.options,
                      .first_hop = options_.first_hop,
                      .now = now};
  if (options_.kind == ProbeKind::tcp) {
    const TcpHeader syn{.source_port = source_port(number),
                        .destination_port = destination_port(number),
                        .sequence = static_cast<std::uint32_t>(number + 1),
                        .acknowledgment = 0,
                        .flags = std::to_underlying(TcpFlag::syn),
                        .window = 5840};
    return node.send_tcp(what, syn, out);
  }
  const std::size_t header = options_.kind == ProbeKind::icmp ? kIcmpHeader : kUdpHeader;
  const std::vector<std::byte> data(room_for_data(options_, header), std::byte{0x40});
  if (options_.kind != ProbeKind::icmp) {
    return node.send_udp(what, source_port(number), destination_port(number), data, out);
  }
  const auto sequence = static_cast<std::uint16_t>(number + 1);
  const IcmpMessage echo{.type = IcmpType::echo,
                         .rest = std::uint32_t{options_.source_port} << 16U | sequence};
  return node.send_icmp(what, echo, data, out);
}

// Which probe a quote is of, if it is one of ours that was sent (RFC 5927 section 4).
std::optional<std::size_t> Traceroute::number_of(const Ipv4HeaderView& quoted) const {
  const Bytes header = quoted.payload();
  if (!quoted.carries(protocol_of(options_.kind)) || header.size() < 8) return std::nullopt;
  std::size_t number = 0;
  if (options_.kind == ProbeKind::icmp) {
    if (static_cast<IcmpType>(byte_at(header, 0)) != IcmpType::echo) return std::nullopt;
    number = load_be<std::uint16_t>(header, kSequenceOffset) - std::size_t{1};
  } else if (options_.kind == ProbeKind::udp) {
    number = steps_behind(options_.port, load_be<std::uint16_t>(header, 2));
  } else {
    number = steps_behind(options_.source_port, load_be<std::uint16_t>(header, 0));
    if (load_be<std::uint16_t>(header, 2) != options_.port) return std::nullopt;
  }
  return number < probes_.size() ? std::optional{number} : std::nullopt;
}

void Traceroute::receive(const Delivery& delivery, Node& /*node*/, Outbox& /*out*/) {
  if (delivery.ip.source() != options_.destination) return;
  ProbeAnswer answer{.from = delivery.ip.source(), .round_trip = {}, .ttl = delivery.ip.ttl()};
  std::size_t number = 0;
  if (options_.kind == ProbeKind::icmp) {
    const auto icmp = IcmpView::parse(delivery.ip.payload());
    if (!icmp || icmp->type() != IcmpType::echo_reply) return;
    number = icmp->sequence() - std::size_t{1};
  } else if (options_.kind == ProbeKind::udp) {
    number = steps_behind(options_.port, delivery.remote_port);
  } else {
    number = steps_behind(options_.source_port, delivery.local_port);
  }
  if (number >= probes_.size()) return;
  if (options_.kind == ProbeKind::tcp) {
    const auto tcp =
        TcpView::parse(delivery.ip.payload(), delivery.ip.source(), delivery.ip.destination());
    answer.tcp_open = tcp && tcp->has(TcpFlag::syn) && tcp->has(TcpFlag::ack);
  }
  answer.round_trip = delivery.now - probes_[number].sent;
  settle(number, std::move(answer));
}

bool Traceroute::error(const ErrorDelivery& delivery, Node& /*node*/, Outbox& /*out*/) {
  const ReceivedError& error = delivery.error;
  const bool to_there = error.quoted.destination() == options_.destination ||
                        (options_.first_hop && !options_.options.empty());
  const auto number = to_there ? number_of(error.quoted) : std::nullopt;
  if (!number) return false;
  if (delivery.severity == Severity::other_way) return true;  // the probe itself went on
  ProbeAnswer answer{.from = error.reporter,
                     .round_trip = delivery.now - probes_[*number].sent,
                     .ttl = delivery.ip.ttl(),
                     .error = error.message};
  const auto extension = extension_of(error);
  if (extension) answer.extension.assign(extension->bytes().begin(), extension->bytes().end());
  if (options_.discover_mtu && delivery.severity == Severity::too_big) {
    probes_[*number].refusal = std::move(answer);
  } else {
    settle(*number, std::move(answer));
  }
  return true;
}

// RFC 4884 section 5.5: the old layout is looked for only where the user wants that.
std::optional<ExtensionView> Traceroute::extension_of(const ReceivedError& error) const {
  if (error.extensions || !options_.old_extensions) return error.extensions;
  return extensions_of_old_layout(error);
}

void Traceroute::settle(std::size_t number, ProbeAnswer answer) {
  Probe& probe = probes_[number];
  if (probe.over) return;
  probe.over = true;
  if (ends_the_way(answer)) {
    last_ = std::min(last_, (number / options_.queries + 1) * options_.queries);
    reached_ = reached_ || answer.from == options_.destination;
    ended_ = true;
  }
  probe.result.answer = std::move(answer);
  tell();
}

void Traceroute::tell() {
  while (told_ < std::min(last_, probes_.size()) && probes_[told_].over) {
    watcher_.result(probes_[told_++].result);
  }
}

}  // namespace hop
