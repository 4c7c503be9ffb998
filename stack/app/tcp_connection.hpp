#pragma once
// A TCP connection that a peer has opened, of a server that sends no data (RFC 9293).

#include <cstdint>
#include <optional>

#include "stack/base/clock.hpp"
#include "stack/wire/tcp.hpp"

namespace hop {

/// RFC 9293 section 3.3.2. LISTEN is where there is no connection yet, and CLOSE-WAIT is left as
/// soon as it is entered, since this side then closes, too.
enum class TcpState : std::uint8_t {
  syn_received,
  established,
  fin_wait_1,
  fin_wait_2,
  closing,
  last_ack,
  time_wait,
  closed,  ///< over: nothing more may be done with it
};

/// What a service does with a connection.
enum class TcpService : std::uint8_t {
  close,  ///< closes after the first data that comes, or after the peer
  sink,   ///< takes all data, and closes after the peer (RFC 863)
};

/// A segment that a connection sends.
struct TcpControl {
  std::uint32_t sequence;
  std::uint32_t acknowledgment;
  std::uint8_t flags;
};

/// The state machine of one connection: segments and time go in, at most one segment for each comes
/// out. Data are taken in order and thrown away, so the window never shrinks.
class TcpConnection {
 public:
  /// RFC 9293 section 3.10.7.2: `syn` has SYN, but neither RST nor ACK. Its data, if any, are not
  /// taken, and so will be sent again.
  TcpConnection(const TcpView& syn, std::uint32_t initial_sequence, TcpService service);

  [[nodiscard]] TcpControl open(Instant now);
  /// RFC 9293 section 3.10.7.4.
  [[nodiscard]] std::optional<TcpControl> receive(const TcpView& segment, Instant now);
  /// A timer is due (section 3.10.8); a segment that comes out was sent before.
  [[nodiscard]] std::optional<TcpControl> expire(Instant now);
  /// An error that ends a connection, about a segment of this one. It ends only one that is not yet
  /// synchronized (RFC 5927 section 5.2).
  void fail();

  [[nodiscard]] TcpState state() const { return state_; }
  [[nodiscard]] std::optional<Instant> deadline() const { return deadline_; }
  /// Has `sequence` been sent, and not been acknowledged (RFC 5927 section 4.1)?
  [[nodiscard]] bool is_in_flight(std::uint32_t sequence) const {
    return sequence - unacknowledged_ < next_ - unacknowledged_;
  }
  /// May a SYN in TIME-WAIT open a new connection: is it later than all that came before (RFC 9293
  /// section 3.6.1, MAY-2)?
  [[nodiscard]] bool may_be_replaced_by(const TcpView& syn) const;
  /// SND.NXT.
  [[nodiscard]] std::uint32_t next_sequence() const { return next_; }
  /// How often the same segment has been sent again.
  [[nodiscard]] unsigned retransmissions() const { return tries_; }

  static constexpr std::uint16_t kWindow = 65535;

 private:
  [[nodiscard]] bool is_acceptable(const TcpView& segment) const;
  [[nodiscard]] std::optional<TcpControl> refuse(const TcpView& segment, Instant now);
  [[nodiscard]] std::optional<TcpControl> take_reset(const TcpView& segment, Instant now);
  [[nodiscard]] std::optional<TcpControl> take_syn(Instant now);
  [[nodiscard]] std::optional<TcpControl> establish(const TcpView& segment);
  void take_ack(std::uint32_t acknowledgment, Instant now);
  [[nodiscard]] std::optional<TcpControl> take_text(const TcpView& segment, Instant now);
  [[nodiscard]] TcpControl take_fin(Instant now);
  [[nodiscard]] TcpControl close(TcpState into, Instant now);
  [[nodiscard]] std::optional<TcpControl> challenge(Instant now);
  [[nodiscard]] TcpControl segment_of(std::uint32_t sequence, std::uint8_t flags) const {
    return {.sequence = sequence, .acknowledgment = expected_, .flags = flags};
  }
  [[nodiscard]] TcpControl acknowledge() const {
    return segment_of(next_, tcp_flags(TcpFlag::ack));
  }
  void enter(TcpState state, std::optional<Instant> until);
  void start_retransmission(Instant now);

  std::uint32_t expected_;        // RCV.NXT
  std::uint32_t unacknowledged_;  // SND.UNA
  std::uint32_t next_;            // SND.NXT
  std::optional<Instant> deadline_;
  std::optional<Instant> challenged_;
  TcpService service_;
  TcpState state_ = TcpState::syn_received;
  std::uint8_t tries_ = 0;
};

}  // namespace hop
