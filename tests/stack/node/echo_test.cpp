// Echo and timestamp (RFC 792, RFC 1122 sections 3.2.2.6 and 3.2.2.8, RFC 1812 section 4.3.3.6).

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::icmp_echo;
using testing::icmp_echo_reply;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::raw;
using testing::Src;
using testing::Ttl;
using testing::ValidChecksums;

std::vector<std::byte> encoded(const testing::Layer& layer) { return layer.encode(0, 0, 1); }

TEST(Echo, ReturnsTheDataOfEverySizeThatFitsTheLink) {
  Bench bench;
  for (std::size_t size = 0; size <= 1472; ++size) {
    const auto data = counting(size);
    ASSERT_EQ(bench.receive(to_router() / icmp_echo({.id = 7, .seq = 9}, data)), kAnswered);
    const Wire reply = bench.answer();
    ASSERT_THAT(reply, AllOf(Src("10.0.1.1"), Dst("10.0.1.2"), ValidChecksums()));
    ASSERT_EQ(payload_of(reply), encoded(icmp_echo_reply({.id = 7, .seq = 9}, data))) << size;
  }
  bench.expect_counted(kAnswered, 1473);
  EXPECT_EQ(bench.counters().icmp_in(IcmpType::echo), 1473U);
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::echo_reply), 1473U);
}

TEST(Echo, IsRightForAllZeros) {
  // The one message whose checksum changes its sign when it is updated (RFC 1624 section 3).
  Bench bench;
  EXPECT_EQ(bench.receive(to_router() / icmp_echo({})), kAnswered);
  EXPECT_EQ(payload_of(bench.answer()), encoded(icmp_echo_reply({})));
}

TEST(Echo, KeepsTheCode) {
  for (const std::uint8_t code : std::to_array<std::uint8_t>({0, 1, 255})) {
    Bench bench;
    EXPECT_EQ(bench.receive(to_router() / icmp(8, code, 1, "x")), kAnswered);
    EXPECT_THAT(bench.answer(), IcmpIs(0, code));
  }
}

TEST(Echo, KeepsTos) {
  // RFC 1812 section 4.3.2.5: TOS and precedence. ECN is not part of them.
  for (unsigned tos = 0; tos < 256; tos += 4) {
    Bench bench;
    EXPECT_EQ(bench.receive(to_router().tos(static_cast<std::uint8_t>(tos)) / icmp_echo({})),
              kAnswered);
    EXPECT_EQ(testing::decode(bench.answer())->tos, tos);
  }
}

TEST(Echo, HasItsOwnTtl) {
  for (const std::uint8_t own : std::to_array<std::uint8_t>({64, 255, 1})) {
    IcmpPolicy policy;
    policy.ttl = own;
    Bench bench{with_policy(policy)};
    (void)bench.receive(to_router().ttl(77) / icmp_echo({}));
    EXPECT_THAT(bench.answer(), Ttl(own));
  }
}

TEST(Echo, DoesNotCopyIdentificationAndFlags) {
  Bench bench;
  for (const std::uint16_t id : std::to_array<std::uint16_t>({0, 0x1234, 0xffff})) {
    (void)bench.receive(to_router().id(id).df().reserved_bit() / icmp_echo({}));
    const Wire packet = bench.answer();
    const auto reply = testing::decode(packet);
    EXPECT_NE(reply->id, id);
    EXPECT_FALSE(reply->df || reply->reserved || reply->is_fragment());
  }
}

TEST(Echo, CountsIdentificationUp) {
  Bench bench;
  std::vector<std::uint16_t> ids;
  for (int i = 0; i < 3; ++i) {
    (void)bench.receive(to_router() / icmp_echo({}));
    const Wire packet = bench.answer();
    ids.push_back(testing::decode(packet)->id);
  }
  EXPECT_EQ(ids[1], static_cast<std::uint16_t>(ids[0] + 1));
  EXPECT_EQ(ids[2], static_cast<std::uint16_t>(ids[0] + 2));
}

TEST(Echo, HasIdentificationZeroWhenThePolicySaysSo) {
  IcmpPolicy policy;
  policy.id = IdPolicy::zero;
  Bench bench{with_policy(policy)};
  (void)bench.receive(to_router() / icmp_echo({}));
  EXPECT_THAT(bench.answer(), AllOf(testing::IpId(0), ValidChecksums()));
}

