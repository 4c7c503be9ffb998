// Connections to open ports, segment by segment (RFC 9293 sections 3.5, 3.6 and 3.10.7).

#include "stack/app/tcp_connection.hpp"

#include <gmock/gmock.h>

#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;
using testing::kAck;
using testing::kFin;
using testing::kRst;
using testing::kSyn;

constexpr std::uint32_t kPeer = 0xfffffff0;  // its numbers wrap during the tests
constexpr std::uint32_t kOurs = 5000;

/// A peer of a connection that has sent its SYN.
struct Peer {
  TcpConnection connection;
  Instant now{};

  explicit Peer(TcpService service = TcpService::close)
      : connection(view(kSyn, kPeer, 0, 0), kOurs, service) {
    syn_ack = connection.open(now);
  }
  TcpControl syn_ack{};

  static TcpView view(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, std::size_t size) {
    static std::vector<std::byte> bytes;
    bytes.assign(20 + size, std::byte{0});
    store_be<std::uint32_t>(bytes, 4, seq);
    store_be<std::uint32_t>(bytes, 8, ack);
    bytes[12] = std::byte{0x50};
    bytes[13] = std::byte{flags};
    return TcpView::of_checked(bytes);
  }
  /// What comes back: flags, sequence and acknowledgment as the peer counts from its SYN and ours
  /// counts from our SYN; nothing is 0/0/0.
  std::string send(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack, std::size_t size = 0) {
    return text(connection.receive(view(flags, kPeer + seq, kOurs + ack, size), now));
  }
  static std::string text(const std::optional<TcpControl>& segment) {
    if (!segment) return "";
    std::string words;
    if ((segment->flags & kSyn) != 0) words += "S";
    if ((segment->flags & kFin) != 0) words += "F";
    if ((segment->flags & kRst) != 0) words += "R";
    words += std::to_string(static_cast<std::int32_t>(segment->sequence - kOurs));
    if ((segment->flags & kAck) != 0) {
      words += "/" + std::to_string(static_cast<std::int32_t>(segment->acknowledgment - kPeer));
    }
    return words;
  }
  void shake_hands() { EXPECT_EQ(send(kAck, 1, 1), ""); }
};

TEST(TcpConnection, AnswersASynRfc9293Section3_5) { EXPECT_EQ(Peer::text(Peer{}.syn_ack), "S0/1"); }

TEST(TcpConnection, SendsItsSynAgainWhenTheFirstSynComesAgain) {
  Peer peer;
  EXPECT_EQ(peer.send(kSyn, 0, 0), "S0/1");
}

TEST(TcpConnection, IsEstablishedByTheAcknowledgmentOfItsSyn) {
  Peer peer;
  peer.shake_hands();
  EXPECT_EQ(peer.connection.state(), TcpState::established);
  EXPECT_EQ(peer.connection.deadline(), std::nullopt);
}

TEST(TcpConnection, ResetsAWrongAcknowledgmentOfItsSyn) {
  Peer peer;
  EXPECT_EQ(peer.send(kAck, 1, 0), "R0");
  EXPECT_EQ(peer.send(kAck, 1, 2), "R2");
  EXPECT_EQ(peer.connection.state(), TcpState::syn_received);
}

TEST(TcpConnection, ClosesAfterThePeerRfc9293Section3_6) {
  Peer peer;
  peer.shake_hands();
  EXPECT_EQ(peer.send(kFin | kAck, 1, 1), "F1/2");
  EXPECT_EQ(peer.connection.state(), TcpState::last_ack);
  EXPECT_EQ(peer.send(kAck, 2, 2), "");
  EXPECT_EQ(peer.connection.state(), TcpState::closed);
}

TEST(TcpConnection, ClosesAfterTheFirstData) {
  Peer peer;
  peer.shake_hands();
  EXPECT_EQ(peer.send(kAck, 1, 1, 100), "F1/101");
  EXPECT_EQ(peer.send(kAck, 101, 2), "");
  EXPECT_EQ(peer.connection.state(), TcpState::fin_wait_2);
  EXPECT_EQ(peer.send(kAck, 101, 2, 10), "2/111");
  EXPECT_EQ(peer.send(kFin | kAck, 111, 2), "2/112");
  EXPECT_EQ(peer.connection.state(), TcpState::time_wait);
  EXPECT_EQ(peer.send(kFin | kAck, 111, 2), "2/112");
  EXPECT_EQ(Peer::text(peer.connection.expire(peer.now + 60s)), "");
  EXPECT_EQ(peer.connection.state(), TcpState::closed);
}

