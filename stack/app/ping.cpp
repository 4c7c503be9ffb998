#include "stack/app/ping.hpp"

#include <algorithm>
#include <utility>

namespace hop {
namespace {

constexpr std::size_t kSequences = 65536;
constexpr std::size_t kSequenceOffset = 6;  // in an echo message (RFC 792)

std::vector<std::byte> data_of(const PingOptions& options) {
  std::vector<std::byte> data(options.size);
  for (std::size_t i = 0; i < data.size(); ++i) {
    data[i] = options.pattern.empty() ? static_cast<std::byte>(i)
                                      : options.pattern[i % options.pattern.size()];
  }
  return data;
}

// The first byte of what came that is not as it was sent.
std::optional<std::size_t> wrong_byte(Bytes came, Bytes sent) {
  const auto [at, expected] = std::ranges::mismatch(came, sent);
  if (at == came.end() || expected == sent.end()) return std::nullopt;
  return static_cast<std::size_t>(at - came.begin());
}

}  // namespace

Ping::Ping(PingOptions options, PingWatcher& watcher)
    : options_(std::move(options)), watcher_(watcher), data_(data_of(options_)) {}

EndpointKey Ping::key() const {
  return {static_cast<std::uint8_t>(IpProtocol::icmp), options_.identifier};
}

std::optional<Instant> Ping::next_deadline() const {
  if (done_) return std::nullopt;
  const auto last = end();
  if (is_last_sent()) return last;
  return last ? std::min(*last, next_) : next_;
}

// With a deadline, ping goes on until so many are answered.
bool Ping::is_last_sent() const {
  return options_.count && !options_.deadline && totals_.sent >= *options_.count;
}

std::optional<Instant> Ping::end() const {
  if (!totals_.begun) return std::nullopt;
  if (options_.deadline) return *totals_.begun + *options_.deadline;
  if (!is_last_sent()) return std::nullopt;
  const Duration wait =
      trips_.count() == 0 ? options_.linger : std::max(2 * trips_.most(), options_.interval);
  return last_request_ + wait;
}

void Ping::act(Instant now, Node& node, Outbox& out) {
  if (!totals_.begun) {
    totals_.begun = now;
    for (std::uint64_t i = 1; i < options_.preload && !is_last_sent(); ++i) send(now, node, out);
    next_ = now;
  }
  if (const auto last = end(); last && *last <= now) {
    done_ = true;
    return;
  }
  if (next_ > now || is_last_sent()) return;
  tell_if_waiting(now);
  send(now, node, out);
}

void Ping::tell_if_waiting(Instant now) {
  const auto before = static_cast<std::uint16_t>(totals_.sent);
  const Request* const request = totals_.sent == 0 ? nullptr : find(before);
  if (request != nullptr && !request->answered && request->at < now) watcher_.waits(before);
}

void Ping::send(Instant now, Node& node, Outbox& out) {
  const auto sequence = static_cast<std::uint16_t>(++totals_.sent);
  if (requests_.size() < kSequences) requests_.resize(totals_.sent + 1);
  requests_[sequence] = {.at = now};
  totals_.last = last_request_ = now;
  next_ = now + std::max(options_.interval, kLeastPingInterval);
  const std::uint16_t mtu = node.path_mtu(options_.destination, now).value_or(0);
  const SendResult result = send_request(sequence, mtu, now, node, out);
  if (result) return watcher_.sent(sequence);
  watcher_.failed(sequence, result.error(), mtu);
  count_error();
}

SendResult Ping::send_request(std::uint16_t sequence, std::uint16_t mtu, Instant now, Node& node,
                              Outbox& out) {
  const std::size_t size = kIpv4MinHeader + options_.options.size() + kIcmpHeader + data_.size();
  const PathMtuPolicy policy = options_.path_mtu;
  const bool whole = policy == PathMtuPolicy::need || policy == PathMtuPolicy::probe ||
                     (policy == PathMtuPolicy::want && size <= mtu);
  const IcmpMessage echo{.type = IcmpType::echo,
                         .rest = std::uint32_t{options_.identifier} << 16U | sequence};
  return node.send_icmp({.destination = options_.destination,
                         .source = options_.source,
                         .ttl = options_.ttl,
                         .tos = options_.tos,
                         .dont_fragment = whole,
                         .ignore_path_mtu = policy == PathMtuPolicy::probe,
                         .options = options_.options,
                         .now = now},
                        echo, data_, out);
}

// A request that was sent; the sequence says nothing of one that was not.
Ping::Request* Ping::find(std::uint16_t sequence) {
  const bool known = totals_.sent >= kSequences || (sequence > 0 && sequence <= totals_.sent);
  return known && sequence < requests_.size() ? &requests_[sequence] : nullptr;
}

void Ping::receive(const Delivery& delivery, Node& node, Outbox& /*out*/) {
  const auto icmp = IcmpView::parse(delivery.ip.payload());
  if (!icmp || icmp->type() != IcmpType::echo_reply) return;
  Request* const request = find(icmp->sequence());
  if (request == nullptr) return;
  const PingReply reply{.sequence = icmp->sequence(),
                        .ip = delivery.ip,
                        .options = delivery.options,
                        .bytes = delivery.ip.payload().size(),
                        .round_trip = delivery.now - request->at,
                        .duplicate = request->answered,
                        .shortened = delivery.data.size() < data_.size(),
                        .wrong_byte = wrong_byte(delivery.data, data_)};
  request->answered = true;
  totals_.last = delivery.now;
  ++(reply.duplicate ? totals_.duplicates : totals_.received);
  if (reply.wrong_byte) ++totals_.corrupted;
  trips_.add(reply.round_trip);
  note_pipe(reply.sequence);
  if (options_.at_once && !reply.duplicate) {
    next_ = std::max(delivery.now, last_request_ + kLeastPingInterval);
  }
  node.advise(options_.destination, WayAdvice::works, delivery.now);
  watcher_.replied(reply);
  end_if_all_answered();
}

// An echo request of ours to that destination with a sequence that was sent (RFC 5927 section 4).
bool Ping::error(const ErrorDelivery& delivery, Node& /*node*/, Outbox& /*out*/) {
  const Ipv4HeaderView& quoted = delivery.error.quoted;
  const Bytes echo = quoted.payload();
  const bool ours = quoted.destination() == options_.destination &&
                    quoted.carries(IpProtocol::icmp) && echo.size() >= kIcmpHeader &&
                    static_cast<IcmpType>(byte_at(echo, 0)) == IcmpType::echo;
  if (!ours) return false;
  const auto sequence = load_be<std::uint16_t>(echo, kSequenceOffset);
  Request* const request = find(sequence);
  if (request == nullptr) return false;
  watcher_.reported(sequence, delivery);
  if (delivery.severity == Severity::other_way) return true;  // the request itself went on
  note_pipe(sequence);
  if (!request->answered) count_error();
  request->answered = true;
  return true;
}

// Sequences wrap; what is answered more than half of them late tells nothing.
void Ping::note_pipe(std::uint16_t answered) {
  const auto behind = static_cast<std::uint16_t>(totals_.sent - answered);
  if (behind < kSequences / 2) totals_.pipe = std::max<std::uint64_t>(totals_.pipe, behind + 1U);
}

void Ping::count_error() {
  ++totals_.errors;
  done_ = done_ || options_.deadline.has_value();  // as `ping -w`
  end_if_all_answered();
}

void Ping::end_if_all_answered() {
  const std::uint64_t heard = totals_.received + totals_.errors;
  if (options_.count && heard >= *options_.count) done_ = true;
}

}  // namespace hop