TEST(Echo, HasRandomIdentificationWhenThePolicySaysSo) {
  IcmpPolicy policy;
  policy.id = IdPolicy::random;
  Bench bench{with_policy(policy)};
  int steps_of_one = 0;
  std::uint16_t last = 0;
  for (int i = 0; i < 100; ++i) {
    (void)bench.receive(to_router() / icmp_echo({}));
    const Wire packet = bench.answer();
    const std::uint16_t id = testing::decode(packet)->id;
    steps_of_one += id == static_cast<std::uint16_t>(last + 1) || id == last ? 1 : 0;
    last = id;
  }
  EXPECT_LT(steps_of_one, 5);
}

TEST(Echo, ComesFromTheAddressThatWasAsked) {
  for (const std::string address : {"10.0.1.1", "10.0.2.1", "10.0.3.1"}) {
    Bench bench;
    EXPECT_EQ(bench.receive(to_router().dst(address) / icmp_echo({})), kAnswered);
    EXPECT_THAT(bench.answer(), AllOf(Src(address), Dst("10.0.1.2")));
    EXPECT_EQ(bench.sent().front().out, 0);
    EXPECT_EQ(bench.sent().front().to, 1);
  }
}

TEST(Echo, IsRoutedBackAndNotReturnedToWhereItCameFrom) {
  Bench bench;
  EXPECT_EQ(bench.receive(to_router().src("192.0.2.9") / icmp_echo({}), 0), kAnswered);
  EXPECT_EQ(bench.sent().front().out, 1) << "the route to the source";
}