TEST(TcpConnection, ClosesAtTheSameTimeAsThePeer) {
  Peer peer;
  peer.shake_hands();
  EXPECT_EQ(peer.send(kAck, 1, 1, 1), "F1/2");
  EXPECT_EQ(peer.send(kFin | kAck, 2, 1), "2/3");
  EXPECT_EQ(peer.connection.state(), TcpState::closing);
  EXPECT_EQ(peer.send(kAck, 3, 2), "");
  EXPECT_EQ(peer.connection.state(), TcpState::time_wait);
}

TEST(TcpConnection, OfASinkTakesAllInOrder) {
  Peer peer{TcpService::sink};
  peer.shake_hands();
  EXPECT_EQ(peer.send(kAck, 1, 1, 10), "1/11");
  EXPECT_EQ(peer.send(kAck, 21, 1, 10), "1/11") << "not yet its turn";
  EXPECT_EQ(peer.send(kFin | kAck, 31, 1), "1/11");
  EXPECT_EQ(peer.send(kAck, 6, 1, 15), "1/21") << "the new part";
  EXPECT_EQ(peer.send(kAck, 1, 1, 10), "1/21") << "nothing new";
  EXPECT_EQ(peer.send(kFin | kAck, 21, 1, 10), "F1/32");
}

TEST(TcpConnection, TakesAnExactResetAlone) {
  Peer peer;
  peer.shake_hands();
  EXPECT_EQ(peer.send(kRst, 0, 0), "") << "outside the window";
  EXPECT_EQ(peer.send(kRst, 2, 0), "1/1") << "a challenge";
  EXPECT_EQ(peer.connection.state(), TcpState::established);
  EXPECT_EQ(peer.send(kRst, 1, 0), "");
  EXPECT_EQ(peer.connection.state(), TcpState::closed);
}

TEST(TcpConnection, ChallengesASynOnceInAWhile) {
  Peer peer;
  peer.shake_hands();
  EXPECT_EQ(peer.send(kSyn, 9, 0), "1/1");
  EXPECT_EQ(peer.send(kSyn, 9, 0), "") << "two of these would go on for ever";
  peer.now += 500ms;
  EXPECT_EQ(peer.send(kSyn, 9, 0), "1/1");
}

TEST(TcpConnection, DoesNotBelieveAcknowledgmentsOfWhatWasNotSent) {
  Peer peer;
  peer.shake_hands();
  EXPECT_EQ(peer.send(kAck, 1, 2, 5), "1/1");
  EXPECT_EQ(peer.connection.state(), TcpState::established);
}

TEST(TcpConnection, SendsItsSynAgainForThreeMinutesRfc9293Section3_8_3) {
  Peer peer;
  std::vector<Instant> times;
  while (const auto due = peer.connection.deadline()) {
    const auto again = peer.connection.expire(*due);
    times.push_back(*due);
    EXPECT_EQ(Peer::text(again), again ? "S0/1" : "");
  }
  EXPECT_THAT(times,
              ::testing::ElementsAre(Instant{1s}, Instant{3s}, Instant{7s}, Instant{15s},
                                     Instant{31s}, Instant{63s}, Instant{127s}, Instant{255s}));
  EXPECT_EQ(peer.connection.state(), TcpState::closed);
}

TEST(TcpConnection, FailsBeforeItIsEstablishedAlone) {
  Peer half;
  EXPECT_TRUE(half.connection.is_in_flight(kOurs));
  EXPECT_FALSE(half.connection.is_in_flight(kOurs + 1));
  half.connection.fail();
  EXPECT_EQ(half.connection.state(), TcpState::closed);
  Peer whole;
  whole.shake_hands();
  EXPECT_FALSE(whole.connection.is_in_flight(kOurs));
  whole.connection.fail();
  EXPECT_EQ(whole.connection.state(), TcpState::established) << "RFC 5927 section 5.2";
}

}  // namespace
}  // namespace hop
