// Router alert (RFC 2113): packets on their way that somebody here wants to look at.

#include <gmock/gmock.h>

#include <vector>

#include "tests/stack/node/bench.hpp"

namespace hop {
namespace {

using ::testing::IsEmpty;
using testing::raw;
using ::testing::SizeIs;

constexpr std::uint8_t kRsvp = 46;

class Listener : public RouterAlertListener {
 public:
  explicit Listener(bool takes) : takes_(takes) {}
  bool examine(const Received& packet, Node& /*node*/, Outbox& /*out*/) override {
    const Bytes bytes = packet.ip.bytes();
    seen.emplace_back(bytes);
    return takes_;
  }
  std::vector<Wire> seen;

 private:
  bool takes_;
};

NodeConfig alert_router(OptionAction action = OptionAction::process) {
  NodeConfig config = router_config();
  config.options.set(OptionType::router_alert, action);
  return config;
}

Wire alert(std::uint8_t protocol = kRsvp, std::uint8_t value = 0) {
  return transit().protocol(protocol).options({148, 4, 0, value}) / raw("path");
}

TEST(RouterAlert, IsShownToTheListenerAsReceivedAndTaken) {
  Bench bench{alert_router()};
  Listener rsvp{true};
  bench.node.listen_for_alerts(kRsvp, rsvp);
  EXPECT_EQ(bench.receive(alert()), kDelivered);
  bench.expect_counted(kDelivered);
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_THAT(rsvp.seen, ::testing::ElementsAre(alert()));
}

TEST(RouterAlert, IsForwardedIfTheListenerDoesNotTakeIt) {
  Bench bench{alert_router()};
  Listener rsvp{false};
  bench.node.listen_for_alerts(kRsvp, rsvp);
  EXPECT_EQ(bench.receive(alert()), kForwarded);
  EXPECT_EQ(bench.answer(), alert().with_ttl(63));
  EXPECT_THAT(rsvp.seen, SizeIs(1));
}

// RFC 2113 section 2.1: value 0 is "router shall examine packet"; section 2.2: unrecognized values
// are ignored, and the protocol tells whether further processing is necessary.
TEST(RouterAlert, OfAnotherProtocolOrValueIsForwarded) {
  Bench bench{alert_router()};
  Listener rsvp{true};
  bench.node.listen_for_alerts(kRsvp, rsvp);
  EXPECT_EQ(bench.receive(alert(2)), kForwarded);
  EXPECT_EQ(bench.receive(alert(kRsvp, 1)), kForwarded);
  EXPECT_EQ(bench.receive(transit().protocol(kRsvp) / raw("path")), kForwarded);
  EXPECT_THAT(rsvp.seen, IsEmpty());
}

TEST(RouterAlert, IsByDefaultIgnoredRfc7126Section4_8_5) {
  Bench bench;
  Listener rsvp{true};
  bench.node.listen_for_alerts(kRsvp, rsvp);
  EXPECT_EQ(bench.receive(alert()), kForwarded);
  EXPECT_THAT(rsvp.seen, IsEmpty());
}

TEST(RouterAlert, OfABadLengthIsAFaultThoughNobodyHeedsIt) {
  Bench bench;
  EXPECT_EQ(bench.receive(transit().options({148, 3, 0, 0}) / raw("path")),
            dropped(DropReason::option_bad_length));
}

TEST(RouterAlert, CanBeDropped) {
  Bench bench{alert_router(OptionAction::drop)};
  EXPECT_EQ(bench.receive(alert()), dropped(DropReason::option_not_permitted));
}

// RFC 2113 section 2.2: hosts shall ignore this option; and what is for us needs no alert.
TEST(RouterAlert, IsNotForHostsNorForPacketsToUs) {
  NodeConfig config = host_config();
  config.options.set(OptionType::router_alert, OptionAction::process);
  Bench host{config};
  Listener rsvp{true};
  host.node.listen_for_alerts(kRsvp, rsvp);
  EXPECT_EQ(
      host.receive(transit().src("10.0.1.9").protocol(kRsvp).options({148, 4, 0, 0}) / raw("path")),
      dropped(DropReason::not_for_this_host));
  Bench bench{alert_router()};
  bench.node.listen_for_alerts(kRsvp, rsvp);
  EXPECT_EQ(bench.receive(to_router().protocol(kRsvp).options({148, 4, 0, 0}) / raw("path")),
            dropped(DropReason::protocol_unreachable));
  EXPECT_THAT(rsvp.seen, IsEmpty());
}

}  // namespace
}  // namespace hop
