// The bytes of an ICMP error: quote, TOS, header (RFC 792, RFC 1812 sections 4.3.2.3 and 4.3.2.5).

#include "stack/icmp/error_message.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/icmp/case_name.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using ::testing::AllOf;
using testing::Dst;
using testing::icmp;
using testing::IcmpIs;
using testing::Ip;
using testing::ip;
using testing::IpId;
using testing::QuotesFirst;
using testing::raw;
using testing::RestOfHeader;
using testing::Src;
using testing::Tos;
using testing::Ttl;
using testing::udp;
using testing::ValidChecksums;
using Wire = testing::Packet;

constexpr std::uint32_t kFull = 0xffffffff;

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + 1);
  return bytes;
}

Ip to_server() { return ip().src("10.0.1.2").dst("192.0.2.9").ttl(1).id(0x1234); }
/// A datagram of `size` bytes in all with a header of 20.
Wire datagram(std::size_t size) { return to_server() / raw(counting(size - 20)); }

/// Builds errors from buffers that were full of something else before.
class ErrorBuilder {
 public:
  ErrorBuilder() {
    for (const std::size_t size : {std::size_t{2000}, PacketPool::kMaxPacket}) {
      Packet used = pool_.acquire(size);
      std::ranges::fill(used.bytes(), std::byte{0xa5});
      std::ranges::fill(used.prepend(PacketPool::kHeadroom), std::byte{0xa5});
    }
  }

  /// `offending` stands alone in its memory, so that a sanitizer sees a read behind it.
  Wire build(const IcmpMessage& message, Bytes offending, const IcmpPolicy& policy,
             Bytes options = {}) {
    const auto alone = std::make_unique<std::byte[]>(offending.size());  // NOLINT(*-avoid-c-arrays)
    std::ranges::copy(offending, alone.get());
    const Bytes bytes{alone.get(), offending.size()};
    const Packet built = build_error(message, Ipv4HeaderView::parse(bytes).value(),
                                     ErrorEnvelope{.source = Ipv4Address{10, 0, 1, 1},
                                                   .destination = Ipv4Address{10, 0, 1, 2},
                                                   .tos = 0xd4,
                                                   .id = 0x4711,
                                                   .options = options},
                                     policy, pool_);
    return Wire{built.bytes()};
  }
  Wire build(Bytes offending, const IcmpPolicy& policy = {}) {
    return build(IcmpMessage{.type = IcmpType::time_exceeded}, offending, policy);
  }

 private:
  PacketPool pool_;
};

IcmpPolicy quoting(std::uint32_t quote) {
  IcmpPolicy policy;
  policy.quote = quote;
  return policy;
}

struct QuoteCase {
  std::string_view name;
  Wire offending;
  std::uint32_t policy;
  std::size_t quoted;
};
std::ostream& operator<<(std::ostream& out, const QuoteCase& row) { return out << row.name; }

class Quote : public ::testing::TestWithParam<QuoteCase> {};

TEST_P(Quote, IsAsLongAsThePolicySays) {
  const QuoteCase& row = GetParam();
  ErrorBuilder builder;
  EXPECT_THAT(builder.build(row.offending, quoting(row.policy)),
              AllOf(QuotesFirst(row.quoted, row.offending), ValidChecksums()));
}

Wire with_options(std::size_t size) {
  return to_server().options(counting(40)) / raw(counting(size - 60));
}

INSTANTIATE_TEST_SUITE_P(Rfc1812Section4_3_2_3, Quote,
                         ::testing::Values(QuoteCase{"HeaderOnly", datagram(20), 548, 20},
                                           QuoteCase{"HeaderAnd8", datagram(28), 548, 28},
                                           QuoteCase{"OneByteBelow", datagram(547), 548, 547},
                                           QuoteCase{"Exactly", datagram(548), 548, 548},
                                           QuoteCase{"OneByteAbove", datagram(549), 548, 548},
                                           QuoteCase{"OddLength", datagram(101), 548, 101},
                                           QuoteCase{"Mtu", datagram(1500), 548, 548},
                                           QuoteCase{"LargestDatagram", datagram(65535), 548, 548},
                                           QuoteCase{"OptionsBelow", with_options(547), 548, 547},
                                           QuoteCase{"OptionsAbove", with_options(700), 548, 548}),
                         kCaseName);

