// The one door for ICMP errors: silence, source address, rate limit, quote, in that order.

#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <string_view>

#include "tests/stack/node/bench.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::icmp;
using testing::icmp_echo;
using testing::IcmpIs;
using ::testing::IsEmpty;
using testing::Quotes;
using testing::QuotesFirst;
using testing::raw;
using testing::RestOfHeader;
using testing::Src;
using testing::Ttl;
using testing::udp;
using testing::ValidChecksums;

constexpr Verdict kExpired = dropped(DropReason::ttl_expired);

struct NotToldCase {
  std::string_view name;
  Wire packet;
  NotTold why;
};
std::ostream& operator<<(std::ostream& out, const NotToldCase& row) { return out << row.name; }

class VetoedError : public ::testing::TestWithParam<NotToldCase> {};

TEST_P(VetoedError, KeepsTheReasonOfTheDropAndCountsTheVeto) {
  Bench bench;
  EXPECT_EQ(bench.receive(GetParam().packet), kExpired);
  bench.expect_counted(kExpired);
  EXPECT_EQ(bench.counters().get(GetParam().why), 1U) << name(GetParam().why);
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::time_exceeded), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Rfc1812Section4_3_2_7, VetoedError,
    ::testing::Values(
        NotToldCase{"DestinationUnreachable", transit().ttl(1) / icmp(3, 1, 0, counting(28)),
                    NotTold::about_icmp_error},
        NotToldCase{"SourceQuench", transit().ttl(1) / icmp(4, 0, 0, counting(28)),
                    NotTold::about_icmp_error},
        NotToldCase{"Redirect", transit().ttl(1) / icmp(5, 1, 0, counting(28)),
                    NotTold::about_icmp_error},
        NotToldCase{"TimeExceeded", transit().ttl(1) / icmp(11, 0, 0, counting(28)),
                    NotTold::about_icmp_error},
        NotToldCase{"ParameterProblem", transit().ttl(1) / icmp(12, 0, 0, counting(28)),
                    NotTold::about_icmp_error},
        NotToldCase{"UnknownIcmp", transit().ttl(1) / icmp(77, 0), NotTold::about_icmp_error},
        NotToldCase{"TruncatedIcmpError", transit().ttl(1).protocol(1) / raw("\x03"),
                    NotTold::about_icmp_error},
        NotToldCase{"LaterFragment", transit().ttl(1).offset(8) / raw("data"),
                    NotTold::about_later_fragment},
        NotToldCase{"NoWayBack", transit().src("8.8.8.8").ttl(1) / udp(1, 2), NotTold::no_way_back},
        NotToldCase{"NoNeighbourOnTheWayBack", transit().src("10.0.1.77").ttl(1) / udp(1, 2),
                    NotTold::no_way_back},
        NotToldCase{"WayBackIsBlackhole", transit().src("100.65.0.1").ttl(1) / udp(1, 2),
                    NotTold::no_way_back}),
    kCaseName);

TEST(Error, GoesByTheRouteToTheSource) {
  Bench bench;
  EXPECT_EQ(bench.receive(transit().src("198.51.100.7").ttl(1) / udp(1, 2), 0), kExpired);
  EXPECT_THAT(bench.answer(), testing::Dst("198.51.100.7"));
  EXPECT_EQ(bench.sent().front().out, 2);
}

struct SourceCase {
  std::string_view name;
  SourcePolicy policy;
  InterfaceIndex in;
  std::string source;
};
std::ostream& operator<<(std::ostream& out, const SourceCase& row) { return out << row.name; }

class ErrorSource : public ::testing::TestWithParam<SourceCase> {};

