#include "stack/app/tcp_connection.hpp"

namespace hop {
namespace {

using std::chrono::seconds;

// The timeout doubles from one second on, so the last of these is given up 255 s after the first
// (RFC 9293 section 3.8.3: at least 3 minutes for a SYN, 100 s for others).
constexpr Duration kFirstTimeout = seconds{1};
constexpr std::uint8_t kMostRetransmissions = 7;
// Twice an MSL of 30 s, as Linux has it; RFC 9293 section 3.4.2 takes an MSL of 2 minutes.
constexpr Duration kTimeWait = seconds{60};
// A peer that vanishes after our FIN would be waited for without an end.
constexpr Duration kFinWait2 = seconds{60};
// Two that each find the other's acknowledgments unacceptable must not go on for ever.
constexpr Duration kChallengeInterval = std::chrono::milliseconds{500};

bool is_after(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

}  // namespace

TcpConnection::TcpConnection(const TcpView& syn, std::uint32_t initial_sequence, TcpService service)
    : expected_(syn.sequence() + 1),
      unacknowledged_(initial_sequence),
      next_(initial_sequence + 1),
      service_(service) {}

TcpControl TcpConnection::open(Instant now) {
  start_retransmission(now);
  return segment_of(unacknowledged_, tcp_flags(TcpFlag::syn, TcpFlag::ack));
}

// The steps of RFC 9293 section 3.10.7.4 in their order; security and urgent data are nothing here.
std::optional<TcpControl> TcpConnection::receive(const TcpView& segment, Instant now) {
  if (!is_acceptable(segment)) return refuse(segment, now);
  if (segment.has(TcpFlag::rst)) return take_reset(segment, now);
  if (segment.has(TcpFlag::syn)) return take_syn(now);
  if (!segment.has(TcpFlag::ack)) return std::nullopt;
  if (state_ == TcpState::syn_received) {
    if (const auto reset = establish(segment)) return reset;
  }
  // RFC 5961 section 5, as section 3.10.7.4 has it: neither of what was not sent nor of long ago.
  if (next_ - segment.acknowledgment() > std::uint32_t{kWindow} + 1) return challenge(now);
  take_ack(segment.acknowledgment(), now);
  return take_text(segment, now);
}

// Table 6. The window is never 0 and larger than any segment.
bool TcpConnection::is_acceptable(const TcpView& segment) const {
  const std::uint32_t first = segment.sequence() - expected_;
  const std::uint32_t length = segment.sequence_length();
  return first < kWindow || (length > 0 && first + length - 1 < kWindow);
}

// A first SYN that comes again gets our SYN again, without which the peer cannot go on: it would
// ignore a bare acknowledgment (section 3.10.7.3).
std::optional<TcpControl> TcpConnection::refuse(const TcpView& segment, Instant now) {
  if (segment.has(TcpFlag::rst)) return std::nullopt;
  if (state_ == TcpState::syn_received && segment.has(TcpFlag::syn) &&
      segment.sequence() + 1 == expected_) {
    return segment_of(unacknowledged_, tcp_flags(TcpFlag::syn, TcpFlag::ack));
  }
  if (state_ == TcpState::time_wait && segment.has(TcpFlag::fin)) deadline_ = now + kTimeWait;
  const bool takes_room = segment.sequence_length() > 0 && !segment.has(TcpFlag::syn);
  return takes_room ? acknowledge() : challenge(now);
}

// A blind one has to hit the very next number (RFC 5961 section 3, as section 3.10.7.4 has it).
std::optional<TcpControl> TcpConnection::take_reset(const TcpView& segment, Instant now) {
  if (segment.sequence() != expected_) return challenge(now);
  enter(TcpState::closed, std::nullopt);
  return std::nullopt;
}

std::optional<TcpControl> TcpConnection::take_syn(Instant now) {
  if (state_ != TcpState::syn_received) return challenge(now);
  enter(TcpState::closed, std::nullopt);  // back to LISTEN
  return std::nullopt;
}

std::optional<TcpControl> TcpConnection::establish(const TcpView& segment) {
  if (segment.acknowledgment() != next_) {
    return TcpControl{.sequence = segment.acknowledgment(),
                      .acknowledgment = 0,
                      .flags = tcp_flags(TcpFlag::rst)};
  }
  enter(TcpState::established, std::nullopt);
  return std::nullopt;
}

// Nothing but a SYN or a FIN of ours is ever acknowledged.
void TcpConnection::take_ack(std::uint32_t acknowledgment, Instant now) {
  if (acknowledgment != next_ || unacknowledged_ == next_) return;
  unacknowledged_ = next_;
  if (state_ == TcpState::fin_wait_1) enter(TcpState::fin_wait_2, now + kFinWait2);
  if (state_ == TcpState::closing) enter(TcpState::time_wait, now + kTimeWait);
  if (state_ == TcpState::last_ack) enter(TcpState::closed, std::nullopt);
}

// What comes before its time is not kept: the peer sends it again.
std::optional<TcpControl> TcpConnection::take_text(const TcpView& segment, Instant now) {
  const bool receives = state_ == TcpState::established || state_ == TcpState::fin_wait_1 ||
                        state_ == TcpState::fin_wait_2;
  if (!receives || segment.sequence_length() == 0) return std::nullopt;
  if (is_after(segment.sequence(), expected_)) return acknowledge();
  const auto end = segment.sequence() + static_cast<std::uint32_t>(segment.data().size());
  const bool is_new = is_after(end, expected_);
  if (is_new) expected_ = end;
  if (segment.has(TcpFlag::fin)) return take_fin(now);
  if (is_new && state_ == TcpState::established && service_ == TcpService::close) {
    return close(TcpState::fin_wait_1, now);
  }
  return acknowledge();
}

TcpControl TcpConnection::take_fin(Instant now) {
  ++expected_;
  if (state_ == TcpState::established) return close(TcpState::last_ack, now);
  if (state_ == TcpState::fin_wait_1) {
    state_ = TcpState::closing;  // our FIN goes on being sent again
  } else {
    enter(TcpState::time_wait, now + kTimeWait);
  }
  return acknowledge();
}

TcpControl TcpConnection::close(TcpState into, Instant now) {
  state_ = into;
  start_retransmission(now);
  return segment_of(next_++, tcp_flags(TcpFlag::fin, TcpFlag::ack));
}

std::optional<TcpControl> TcpConnection::challenge(Instant now) {
  if (challenged_ && now - *challenged_ < kChallengeInterval) return std::nullopt;
  challenged_ = now;
  return acknowledge();
}

std::optional<TcpControl> TcpConnection::expire(Instant now) {
  const bool waits = state_ == TcpState::fin_wait_2 || state_ == TcpState::time_wait;
  if (waits || tries_ == kMostRetransmissions) {
    enter(TcpState::closed, std::nullopt);
    return std::nullopt;
  }
  ++tries_;
  deadline_ = now + kFirstTimeout * (1U << tries_);
  const TcpFlag what = state_ == TcpState::syn_received ? TcpFlag::syn : TcpFlag::fin;
  return segment_of(unacknowledged_, tcp_flags(what, TcpFlag::ack));
}

void TcpConnection::fail() {
  if (state_ == TcpState::syn_received) enter(TcpState::closed, std::nullopt);
}

bool TcpConnection::may_be_replaced_by(const TcpView& syn) const {
  return state_ == TcpState::time_wait && is_after(syn.sequence(), expected_);
}

void TcpConnection::enter(TcpState state, std::optional<Instant> until) {
  state_ = state;
  deadline_ = until;
  tries_ = 0;
  if (state == TcpState::established) unacknowledged_ = next_;
}

void TcpConnection::start_retransmission(Instant now) {
  tries_ = 0;
  deadline_ = now + kFirstTimeout;
}

}  // namespace hop