INSTANTIATE_TEST_SUITE_P(Rfc792HeaderAnd8, Quote,
                         ::testing::Values(QuoteCase{"Long", datagram(1500), 28, 28},
                                           QuoteCase{"JustLonger", datagram(29), 28, 28},
                                           QuoteCase{"Exactly", datagram(28), 28, 28},
                                           QuoteCase{"Shorter", datagram(27), 28, 27},
                                           QuoteCase{"HeaderOnly", datagram(20), 28, 20},
                                           QuoteCase{"SmallerMeansTheSame", datagram(100), 8, 28},
                                           QuoteCase{"ZeroMeansTheSame", datagram(100), 0, 28},
                                           // 64 bits of data whatever the length of the header.
                                           QuoteCase{"LongestOptions", with_options(200), 28, 68},
                                           QuoteCase{"OptionsAndLittleData", with_options(63), 28,
                                                     63},
                                           QuoteCase{"OptionsAndNoData", with_options(60), 0, 60}),
                         kCaseName);

INSTANTIATE_TEST_SUITE_P(
    Chosen, Quote,
    ::testing::Values(QuoteCase{"Of64", datagram(1500), 64, 64},
                      QuoteCase{"Of64Options", with_options(1500), 64, 68},
                      QuoteCase{"Of69Options", with_options(1500), 69, 69},
                      QuoteCase{"Of128", datagram(127), 128, 127},
                      QuoteCase{"OfMoreThan576", datagram(1500), 1000, 1000},
                      QuoteCase{"Full", datagram(1500), kFull, 1500},
                      QuoteCase{"FullShort", datagram(20), kFull, 20},
                      QuoteCase{"FullBigEnoughToNeedALargeBuffer", datagram(9000), kFull, 9000},
                      QuoteCase{"FullUpToTheTotalLength", datagram(65507), kFull, 65507},
                      // RFC 791 section 3.1: Total Length has 16 bits.
                      QuoteCase{"FullOfTheLargest", datagram(65535), kFull, 65507}),
    kCaseName);

TEST(ErrorMessage, QuotesEveryLengthByteForByte) {
  ErrorBuilder builder;
  for (std::size_t size = 20; size < 620; ++size) {
    const Wire offending = datagram(size);
    EXPECT_THAT(builder.build(offending), QuotesFirst(std::min<std::size_t>(size, 548), offending));
  }
}

TEST(ErrorMessage, QuotesOnlyWhatIsThereOfATruncatedDatagram) {
  ErrorBuilder builder;
  const Wire whole = datagram(100);
  for (std::size_t size = 20; size < 100; ++size) {
    EXPECT_THAT(builder.build(whole.truncated(size)), QuotesFirst(size, whole)) << size;
  }
}

TEST(ErrorMessage, HasNoByteThatItWasNotGiven) {
  // The whole message, byte for byte, out of buffers that were full of 0xa5.
  ErrorBuilder builder;
  for (const std::size_t size : {20U, 21U, 28U, 101U, 548U, 1400U}) {
    const Wire offending = datagram(size);
    const Bytes quote = offending.bytes().first(std::min<std::size_t>(size, 548));
    const Wire expected =
        ip().src("10.0.1.1").dst("10.0.1.2").ttl(64).tos(0xd4).id(0x4711) / icmp(11, 0, 0, quote);
    EXPECT_EQ(builder.build(offending), expected) << size;
  }
}

TEST(ErrorMessage, CarriesTypeCodeAndRestOfTheMessage) {
  ErrorBuilder builder;
  const Wire offending = datagram(60);
  const IcmpMessage message{.type = IcmpType::dest_unreachable, .code = 4, .rest = 1400};
  EXPECT_THAT(builder.build(message, offending, {}),
              AllOf(IcmpIs(3, 4), RestOfHeader(1400U), ValidChecksums()));
}

