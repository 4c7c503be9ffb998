// Errors with an extension structure behind the quote (RFC 4884 sections 4 and 5).

#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "stack/icmp/error_message.hpp"
#include "tests/stack/icmp/case_name.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/matchers.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using testing::icmp;
using testing::ip;
using testing::raw;
using Wire = testing::Packet;

/// One label: RFC 4950 section 5.
constexpr auto kLabel = "20 00 9a 0d  00 08 01 01  03 e8 41 01"_bytes;

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + 1);
  return bytes;
}

/// A datagram of `size` bytes in all with a header of 20.
Wire datagram(std::size_t size) { return ip().ttl(1).id(0x1234) / raw(counting(size - 20)); }

IcmpPolicy with(ExtensionLayout layout, std::uint32_t quote = IcmpPolicy::kQuote576) {
  IcmpPolicy policy;
  policy.quote = quote;
  policy.extensions.layout = layout;
  return policy;
}
constexpr auto kRfc4884 = ExtensionLayout::rfc4884;
constexpr auto kNonCompliant = ExtensionLayout::non_compliant;

/// Built in a buffer that was full of something else, about bytes that stand alone in memory.
Wire build(const IcmpMessage& message, Bytes offending, const IcmpPolicy& policy,
           Bytes extension = kLabel, Bytes options = {}) {
  PacketPool pool;
  {
    Packet used = pool.acquire(2000);
    std::ranges::fill(used.bytes(), std::byte{0xa5});
  }
  const auto alone = std::make_unique<std::byte[]>(offending.size());  // NOLINT(*-avoid-c-arrays)
  std::ranges::copy(offending, alone.get());
  const Packet built =
      build_error(message, Ipv4HeaderView::parse({alone.get(), offending.size()}).value(),
                  ErrorEnvelope{.source = Ipv4Address{10, 0, 1, 1},
                                .destination = Ipv4Address{10, 0, 1, 2},
                                .tos = 0xc0,
                                .id = 0x4711,
                                .options = options,
                                .extension = extension},
                  policy, pool);
  return Wire{Bytes{built.bytes()}};
}
Wire build(Bytes offending, const IcmpPolicy& policy, Bytes extension = kLabel,
           Bytes options = {}) {
  return build({.type = IcmpType::time_exceeded}, offending, policy, extension, options);
}

/// The message as the figures have it: `quoted` bytes of the datagram, zeros up to `field`.
Wire expected(std::uint8_t type, std::uint8_t code, std::uint32_t rest, Bytes offending,
              std::size_t quoted, std::size_t field, Bytes extension = kLabel) {
  std::vector<std::byte> data(field);
  std::ranges::copy(offending.first(quoted), data.begin());
  data.insert(data.end(), extension.begin(), extension.end());
  return ip().src("10.0.1.1").dst("10.0.1.2").tos(0xc0).id(0x4711) / icmp(type, code, rest, data);
}

TEST(ExtendedQuote, OfEveryLengthIsPaddedToWholeWordsAndTo128Bytes) {
  for (std::size_t size = 20; size <= 140; ++size) {
    const Wire offending = datagram(size);
    const std::size_t field = size <= 128 ? 128 : size <= 132 ? 132 : size <= 136 ? 136 : 140;
    const auto length = static_cast<std::uint32_t>(field / 4) << 16U;
    EXPECT_EQ(build(offending, with(kRfc4884)), expected(11, 0, length, offending, size, field))
        << size;
  }
}

TEST(ExtendedQuote, OfEveryPolicyHasAtLeast128Bytes) {
  const Wire offending = datagram(200);
  for (std::uint32_t quote = 0; quote <= 140; ++quote) {
    const std::size_t quoted = std::max<std::size_t>(quote, 128);
    const std::size_t field = (quoted + 3) & ~std::size_t{3};
    const auto length = static_cast<std::uint32_t>(field / 4) << 16U;
    EXPECT_EQ(build(offending, with(kRfc4884, quote)),
              expected(11, 0, length, offending, quoted, field))
        << quote;
  }
}