TEST_P(ErrorSource, IsChosenByThePolicy) {
  // RFC 1812 section 4.3.2.4. The error always leaves by if0.
  IcmpPolicy policy;
  policy.source = GetParam().policy;
  policy.fixed_source = Ipv4Address{10, 255, 0, 1};
  Bench bench{with_policy(policy)};
  EXPECT_EQ(bench.receive(transit().ttl(1) / udp(1, 2), GetParam().in), kExpired);
  EXPECT_THAT(bench.answer(), AllOf(Src(GetParam().source), ValidChecksums()));
  EXPECT_EQ(bench.sent().front().out, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ErrorSource,
    ::testing::Values(SourceCase{"EgressSame", SourcePolicy::egress, 0, "10.0.1.1"},
                      SourceCase{"EgressOther", SourcePolicy::egress, 2, "10.0.1.1"},
                      SourceCase{"IngressSame", SourcePolicy::ingress, 0, "10.0.1.1"},
                      SourceCase{"IngressOther", SourcePolicy::ingress, 2, "10.0.3.1"},
                      SourceCase{"FixedSame", SourcePolicy::fixed, 0, "10.255.0.1"},
                      SourceCase{"FixedOther", SourcePolicy::fixed, 1, "10.255.0.1"}),
    kCaseName);

TEST(LocalErrorSource, IsOfTheInterfaceItLeavesByAlsoWhenAnotherAddressWasAsked) {
  // RFC 1812 section 4.3.2.4; Linux answers from the address that was asked.
  for (const auto& [profile, source] : {std::pair{Profile::rfc1812, std::string{"10.0.1.1"}},
                                        std::pair{Profile::linux_like, std::string{"10.0.3.1"}}}) {
    Bench bench{with_policy(IcmpPolicy::of(profile))};
    EXPECT_EQ(bench.receive(to_router().dst("10.0.3.1") / udp(1, 33434)),
              dropped(DropReason::port_unreachable));
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Src(source)));
  }
}

struct SilentCase {
  std::string_view name;
  unsigned type;
  Wire packet;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const SilentCase& row) { return out << row.name; }

class SilentType : public ::testing::TestWithParam<SilentCase> {};

TEST_P(SilentType, IsNotSent) {
  IcmpPolicy policy;
  policy.silent.set(GetParam().type);
  Bench bench{with_policy(policy)};
  EXPECT_EQ(bench.receive(GetParam().packet), dropped(GetParam().why));
  EXPECT_THAT(bench.sent(), IsEmpty());
  EXPECT_EQ(bench.counters().get(NotTold::silent), 1U);
}

TEST_P(SilentType, LeavesTheOthersAlone) {
  IcmpPolicy policy;
  policy.silent.set().reset(GetParam().type);
  Bench bench{with_policy(policy)};
  EXPECT_EQ(bench.receive(GetParam().packet), dropped(GetParam().why));
  EXPECT_EQ(bench.sent().size(), 1U);
  EXPECT_EQ(bench.counters().get(NotTold::silent), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SilentType,
    ::testing::Values(
        SilentCase{"TimeExceeded", 11, transit().ttl(1) / udp(1, 2), DropReason::ttl_expired},
        SilentCase{"NetUnreachable", 3, transit().dst("8.8.8.8") / udp(1, 2), DropReason::no_route},
        SilentCase{"PortUnreachable", 3, to_router() / udp(1, 2), DropReason::port_unreachable},
        SilentCase{"FragNeeded", 3, transit().dst("198.51.100.9").df() / udp(1, 2, counting(1000)),
                   DropReason::frag_needed},
        SilentCase{"ParameterProblem", 12, (transit() / udp(1, 2)).truncated(24),
                   DropReason::ipv4_incomplete}),
    kCaseName);

IcmpPolicy limited(std::uint32_t rate, std::uint32_t burst) {
  IcmpPolicy policy;
  policy.rate = rate;
  policy.burst = burst;
  return policy;
}

/// How many of `offered` expired packets are told about.
std::size_t told(Bench& bench, int offered) {
  std::size_t count = 0;
  for (int i = 0; i < offered; ++i) {
    EXPECT_EQ(bench.receive(transit().ttl(1) / udp(1, 2)), kExpired);
    count += bench.sent().size();
  }
  return count;
}

TEST(RateLimit, LetsABurstPassAndCountsTheRest) {
  Bench bench{with_policy(limited(10, 20))};
  const std::size_t passed = told(bench, 200);
  EXPECT_GE(passed, 10U);
  EXPECT_LE(passed, 60U);
  EXPECT_EQ(bench.counters().get(NotTold::rate_limited), 200 - passed);
  EXPECT_EQ(bench.counters().get(Mib::icmp_out_rate_limited), 200 - passed);
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::time_exceeded), passed);
  bench.expect_counted(kExpired, 200);
}

TEST(RateLimit, EndsWithTime) {
  Bench bench{with_policy(limited(10, 20))};
  (void)told(bench, 200);
  EXPECT_EQ(told(bench, 10), 0U);
  bench.now += std::chrono::seconds{10};
  EXPECT_GE(told(bench, 200), 10U);
}