TEST(ErrorMessage, CarriesTheOptionsOfTheEnvelope) {
  ErrorBuilder builder;
  const auto options = counting(8);
  const Wire offending = datagram(60);
  const Wire expected = ip().src("10.0.1.1").dst("10.0.1.2").tos(0xd4).id(0x4711).options(options) /
                        icmp(11, 0, 0, offending);
  EXPECT_EQ(builder.build({.type = IcmpType::time_exceeded}, offending, {}, options), expected);
}

TEST(ErrorMessage, StaysWithin576BytesWithOptionsOfItsOwn) {
  // RFC 1812 section 4.3.2.3: the length of the ICMP datagram, not of the quote, is limited.
  ErrorBuilder builder;
  for (const std::size_t size : {4U, 8U, 40U}) {
    const Wire built =
        builder.build({.type = IcmpType::time_exceeded}, datagram(1500), {}, counting(size));
    EXPECT_EQ(built.size(), 576U) << size << " bytes of options";
  }
}

TEST(ErrorMessage, StaysWithinTheLargestDatagramWithOptionsOfItsOwn) {
  ErrorBuilder builder;
  const Wire built = builder.build({.type = IcmpType::time_exceeded}, datagram(65535),
                                   quoting(kFull), counting(40));
  EXPECT_EQ(built.size(), 65535U);
  EXPECT_THAT(built, ValidChecksums());
}

TEST(ErrorMessage, HasTheTtlOfThePolicyAndTheIdOfTheEnvelope) {
  ErrorBuilder builder;
  for (const std::uint8_t ttl : std::to_array<std::uint8_t>({1, 64, 255})) {
    IcmpPolicy policy;
    policy.ttl = ttl;
    EXPECT_THAT(builder.build(datagram(40), policy),
                AllOf(Ttl(ttl), Tos(0xd4), IpId(0x4711), Src("10.0.1.1"), Dst("10.0.1.2")));
  }
}

struct TosCase {
  std::string_view name;
  IcmpType type;
  std::uint8_t offending, expected;
  std::uint8_t kept = 0x1c;
};
std::ostream& operator<<(std::ostream& out, const TosCase& row) { return out << row.name; }

class ErrorTos : public ::testing::TestWithParam<TosCase> {};

TEST_P(ErrorTos, FollowsRfc1812Section4_3_2_5) {
  const TosCase& row = GetParam();
  EXPECT_EQ(error_tos(row.type, row.offending, row.kept), row.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ErrorTos,
    ::testing::Values(TosCase{"InternetworkControl", IcmpType::time_exceeded, 0x00, 0xc0},
                      TosCase{"KeepsLowDelay", IcmpType::time_exceeded, 0x10, 0xd0},
                      TosCase{"KeepsThroughputAndReliability", IcmpType::dest_unreachable, 0x0c,
                              0xcc},
                      TosCase{"ReplacesPrecedence", IcmpType::parameter_problem, 0xa8, 0xc8},
                      TosCase{"ReplacesHighestPrecedence", IcmpType::redirect, 0xe0, 0xc0},
                      TosCase{"NeverCongestionExperienced", IcmpType::time_exceeded, 0x03, 0xc0},
                      TosCase{"KeepsWhatItIsTold", IcmpType::time_exceeded, 0xff, 0xd2, 0x12},
                      TosCase{"KeepsNothing", IcmpType::time_exceeded, 0xff, 0xc0, 0x00},
                      TosCase{"NeverKeepsPrecedence", IcmpType::time_exceeded, 0x20, 0xc0, 0xff},
                      TosCase{"SourceQuenchKeepsPrecedence", IcmpType::source_quench, 0xb0, 0xb0},
                      TosCase{"SourceQuenchOfRoutine", IcmpType::source_quench, 0x00, 0x00},
                      TosCase{"SourceQuenchWithoutTos", IcmpType::source_quench, 0xbf, 0xa0, 0}),
    kCaseName);

TEST(ErrorMessage, GivesTheSourceQuenchNoOtherTos) {
  for (unsigned tos = 0; tos < 256; tos += 4) {
    EXPECT_EQ(error_tos(IcmpType::source_quench, static_cast<std::uint8_t>(tos), 0x1c), tos);
  }
}

}  // namespace
}  // namespace hop