TEST(Echo, WithoutAWayBackIsDropped) {
  constexpr Verdict kNoWay = dropped(DropReason::reply_not_routable);
  for (const std::string_view source : {"8.8.8.8", "100.64.1.1", "100.65.0.1"}) {
    Bench bench;
    EXPECT_EQ(bench.receive(to_router().src(source) / icmp_echo({})), kNoWay) << source;
    bench.expect_counted(kNoWay);
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

struct SilenceCase {
  std::string_view name;
  Wire packet;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const SilenceCase& row) { return out << row.name; }

class QueryWithoutAnswer : public ::testing::TestWithParam<SilenceCase> {};

TEST_P(QueryWithoutAnswer, IsDroppedInSilence) {
  Bench bench;
  EXPECT_EQ(bench.receive(GetParam().packet), dropped(GetParam().why));
  bench.expect_counted(dropped(GetParam().why));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, QueryWithoutAnswer,
    ::testing::Values(
        // RFC 1122 section 3.2.2.6: MAY be silently discarded.
        SilenceCase{"EchoToLimitedBroadcast", to_router().dst("255.255.255.255") / icmp_echo({}),
                    DropReason::icmp_to_group},
        SilenceCase{"EchoToSubnetBroadcast", to_router().dst("10.0.1.255") / icmp_echo({}),
                    DropReason::icmp_to_group},
        SilenceCase{"TimestampToBroadcast",
                    to_router().dst("10.0.1.255") / icmp(13, 0, 0, counting(12)),
                    DropReason::icmp_to_group},
        SilenceCase{"BadChecksum", to_router() / icmp_echo({}, "data").checksum(0x1234),
                    DropReason::icmp_bad_checksum},
        SilenceCase{"NoMessage", to_router().protocol(1) / raw(), DropReason::icmp_truncated},
        SilenceCase{"SevenBytes", to_router().protocol(1) / raw("\x08......"),
                    DropReason::icmp_truncated},
        SilenceCase{"InformationRequest", to_router() / icmp(15, 0), DropReason::icmp_not_answered},
        SilenceCase{"AddressMaskRequest", to_router() / icmp(17, 0, 0, counting(4)),
                    DropReason::icmp_not_answered},
        SilenceCase{"EchoReplyNobodyWaitsFor", to_router() / icmp_echo_reply({.id = 7}),
                    DropReason::icmp_no_endpoint},
        SilenceCase{"TimestampReplyNobodyWaitsFor", to_router() / icmp(14, 0, 0, counting(12)),
                    DropReason::icmp_no_endpoint}),
    kCaseName);

TEST(UnknownIcmpType, IsDroppedInSilence) {
  // RFC 1122 section 3.2.2: MUST be silently discarded.
  constexpr Verdict kUnknown = dropped(DropReason::icmp_unknown_type);
  for (int type = 0; type < 256; ++type) {
    const bool unassigned = type == 1 || type == 2 || type == 7 || (type >= 19 && type <= 29) ||
                            (type >= 44 && type <= 252) || type == 255;
    if (!unassigned) continue;
    Bench bench;
    const auto packet = to_router() / icmp(static_cast<std::uint8_t>(type), 0, 0, counting(40));
    EXPECT_EQ(bench.receive(packet), kUnknown) << type;
    bench.expect_counted(kUnknown);
    EXPECT_THAT(bench.sent(), IsEmpty()) << type;
  }
}

TEST(DeprecatedIcmpType, IsDroppedInSilence) {
  // RFC 6918, RFC 1122 section 3.2.2. What is known is counted apart from what is not.
  using enum DropReason;
  struct {
    DropReason why;
    std::vector<int> types;
  } const rows[] = {
      // 6 alternate host address, 9 and 10 router discovery, 15 to 18 information and mask, 31
      // conversion error, 32 mobile host redirect, 33 and 34 where are you and I am here, 35 and 36
      // mobile registration, 37 and 38 domain name, 39 SKIP, 40 Photuris, 41 mobility, 42 extended
      // echo, 253 and 254 experiments.
      {icmp_not_answered,
       {6, 9, 10, 15, 16, 17, 18, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 253, 254}},
      // Traceroute and extended echo reply, to nobody who asked.
      {icmp_no_endpoint, {30, 43}}};
  for (const auto& row : rows) {
    for (const int type : row.types) {
      Bench bench;
      const auto packet = to_router() / icmp(static_cast<std::uint8_t>(type), 0, 0, counting(40));
      EXPECT_EQ(bench.receive(packet), dropped(row.why)) << type;
      bench.expect_counted(dropped(row.why));
      EXPECT_EQ(bench.counters().icmp_in(static_cast<IcmpType>(type)), 1U) << type;
      EXPECT_THAT(bench.sent(), IsEmpty()) << type;
    }
  }
}

TEST(Timestamp, IsAnsweredWithTheTimeOfArrival) {
  Bench bench;
  const auto times = counting(12);
  EXPECT_EQ(bench.receive(to_router().tos(0x10) / icmp(13, 0, 0x00090003, times)), kAnswered);
  bench.expect_counted(kAnswered);
  auto expected = times;
  for (std::size_t at = 4; at < 12; ++at) expected[at] = std::byte{0};
  expected[7] = expected[11] = std::byte{kNowOfDay};
  EXPECT_EQ(payload_of(bench.answer()), encoded(icmp(14, 0, 0x00090003, expected)));
  EXPECT_THAT(bench.answer(), AllOf(Src("10.0.1.1"), Dst("10.0.1.2"), testing::Tos(0x10)));
}

TEST(Timestamp, WithoutItsTimesIsDroppedInSilence) {
  for (std::size_t size = 0; size < 12; ++size) {
    Bench bench;
    const Verdict verdict = bench.receive(to_router() / icmp(13, 0, 0, counting(size)));
    EXPECT_EQ(verdict, dropped(DropReason::icmp_truncated)) << size;
    EXPECT_THAT(bench.sent(), IsEmpty()) << size;
  }
}

TEST(SilentNode, DoesNotAnswerWhatItsPolicyForbids) {
  IcmpPolicy policy;
  policy.silent.set(0);
  policy.silent.set(14);
  Bench bench{with_policy(policy)};
  for (const Wire& query :
       {Wire{to_router() / icmp_echo({})}, to_router() / icmp(13, 0, 0, counting(12))}) {
    const Verdict verdict = bench.receive(query);
    EXPECT_EQ(verdict, dropped(DropReason::icmp_not_answered)) << query;
    EXPECT_THAT(bench.sent(), IsEmpty());
  }
}

}  // namespace
}  // namespace hop
