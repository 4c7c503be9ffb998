// Programs on nodes: acting when their time comes, and talking to the node itself.

#include "stack/node/application.hpp"

#include <gmock/gmock.h>

#include "tests/stack/net/lab.hpp"
#include "tests/support/decode.hpp"

namespace hop {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

constexpr std::uint16_t kIdentifier = 77;

/// Sends an echo request every second, `count` times, and remembers what comes back.
class Beacon : public Application {
 public:
  Beacon(Ipv4Address target, int count) : target_(target), left_(count) {}

  [[nodiscard]] std::optional<Instant> next_deadline() const override {
    return left_ > 0 ? std::optional{next_} : std::nullopt;
  }
  void act(Instant now, Node& node, Outbox& out) override {
    acted.push_back(now);
    next_ = now + seconds{1};
    --left_;
    const IcmpMessage echo{.type = IcmpType::echo, .rest = kIdentifier << 16U};
    EXPECT_TRUE(node.send_icmp({.destination = target_, .now = now}, echo, {}, out));
  }
  void receive(const Delivery& delivery, Node& /*node*/, Outbox& /*out*/) override {
    heard.push_back(delivery.now);
    source = delivery.ip.source();
    destination = delivery.ip.destination();
    ttl = delivery.ip.ttl();
  }
  bool error(const ErrorDelivery& delivery, Node& /*node*/, Outbox& /*out*/) override {
    errors.push_back(delivery.error.message);
    return true;
  }

  std::vector<Instant> acted, heard;
  std::vector<IcmpMessage> errors;
  Ipv4Address source, destination;
  std::uint8_t ttl = 0;

 private:
  Ipv4Address target_;
  int left_;
  Instant next_ = kNow;
};

void start(Running& running, std::size_t node, Application& application) {
  running.network.node(node).bind({testing::kIcmp, kIdentifier}, application);
  running.network.start(node, application, kNow);
  running.finish();
}

TEST(Application, ActsWhenItsTimeComes) {
  Lab lab = line();
  lab.last_link().delay = std::chrono::milliseconds{5};
  Running running{lab};
  Beacon beacon{address("10.0.2.2"), 3};  // web
  start(running, 1, beacon);              // on r2
  EXPECT_THAT(beacon.acted, ElementsAre(kNow, kNow + seconds{1}, kNow + seconds{2}));
  const auto trip = std::chrono::milliseconds{10};
  EXPECT_THAT(beacon.heard,
              ElementsAre(kNow + trip, kNow + seconds{1} + trip, kNow + seconds{2} + trip));
  EXPECT_EQ(running.network.next_event(), std::nullopt) << "the network is quiet";
}

TEST(Application, DoesNotActAfterItIsStopped) {
  Running running{line()};
  Beacon beacon{address("10.0.2.2"), 3};
  running.network.start(1, beacon, kNow);
  running.network.node(1).stop(beacon);
  running.finish();
  EXPECT_THAT(beacon.acted, ElementsAre(kNow));
}

class OwnAddress : public ::testing::TestWithParam<const char*> {};

TEST_P(OwnAddress, AnswersTheNodeItself) {
  // RFC 1122 section 3.2.1.3 (g), and row 33 of the conformance table: all of 127.0.0.0/8 is us.
  Running running{line()};
  Beacon beacon{address(GetParam()), 1};
  start(running, 1, beacon);
  EXPECT_THAT(beacon.heard, ElementsAre(kNow));
  EXPECT_EQ(to_string(beacon.source), GetParam());
  EXPECT_EQ(to_string(beacon.destination), GetParam());
  EXPECT_EQ(beacon.ttl, 64) << "not forwarded";
}

INSTANTIATE_TEST_SUITE_P(Table, OwnAddress,
                         ::testing::Values("127.0.0.1", "127.0.0.2", "127.255.255.254", "10.0.1.2",
                                           "10.0.2.1"));

TEST(OwnAddress, SaysThatItsPortIsClosed) {
  class Probe : public Beacon {
   public:
    Probe() : Beacon(address("127.0.0.1"), 1) {}
    void act(Instant now, Node& node, Outbox& out) override {
      sent = true;
      EXPECT_TRUE(
          node.send_udp({.destination = address("127.0.0.1"), .now = now}, 5000, 9, {}, out));
    }
    [[nodiscard]] std::optional<Instant> next_deadline() const override {
      return sent ? std::nullopt : std::optional{kNow};
    }
    bool sent = false;
  };
  Running running{line()};
  Probe probe;
  running.network.node(1).bind({testing::kUdp, 5000}, probe);
  running.network.start(1, probe, kNow);
  running.finish();
  ASSERT_EQ(probe.errors.size(), 1U);
  EXPECT_EQ(probe.errors[0].type, IcmpType::dest_unreachable);
  EXPECT_EQ(probe.errors[0].code, 3);
}

TEST(OwnAddress, IsStillAMartianFromALink) {
  Running running{line()};
  Beacon beacon{address("127.0.0.1"), 1};
  start(running, 0, beacon);
  running.send(testing::ip().src("127.0.0.1").dst("198.18.0.2") / testing::icmp_echo({}));
  EXPECT_EQ(running.counters("r1").get(DropReason::source_loopback), 1U);
  running.send(testing::ip().src("198.18.0.2").dst("198.18.0.2") / testing::icmp_echo({}));
  EXPECT_EQ(running.counters("r1").get(DropReason::source_own_address), 1U);
  EXPECT_TRUE(running.left().empty());
}

}  // namespace
}  // namespace hop