TEST(RateLimit, DoesNotApplyToFragNeeded) {
  Bench bench{with_policy(limited(1, 10))};
  (void)told(bench, 200);
  const Wire big = transit().dst("198.51.100.9").df() / udp(1, 2, counting(1000));
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(bench.receive(big), dropped(DropReason::frag_needed));
    EXPECT_THAT(bench.answer(), IcmpIs(3, 4));
  }
}

TEST(RateLimit, IsNotUsedUpByFragNeeded) {
  Bench bench{with_policy(limited(1, 20))};
  const Wire big = transit().dst("198.51.100.9").df() / udp(1, 2, counting(1000));
  for (int i = 0; i < 200; ++i) (void)bench.receive(big);
  EXPECT_GE(told(bench, 200), 10U);
}

TEST(RateLimit, IsNotUsedUpByErrorsThatAreNotSent) {
  IcmpPolicy policy = limited(1, 20);
  policy.silent.set(12);
  Bench bench{with_policy(policy)};
  for (int i = 0; i < 200; ++i) {
    (void)bench.receive(transit().src("8.8.8.8").ttl(1) / udp(1, 2));      // no way back
    (void)bench.receive(transit().ttl(1) / icmp(11, 0, 0, counting(28)));  // vetoed
    (void)bench.receive((transit() / udp(1, 2)).truncated(24));            // silent
  }
  EXPECT_GE(told(bench, 200), 10U);
}

TEST(RateLimit, DoesNotApplyToReplies) {
  Bench bench{with_policy(limited(1, 1))};
  (void)told(bench, 100);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(bench.receive(to_router() / icmp_echo({})), kAnswered);
  }
}

TEST(RateLimit, DoesNotApplyToWhatANodeTellsItself) {
  IcmpPolicy policy = limited(1, 1);
  policy.peer_rate = policy.peer_burst = 1;
  Bench bench{with_policy(policy)};
  const Neighbours itself;
  const InterfaceIndex loopback = bench.node.add_loopback(itself);
  const Wire closed = testing::ip().src("127.0.0.1").dst("127.0.0.1") / udp(1, 33434);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(bench.receive(closed, loopback), dropped(DropReason::port_unreachable));
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 3), Src("127.0.0.1")));
  }
}

TEST(RateLimit, CanBeLifted) {
  Bench bench{with_policy(limited(IcmpPolicy::kUnlimited, 0))};
  EXPECT_EQ(told(bench, 5000), 5000U);
}

TEST(RateLimit, IsByDefaultAThousandASecond) {
  Bench bench;
  const std::size_t passed = told(bench, 4000);
  EXPECT_GT(passed, 800U);
  EXPECT_LT(passed, 1200U);
}

TEST(RateLimit, OfOnePeerLeavesTheOthersAlone) {
  // The flood of one must not silence the node for another, by default and with `peer-rate`.
  IcmpPolicy with_peer_rate;
  with_peer_rate.peer_rate = 10;
  for (const IcmpPolicy& policy : {IcmpPolicy{}, with_peer_rate, limited(100, 50)}) {
    Bench bench{with_policy(policy)};
    EXPECT_LT(told(bench, 5000), 1200U);
    EXPECT_EQ(bench.receive(transit().src("10.0.1.3").ttl(1) / udp(1, 2)), kExpired);
    EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), testing::Dst("10.0.1.3")));
  }
}

TEST(RateLimit, OfAPeerIsCountedApart) {
  IcmpPolicy policy;
  policy.peer_rate = 1;
  Bench bench{with_policy(policy)};
  EXPECT_EQ(told(bench, 100), 6U);
  EXPECT_EQ(bench.counters().get(NotTold::peer_limited), 94U);
  EXPECT_EQ(bench.counters().get(NotTold::rate_limited), 0U);
  EXPECT_EQ(bench.counters().get(Mib::icmp_out_peer_limited), 94U);
}

