#include "stack/wire/icmp.hpp"

#include <gmock/gmock.h>

#include <random>
#include <vector>

#include "tests/stack/base/row_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"

namespace hop {
namespace {

using namespace testing::literals;
using ::testing::ElementsAreArray;

// ICMP(id=7,seq=1)/"abc", as scapy 2.5.0 makes it; the others likewise.
constexpr auto kEcho = "08 00 33 95 00 07 00 01 61 62 63"_bytes;
constexpr auto kFragNeeded = "03 04 b2 83 00 00 05 78 45 00 00"_bytes;
constexpr auto kPointer20 = "0c 00 df ff 14 00 00 00"_bytes;
constexpr auto kTimestamp = "0d 00 28 02 12 34 00 05 04 c4 b4 00 00 00 00 00 00 00 00 00"_bytes;

struct MessageCase {
  std::string_view name;
  Bytes bytes;
  IcmpType type;
  std::uint8_t code;
  std::uint32_t rest;
};
class IcmpMessages : public ::testing::TestWithParam<MessageCase> {};

TEST_P(IcmpMessages, AreReadAsRfc792Says) {
  const auto view = IcmpView::parse(GetParam().bytes);
  ASSERT_TRUE(view) << name(view.error());
  EXPECT_EQ(view->type(), GetParam().type);
  EXPECT_EQ(view->code(), GetParam().code);
  EXPECT_EQ(view->rest(), GetParam().rest);
  EXPECT_EQ(view->identifier(), GetParam().rest >> 16U);
  EXPECT_EQ(view->sequence(), GetParam().rest & 0xffffU);
  EXPECT_THAT(view->data(), ElementsAreArray(GetParam().bytes.subspan(8)));
}

TEST_P(IcmpMessages, AreWrittenAsRfc792Says) {
  const Bytes golden = GetParam().bytes;
  std::vector<std::byte> written(golden.size(), std::byte{0xa5});
  std::ranges::copy(golden.subspan(8), written.begin() + 8);
  write_icmp({.type = GetParam().type, .code = GetParam().code, .rest = GetParam().rest}, written);
  EXPECT_THAT(written, ElementsAreArray(golden));
}

INSTANTIATE_TEST_SUITE_P(
    Golden, IcmpMessages,
    ::testing::Values(MessageCase{"echo", kEcho, IcmpType::echo, 0, 0x00070001},
                      MessageCase{"frag_needed", kFragNeeded, IcmpType::dest_unreachable, 4, 1400},
                      MessageCase{"parameter_problem", kPointer20, IcmpType::parameter_problem, 0,
                                  20U << 24U},
                      MessageCase{"timestamp", kTimestamp, IcmpType::timestamp, 0, 0x12340005}),
    kRowName);

struct BadCase {
  std::string_view name;
  std::vector<std::byte> bytes;
  DropReason why;
};
class BadIcmp : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadIcmp, IsRefused) {
  const auto view = IcmpView::parse(GetParam().bytes);
  ASSERT_FALSE(view);
  EXPECT_EQ(view.error(), GetParam().why) << name(view.error());
}

std::vector<std::byte> echo_bytes(std::size_t size) {
  return {kEcho.begin(), kEcho.begin() + static_cast<std::ptrdiff_t>(size)};
}
std::vector<std::byte> echo_with(std::size_t at, std::uint8_t value) {
  auto bytes = echo_bytes(kEcho.size());
  bytes[at] = std::byte{value};
  return bytes;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadIcmp,
    ::testing::Values(BadCase{"nothing", {}, DropReason::icmp_truncated},
                      BadCase{"seven_bytes", echo_bytes(7), DropReason::icmp_truncated},
                      BadCase{"bad_checksum", echo_with(2, 0x34), DropReason::icmp_bad_checksum},
                      BadCase{"checksum_of_0",
                              {std::byte{8}, {}, {}, {}, {}, {}, {}, {}},
                              DropReason::icmp_bad_checksum},
                      BadCase{"changed_type", echo_with(0, 0), DropReason::icmp_bad_checksum},
                      BadCase{"changed_odd_byte", echo_with(10, 0x62),
                              DropReason::icmp_bad_checksum},
                      BadCase{"cut_data", echo_bytes(10), DropReason::icmp_bad_checksum}),
    kRowName);

TEST(IcmpChecksum, BothFormsOfZeroAreRight) {
  // 0800 + f7ff sums to ffff, so the checksum is 0; ffff is its other form.
  EXPECT_TRUE(IcmpView::parse("08 00 00 00 f7 ff 00 00"_bytes));
  EXPECT_TRUE(IcmpView::parse("08 00 ff ff f7 ff 00 00"_bytes));
}

TEST(IcmpView, AcceptsUnknownTypes) {
  std::vector<std::byte> message(8);
  for (unsigned type = 0; type <= 255; ++type) {
    write_icmp({.type = static_cast<IcmpType>(type), .code = 99}, message);
    const auto view = IcmpView::parse(message);
    ASSERT_TRUE(view) << type;
    EXPECT_EQ(static_cast<unsigned>(view->type()), type);
  }
}

/// Right in every way but that the type has just become `type`.
std::vector<std::byte> with_type(std::vector<std::byte> message, IcmpType type) {
  message[0] = static_cast<std::byte>(type);
  store_be<std::uint16_t>(message, 2, 0);
  store_be(message, 2, static_cast<std::uint16_t>(~testing::internet_sum(message)));
  return message;
}

TEST(RewriteIcmpType, EqualsRecomputation) {
  std::mt19937 random{792};
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::byte> data(8 + random() % 40);
    std::ranges::generate(data, [&] { return static_cast<std::byte>(random()); });
    data[0] = std::byte{8};
    auto message = with_type(std::move(data), IcmpType::echo);
    const auto expected = with_type(message, IcmpType::echo_reply);
    rewrite_icmp_type(message, IcmpType::echo, IcmpType::echo_reply);
    ASSERT_THAT(message, ElementsAreArray(expected)) << "round " << round;
    rewrite_icmp_type(message, IcmpType::echo_reply, IcmpType::echo);
    ASSERT_THAT(message, ElementsAreArray(with_type(message, IcmpType::echo)))
        << "and back, round " << round;
  }
}

TEST(RewriteIcmpType, EqualsRecomputationForAllChecksums) {
  int wrong = 0;
  for (unsigned id = 0; id <= 0xffff; ++id) {
    std::vector<std::byte> message(8);
    store_be(message, 4, static_cast<std::uint16_t>(id));
    message = with_type(std::move(message), IcmpType::echo);
    const auto expected = with_type(message, IcmpType::echo_reply);
    rewrite_icmp_type(message, IcmpType::echo, IcmpType::echo_reply);
    if (message != expected) ++wrong;
  }
  EXPECT_EQ(wrong, 0);
}

// An echo reply may be all zeros but for its checksum, so unlike in an IP header the sum may be +0
// and the checksum must be ffff: of 0000 a receiver would say that it is wrong.
TEST(RewriteIcmpType, OfAnAllZeroEchoStaysVerifiable) {
  for (const std::size_t size : {8U, 9U, 64U}) {
    auto message = with_type(std::vector<std::byte>(size), IcmpType::echo);
    rewrite_icmp_type(message, IcmpType::echo, IcmpType::echo_reply);
    EXPECT_EQ(load_be<std::uint16_t>(message, 2), 0xffff) << size;
    EXPECT_EQ(testing::internet_sum(message), 0xffff) << size;
  }
}

}  // namespace
}  // namespace hop
