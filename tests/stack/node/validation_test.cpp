// Packets whose header is wrong (RFC 1812 section 5.2.2): dropped in silence, but for truncated
// ones.

#include <gmock/gmock.h>

#include <ostream>
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
using testing::patched;
using testing::Quotes;
using testing::QuotesFirst;
using testing::raw;
using testing::RestOfHeader;
using testing::udp;
using testing::ValidChecksums;

struct HeaderCase {
  std::string_view name;
  Wire packet;
  DropReason why;
};
std::ostream& operator<<(std::ostream& out, const HeaderCase& row) { return out << row.name; }

class BadHeader : public ::testing::TestWithParam<HeaderCase> {};

TEST_P(BadHeader, IsDroppedInSilence) {
  Bench bench;
  EXPECT_EQ(bench.receive(GetParam().packet), dropped(GetParam().why));
  bench.expect_counted(dropped(GetParam().why));
  EXPECT_THAT(bench.sent(), IsEmpty());
}

Wire good() { return transit() / udp(1, 2, "some data"); }
Wire to_us() { return to_router() / icmp_echo({}, "some data"); }

INSTANTIATE_TEST_SUITE_P(
    Rfc1812Section5_2_2, BadHeader,
    ::testing::Values(
        HeaderCase{"Nothing", good().truncated(0), DropReason::ipv4_truncated},
        HeaderCase{"OneByte", good().truncated(1), DropReason::ipv4_truncated},
        HeaderCase{"NineteenBytes", good().truncated(19), DropReason::ipv4_truncated},
        HeaderCase{"Checksum", good().with_checksum(0x1234), DropReason::ipv4_bad_checksum},
        HeaderCase{"ChecksumZero", good().with_checksum(0), DropReason::ipv4_bad_checksum},
        HeaderCase{"ChecksumToUs", to_us().with_checksum(1), DropReason::ipv4_bad_checksum},
        HeaderCase{"ChecksumOfOptions",
                   patched(transit().options({148, 4, 0, 0}) / udp(1, 2), 23, 1),
                   DropReason::ipv4_bad_checksum},
        HeaderCase{"Version6", patched(good(), 0, 0x65).resummed(), DropReason::ipv4_bad_version},
        HeaderCase{"Version0", patched(good(), 0, 0x05).resummed(), DropReason::ipv4_bad_version},
        HeaderCase{"IhlZero", good().with_ihl(0), DropReason::ipv4_bad_header_length},
        HeaderCase{"IhlFour", good().with_ihl(4), DropReason::ipv4_bad_header_length},
        HeaderCase{"TotalLengthZero", good().with_total_length(0),
                   DropReason::ipv4_bad_total_length},
        HeaderCase{"TotalLengthBelow20", good().with_total_length(19),
                   DropReason::ipv4_bad_total_length},
        HeaderCase{"TotalLengthBelowIhl",
                   (transit().options({1, 1, 1, 1}) / udp(1, 2)).with_total_length(23),
                   DropReason::ipv4_bad_total_length},
        // The checksum is checked first: nothing else of such a header can be believed.
        HeaderCase{"ChecksumOfATruncatedPacket", good().with_checksum(7).truncated(30),
                   DropReason::ipv4_bad_checksum}),
    kCaseName);

INSTANTIATE_TEST_SUITE_P(
    TruncatedButVetoed, BadHeader,
    ::testing::Values(
        HeaderCase{"IcmpError", (transit() / icmp(3, 1, 0, good())).truncated(40),
                   DropReason::ipv4_incomplete},
        HeaderCase{"LaterFragment", (transit().offset(8) / raw("data")).truncated(22),
                   DropReason::ipv4_incomplete},
        HeaderCase{"Broadcast",
                   (transit().dst("255.255.255.255") / udp(1, 2, "data")).truncated(28),
                   DropReason::ipv4_incomplete},
        HeaderCase{"SubnetBroadcast",
                   (transit().dst("10.0.1.255") / udp(1, 2, "data")).truncated(28),
                   DropReason::ipv4_incomplete},
        HeaderCase{"Multicast", (transit().dst("224.0.0.1") / udp(1, 2, "data")).truncated(28),
                   DropReason::ipv4_incomplete},
        HeaderCase{"BadSource", (transit().src("127.0.0.1") / udp(1, 2, "data")).truncated(28),
                   DropReason::ipv4_incomplete},
        HeaderCase{"IcmpWithoutItsType", (transit() / icmp_echo({}, "data")).truncated(20),
                   DropReason::ipv4_incomplete}),
    kCaseName);

