// Full queues (RFC 1812 section 5.3.6) and source quench (RFC 792, RFC 6633).

#include <gmock/gmock.h>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;

constexpr Verdict kFull = dropped(DropReason::queue_full);

/// Leaves room for so many packets in the queue of an interface.
void leave_room(Bench& bench, InterfaceIndex at, std::uint32_t packets) {
  OutputQueue& queue = bench.node.interfaces()[at].queue;
  queue.length.packets = queue.limit.packets - packets;
}

NodeConfig with_source_quench() {
  IcmpPolicy policy;
  policy.source_quench = true;
  return with_policy(policy);
}

TEST(FullQueue, DropsInSilence) {
  Bench bench;
  leave_room(bench, 1, 0);
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), kFull);
  bench.expect_counted(kFull);
  EXPECT_EQ(bench.counters().get(Mib::ip_out_discards), 1U);
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(FullQueue, TellsTheSourceWhenTheNodeSendsSourceQuench) {
  Bench bench{with_source_quench()};
  leave_room(bench, 1, 0);
  const Wire packet = transit().tos(0xa0) / udp(1, 2, "data");
  EXPECT_EQ(bench.receive(packet), kFull);
  bench.expect_counted(kFull);
  // RFC 1812 section 4.3.2.5: with the precedence of the packet.
  EXPECT_THAT(bench.answer(),
              AllOf(IcmpIs(4, 0), RestOfHeader(0U), Src("10.0.1.1"), Dst("10.0.1.2"),
                    Quotes(packet), ValidChecksums(), testing::Tos(0xa0)));
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::source_quench), 1U);
}

TEST(FullQueue, TellsTheSourceInTheProfileLegacy) {
  Bench bench{with_policy(IcmpPolicy::of(Profile::legacy))};
  leave_room(bench, 1, 0);
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), kFull);
  EXPECT_THAT(bench.answer(), IcmpIs(4, 0));
}

TEST(FullQueue, TellsNothingAboutAnError) {
  Bench bench{with_source_quench()};
  leave_room(bench, 1, 0);
  EXPECT_EQ(bench.receive(transit() / icmp(11, 0, 0, counting(28))), kFull);
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(Queue, TakesTheLastPacketThatFits) {
  Bench bench;
  leave_room(bench, 1, 1);
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), kForwarded);
}

TEST(Queue, CountsEveryPacketThatIsPutIntoIt) {
  Bench bench;
  OutputQueue& queue = bench.node.interfaces()[1].queue;
  queue.limit.packets = 1;
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), kForwarded);
  queue.length.packets = 1;  // the bench has taken it out again
  EXPECT_EQ(bench.receive(transit() / udp(1, 2)), kFull);
}

TEST(Queue, TakesAllFragmentsOrNone) {
  const Wire packet = transit().dst("198.51.100.9") / udp(1, 2, counting(1400));  // in three
  for (const std::uint32_t room : {0U, 1U, 2U, 3U}) {
    Bench bench;
    leave_room(bench, 2, room);
    const Verdict expected = room < 3 ? kFull : kForwarded;
    EXPECT_EQ(bench.receive(packet), expected) << room;
    bench.expect_counted(expected);
    EXPECT_EQ(bench.sent_by(2).size(), room < 3 ? 0U : 3U) << room;
  }
}

TEST(Queue, HasNoRoomForARedirectThatWouldCrowdOutItsPacket) {
  for (const std::uint32_t room : {1U, 2U}) {
    Bench bench;
    leave_room(bench, 0, room);
    EXPECT_EQ(bench.receive(transit().dst("203.0.113.9") / udp(1, 2)), kForwarded);
    EXPECT_EQ(bench.sent().size(), room);
    EXPECT_THAT(bench.sent().back().packet, testing::Dst("203.0.113.9"));
  }
}

TEST(Queue, ThatIsFullOnTheWayBackEndsErrorsAndReplies) {
  Bench bench;
  leave_room(bench, 0, 0);
  (void)bench.receive(transit().ttl(1) / udp(1, 2));
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().get(NotTold::queue_full), 1U);
  leave_room(bench, 0, 0);
  (void)bench.receive(to_router() / icmp_echo({}));
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().received(), sum_of_verdicts(bench.counters()));
}

}  // namespace
}  // namespace hop