struct SizeCase {
  std::string_view name;
  std::uint32_t quote;
  std::size_t options, extension;
  std::size_t quoted, whole;
};
std::ostream& operator<<(std::ostream& out, const SizeCase& row) { return out << row.name; }

class ExtendedErrorSize : public ::testing::TestWithParam<SizeCase> {};

TEST_P(ExtendedErrorSize, IsAtMost576Rfc4884Section7) {
  const auto& [name, quote, options, extension, quoted, whole] = GetParam();
  std::vector<std::byte> structure(extension);
  std::ranges::copy(kLabel, structure.begin());
  const Wire error = build(datagram(1500), with(kRfc4884, quote), structure,
                           std::vector<std::byte>(options, std::byte{1}));
  EXPECT_EQ(error.size(), whole);
  const std::size_t header = 20 + options;
  EXPECT_EQ(std::to_integer<std::size_t>(error.bytes()[header + 5]) * 4, quoted);
  EXPECT_THAT(error, testing::ValidChecksums());
}

INSTANTIATE_TEST_SUITE_P(Table, ExtendedErrorSize,
                         ::testing::Values(SizeCase{"Default", 548, 0, 12, 536, 576},
                                           SizeCase{"Full", 65507, 0, 12, 536, 576},
                                           SizeCase{"Legacy", 28, 0, 12, 128, 168},
                                           SizeCase{"Of128", 128, 0, 12, 128, 168},
                                           SizeCase{"Options", 548, 40, 12, 496, 576},
                                           SizeCase{"LongestStructure", 548, 40, 380, 128, 576},
                                           SizeCase{"LongStructure", 548, 0, 380, 168, 576}),
                         kCaseName);

TEST(ExtendedError, KeepsNextHopMtuAndPointerInTheirPlaces) {
  // RFC 4884 sections 4.1 and 4.3.
  const Wire offending = datagram(128);
  EXPECT_EQ(build({.type = IcmpType::dest_unreachable, .code = 4, .rest = 1400}, offending,
                  with(kRfc4884)),
            expected(3, 4, 0x00200578, offending, 128, 128));
  EXPECT_EQ(
      build({.type = IcmpType::parameter_problem, .rest = 0x14000000}, offending, with(kRfc4884)),
      expected(12, 0, 0x14200000, offending, 128, 128));
}

TEST(NonCompliantLayout, HasExactly128BytesAndNoLengthRfc4884Section5) {
  for (const std::size_t size : {20U, 60U, 127U, 128U, 129U, 1500U}) {
    const Wire offending = datagram(size);
    EXPECT_EQ(build(offending, with(kNonCompliant)),
              expected(11, 0, 0, offending, std::min<std::size_t>(size, 128), 128))
        << size;
  }
}

TEST(ErrorWithoutExtension, IsTheSameWhateverTheLayout) {
  for (const std::size_t size : {20U, 60U, 131U, 548U}) {
    const Wire offending = datagram(size);
    for (const ExtensionLayout layout : {kRfc4884, kNonCompliant}) {
      EXPECT_EQ(build(offending, with(layout), {}), expected(11, 0, 0, offending, size, size, {}));
    }
  }
}

TEST(MayCarry, FollowsTheListsOfTheRfcs) {
  constexpr auto kMpls = ExtensionClass::mpls_label_stack;
  constexpr auto kInterface = ExtensionClass::interface_information;
  for (unsigned number = 0; number < 256; ++number) {
    const auto type = static_cast<IcmpType>(number);
    const bool unreachable_or_exceeded = number == 3 || number == 11;
    EXPECT_EQ(may_carry(type, kMpls, kRfc4884), unreachable_or_exceeded) << number;
    EXPECT_EQ(may_carry(type, kMpls, kNonCompliant), unreachable_or_exceeded) << number;
    EXPECT_EQ(may_carry(type, kInterface, kRfc4884), unreachable_or_exceeded || number == 12);
    EXPECT_EQ(may_carry(type, kInterface, kNonCompliant), unreachable_or_exceeded) << number;
  }
}

}  // namespace
}  // namespace hop