TEST(TruncatedPacket, IsAnsweredWithAParameterProblemAtTheTotalLength) {
  for (const Wire& whole : {good(), to_us()}) {
    for (std::size_t size = 21; size < whole.size(); ++size) {
      Bench bench;
      EXPECT_EQ(bench.receive(whole.truncated(size)), dropped(DropReason::ipv4_incomplete));
      bench.expect_counted(dropped(DropReason::ipv4_incomplete));
      EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), RestOfHeader(0x02000000U),
                                        QuotesFirst(size, whole), ValidChecksums()));
    }
  }
}

TEST(TruncatedPacket, CountsAsInTruncatedPkts) {
  Bench bench;
  (void)bench.receive(good().truncated(30));
  EXPECT_EQ(bench.counters().get(Mib::ip_in_truncated_pkts), 1U);
  EXPECT_EQ(bench.counters().icmp_out(IcmpType::parameter_problem), 1U);
}

TEST(HeaderLongerThanThePacket, IsDropped) {
  for (std::uint8_t words = 10; words < 16; ++words) {
    Bench bench;
    EXPECT_EQ(bench.receive(good().with_ihl(words)).action, Action::dropped) << int{words};
  }
}

TEST(LinkPadding, IsNotForwarded) {
  Bench bench;
  EXPECT_EQ(bench.receive(good().padded(9)), kForwarded);
  EXPECT_EQ(bench.answer(), good().with_ttl(63));
}

TEST(LinkPadding, IsNotQuoted) {
  Bench bench;
  EXPECT_EQ(bench.receive(good().with_ttl(1).padded(9)), dropped(DropReason::ttl_expired));
  EXPECT_THAT(bench.answer(), QuotesFirst(good().size(), good().with_ttl(1)));
}

TEST(LinkPadding, IsNotEchoed) {
  Bench bench;
  EXPECT_EQ(bench.receive(to_us().padded(9)), kAnswered);
  EXPECT_EQ(bench.answer().size(), to_us().size());
}

TEST(ReservedFlag, IsIgnoredAndKept) {
  // RFC 1812 section 4.2.2.3.
  Bench bench;
  const Wire evil = transit().reserved_bit() / udp(1, 2);
  EXPECT_EQ(bench.receive(evil), kForwarded);
  EXPECT_EQ(bench.answer(), evil.with_ttl(63));
}

TEST(BadOption, InAFirstFragmentIsReportedAndNothingIsHeld) {
  // RFC 1812 section 4.3.3.5.
  Bench bench;
  const Wire packet = to_router().mf().options({7, 7, 3, 0, 0, 0, 0}) / udp(1, 2, counting(24));
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_bad_pointer));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), Quotes(packet)));
  EXPECT_EQ(bench.node.next_deadline(), std::nullopt);
}

TEST(BadOption, BehindOneThatWouldBeUpdatedIsQuotedAsReceived) {
  // RFC 1812 section 4.3.3.5: the header as it was, before the route was recorded.
  Bench bench;
  const Wire packet = transit().options({7, 7, 4, 0, 0, 0, 0, 68, 8, 4, 0, 0, 0, 0, 0}) / udp(1, 2);
  EXPECT_EQ(bench.receive(packet), dropped(DropReason::option_bad_pointer));
  EXPECT_THAT(bench.answer(), AllOf(IcmpIs(12, 0), Quotes(packet)));
}

}  // namespace
}  // namespace hop
