// Fragments for the node itself (RFC 791 section 3.2, RFC 1122 section 3.3.2, RFC 792).

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using testing::Dst;
using testing::fragments;
using testing::icmp;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::raw;
using testing::RestOfHeader;
using testing::Src;
using testing::udp;
using testing::ValidChecksums;

/// The payload of the datagram whose fragments were sent, in any order.
std::vector<std::byte> reassembled(const std::vector<Sent>& sent) {
  std::vector<std::byte> whole;
  for (const Sent& one : sent) {
    const auto ip = testing::decode(one.packet);
    EXPECT_LE(one.packet.size(), 1500U);
    EXPECT_TRUE(testing::header_checksum_valid(*ip));
    whole.resize(std::max(whole.size(), ip->offset + ip->payload.size()));
    std::ranges::copy(ip->payload, whole.begin() + static_cast<std::ptrdiff_t>(ip->offset));
  }
  return whole;
}

/// Cuts a packet into fragments of 1480 bytes.
std::vector<Wire> cut(const Wire& packet) {
  std::vector<Wire> pieces;
  const auto payload = payload_of(packet);
  for (std::size_t at = 0; at < payload.size(); at += 1480) {
    const std::size_t size = std::min<std::size_t>(1480, payload.size() - at);
    testing::Ip header = to_router().offset(at).protocol(1);
    if (at + size < payload.size()) header.mf();
    pieces.push_back(header / raw(Bytes{payload}.subspan(at, size)));
  }
  return pieces;
}

TEST(Echo, OfAnySizeComesInFragmentsAndGoesInFragments) {
  // RFC 1122 section 3.2.2.6: all data MUST be returned.
  for (const std::size_t size : {1473U, 2000U, 8000U, 65506U, 65507U}) {
    Bench bench;
    const Wire request = to_router() / icmp_echo({.id = 7, .seq = 1}, counting(size));
    const auto pieces = cut(request);
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
      ASSERT_EQ(bench.receive(pieces[i]), kHeld);
      ASSERT_THAT(bench.sent(), IsEmpty());
    }
    EXPECT_EQ(bench.receive(pieces.back()), kAnswered);
    bench.expect_counted(kHeld, pieces.size() - 1);
    EXPECT_EQ(reassembled(bench.sent()),
              icmp_echo_reply({.id = 7, .seq = 1}, counting(size)).encode(0, 0, 1));
    EXPECT_EQ(bench.counters().get(Mib::ip_reasm_oks), 1U);
    EXPECT_EQ(bench.counters().get(Mib::ip_reasm_reqds), pieces.size());
    EXPECT_EQ(bench.node.next_deadline(), std::nullopt);
  }
}

TEST(Reassembly, IsNotDoneInTransit) {
  Bench bench;
  for (const Wire& piece : fragments(transit() / udp(1, 2, counting(100)), {40, 40})) {
    EXPECT_EQ(bench.receive(piece), kForwarded);
    EXPECT_EQ(bench.answer(), piece.with_ttl(63));
  }
}

Wire first_fragment() { return fragments(to_router() / udp(1, 2, counting(100)), {40})[0]; }
Wire last_fragment() { return fragments(to_router() / udp(1, 2, counting(100)), {40})[1]; }

struct TimeoutBench : Bench {
  explicit TimeoutBench(Duration timeout = seconds{60}) : Bench(config(timeout)) {}
  static NodeConfig config(Duration timeout) {
    NodeConfig config = router_config();
    config.reassembly_timeout = timeout;
    return config;
  }
};

TEST(ReassemblyTimeout, IsToldExactlyWhenItIsDue) {
  for (const Duration timeout : {Duration{seconds{60}}, Duration{seconds{30}}, Duration{1}}) {
    TimeoutBench bench{timeout};
    EXPECT_EQ(bench.receive(first_fragment()), kHeld);
    EXPECT_EQ(bench.node.next_deadline(), kNow + timeout);
    bench.expire(kNow + timeout - nanoseconds{1});
    EXPECT_THAT(bench.sent(), IsEmpty());
    bench.expire(kNow + timeout);
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 1), RestOfHeader(0U), Src("10.0.1.1"),
                                      Dst("10.0.1.2"), Quotes(first_fragment()), ValidChecksums()));
    EXPECT_EQ(bench.counters().get(Mib::ip_reasm_timeout), 1U);
    EXPECT_EQ(bench.node.next_deadline(), std::nullopt);
  }
}

TEST(ReassemblyTimeout, IsByDefault60Seconds) {
  // RFC 1122 section 3.3.2: between 60 and 120 seconds.
  EXPECT_EQ(NodeConfig{}.time_for_reassembly(), seconds{60});
}

TEST(ReassemblyTimeout, Is30SecondsInTheProfileLinux) {
  Bench bench{with_policy(IcmpPolicy::of(Profile::linux_like))};
  EXPECT_EQ(bench.receive(first_fragment()), kHeld);
  EXPECT_EQ(bench.node.next_deadline(), kNow + seconds{30});
}