TEST(RateLimit, OfAReplyIsADropOfItsQuery) {
  IcmpPolicy policy;
  policy.class_limit(IcmpType::echo_reply) = {IcmpType::echo_reply, 1, 10};
  Bench bench{with_policy(policy)};
  std::uint64_t answered = 0;
  for (int i = 0; i < 100; ++i) {
    answered += bench.receive(to_router() / icmp_echo({})) == kAnswered ? 1U : 0U;
  }
  EXPECT_GE(answered, 3U);
  EXPECT_LE(answered, 30U);
  bench.expect_counted(dropped(DropReason::reply_rate_limited), 100 - answered);
  EXPECT_EQ(bench.receive(to_router() / icmp(13, 0, 0, counting(12))), kAnswered);
}

TEST(LinuxProfile, KeepsABitOfEcnInErrors) {
  // The kernel's IPTOS_TOS_MASK is 0x1e; RFC 3168 came later than RFC 1812.
  for (const auto& [profile, tos] :
       {std::pair{Profile::rfc1812, 0xdc}, std::pair{Profile::linux_like, 0xde}}) {
    Bench bench{with_policy(IcmpPolicy::of(profile))};
    EXPECT_EQ(bench.receive(transit().ttl(1).tos(0xff) / udp(1, 2)), kExpired);
    EXPECT_THAT(bench.answer(), testing::Tos(tos));
  }
}

TEST(LinuxProfile, IsSilentAboutPacketsThatWereCutShort) {
  Bench bench{with_policy(IcmpPolicy::of(Profile::linux_like))};
  EXPECT_EQ(bench.receive((transit() / udp(1, 2)).truncated(24)),
            dropped(DropReason::ipv4_incomplete));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

TEST(LinuxProfile, LimitsEachPeerToOneASecondAfterABurstOfSix) {
  Bench bench{with_policy(IcmpPolicy::of(Profile::linux_like))};
  EXPECT_EQ(told(bench, 100), 6U);
  bench.now += std::chrono::seconds{3};
  EXPECT_EQ(told(bench, 100), 3U);
}

TEST(LegacyProfile, QuotesTheHeaderAnd8BytesAndHidesTheMtu) {
  // RFC 792 to the letter.
  Bench bench{with_policy(IcmpPolicy::of(Profile::legacy))};
  const Wire big = transit().dst("198.51.100.9").df() / udp(1, 2, counting(1000));
  EXPECT_EQ(bench.receive(big), dropped(DropReason::frag_needed));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(3, 4), RestOfHeader(0U), QuotesFirst(28U, big)));
  const Wire expired = transit().ttl(1).options({148, 4, 0, 0}) / udp(1, 2, counting(100));
  EXPECT_EQ(bench.receive(expired), kExpired);
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(11, 0), QuotesFirst(32U, expired)));
}

TEST(Error, HasTheTtlAndIdentificationOfThePolicy) {
  IcmpPolicy policy;
  policy.ttl = 255;
  policy.id = IdPolicy::zero;
  Bench bench{with_policy(policy)};
  (void)bench.receive(transit().ttl(1) / udp(1, 2));
  EXPECT_THAT(bench.answer(), AllOf(Ttl(255), testing::IpId(0)));
}

TEST(Error, CountsIdentificationUp) {
  // What tools of alias resolution look at: one counter for all that a router sends.
  Bench bench;
  std::vector<std::uint16_t> ids;
  for (const InterfaceIndex in : std::initializer_list<InterfaceIndex>{0, 1, 2, 0}) {
    const bool to_us = in == 1;
    (void)bench.receive(to_us ? to_router() / udp(1, 33434) : transit().ttl(1) / udp(1, 2), in);
    ids.push_back(testing::decode(bench.answer())->id);
  }
  for (std::size_t i = 1; i < ids.size(); ++i) {
    EXPECT_EQ(ids[i], static_cast<std::uint16_t>(ids[0] + i));
  }
}

TEST(Error, IsNoLargerThan576BytesAndQuotesThePacketAsReceived) {
  for (const std::size_t size : {20U, 28U, 547U, 548U, 549U, 1500U}) {
    Bench bench;
    const Wire packet = transit().ttl(1).tos(0x2c).id(0xabcd) / raw(counting(size - 20));
    EXPECT_EQ(bench.receive(packet), kExpired);
    EXPECT_THAT(bench.answer(), AllOf(Quotes(packet), ValidChecksums()));
    EXPECT_EQ(bench.answer().size(), std::min<std::size_t>(size, 548) + 28);
  }
}

}  // namespace
}  // namespace hop