TEST(ReassemblyTimeout, RunsFromTheFirstFragmentToArrive) {
  Bench bench;
  const auto pieces = fragments(to_router() / udp(1, 2, counting(100)), {40, 40});
  EXPECT_EQ(bench.receive(pieces[2]), kHeld);
  bench.now += seconds{50};
  EXPECT_EQ(bench.receive(pieces[0]), kHeld);
  EXPECT_EQ(bench.node.next_deadline(), kNow + seconds{60});
  bench.expire(kNow + seconds{60});
  EXPECT_THAT(bench.answer(), IcmpIs(11, 1));
}

TEST(ReassemblyTimeout, WithoutFragmentZeroIsSilent) {
  // RFC 792: if fragment zero is not available then no time exceeded need be sent at all.
  Bench bench;
  EXPECT_EQ(bench.receive(last_fragment()), kHeld);
  bench.expire(kNow + seconds{61});
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().get(Mib::ip_reasm_timeout), 1U);
  EXPECT_EQ(bench.node.next_deadline(), std::nullopt);
}

TEST(ReassemblyTimeout, QuotesFragmentZeroWhateverCameFirst) {
  Bench bench;
  const auto pieces = fragments(to_router().tos(0x10) / udp(1, 2, counting(100)), {40, 40});
  EXPECT_EQ(bench.receive(pieces[1]), kHeld);
  EXPECT_EQ(bench.receive(pieces[0]), kHeld);
  bench.expire(kNow + seconds{60});
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 1), Quotes(pieces[0])));
}

TEST(ReassemblyTimeout, OfACompleteDatagramNeverComes) {
  Bench bench;
  EXPECT_EQ(bench.receive(first_fragment()), kHeld);
  EXPECT_EQ(bench.receive(last_fragment()), dropped(DropReason::port_unreachable));
  bench.expire(kNow + seconds{600});
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(ReassemblyTimeout, OfAnIcmpErrorIsSilent) {
  Bench bench;
  EXPECT_EQ(bench.receive(fragments(to_router() / icmp(3, 1, 0, counting(100)), {40})[0]), kHeld);
  bench.expire(kNow + seconds{60});
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().get(NotTold::about_icmp_error), 1U);
}

TEST(ReassemblyTimeout, ComesFromTheInterfaceItsFragmentCameInByIfThePolicySaysSo) {
  IcmpPolicy policy;
  policy.source = SourcePolicy::ingress;
  Bench bench{with_policy(policy)};
  EXPECT_EQ(bench.receive(first_fragment(), 2), kHeld);
  bench.expire(kNow + seconds{60});
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 1), Src("10.0.3.1")));
}

TEST(ReassemblyTimeout, OfALinkBroadcastIsSilent) {
  // RFC 1812 section 4.3.2.7: MUST NOT; RFC 1122 section 3.3.6 would discard the fragment at once.
  Bench bench;
  (void)bench.receive(first_fragment(), Arrival{.from = 1, .broadcast = true, .now = kNow});
  bench.expire(kNow + seconds{60});
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(ReassemblyTimeout, TellsEveryDatagramWhoseTimeIsOver) {
  Bench bench;
  for (std::uint16_t id = 0; id < 10; ++id) {
    bench.now = kNow + seconds{id};
    const Wire whole = to_router().id(id) / udp(1, 2, counting(100));
    EXPECT_EQ(bench.receive(fragments(whole, {40})[0]), kHeld);
  }
  bench.expire(kNow + seconds{64});
  EXPECT_EQ(bench.sent().size(), 5U) << "those of the seconds 0 to 4";
  EXPECT_EQ(bench.node.next_deadline(), kNow + seconds{65});
}

TEST(Reassembly, ErrorsAboutAWholeDatagramQuoteItsFirstBytes) {
  Bench bench;
  EXPECT_EQ(bench.receive(last_fragment()), kHeld);
  EXPECT_EQ(bench.receive(first_fragment()), dropped(DropReason::port_unreachable));
  const Wire error = bench.answer();
  EXPECT_THAT(error, AllOf(IcmpIs(3, 3), ValidChecksums()));
  const auto quote = testing::decode_icmp(error)->data;
  EXPECT_THAT(std::vector<std::byte>(quote.begin() + 20, quote.begin() + 28),
              ::testing::ElementsAreArray(first_fragment().bytes().subspan(20, 8)));
}

TEST(Reassembly, CountsFailures) {
  Bench bench;
  EXPECT_EQ(bench.receive(to_router().mf() / raw(counting(9))),
            dropped(DropReason::fragment_bad_length));
  EXPECT_EQ(bench.receive(to_router().offset(65528) / raw(counting(9))),
            dropped(DropReason::fragment_beyond_maximum));
  EXPECT_EQ(bench.receive(to_router().mf() / raw(counting(16))), kHeld);
  EXPECT_EQ(bench.receive(to_router().offset(8).mf() / raw(counting(16))),
            dropped(DropReason::fragment_overlap));
  EXPECT_EQ(bench.counters().received(), sum_of_verdicts(bench.counters()));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

}  // namespace
}  // namespace hop
