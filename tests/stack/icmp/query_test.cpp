// Queries answered in place: echo and timestamp (RFC 792, RFC 1122 sections 3.2.2.6 and 3.2.2.8).

#include "stack/icmp/query.hpp"

#include <gmock/gmock.h>

#include <ostream>
#include <string_view>
#include <vector>

#include "tests/stack/icmp/case_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/hex_literal.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using ::testing::ElementsAreArray;
using testing::icmp;
using testing::operator""_bytes;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

std::vector<std::byte> encoded(const testing::Layer& layer) { return layer.encode(0, 0, 1); }

void answer(std::vector<std::byte>& message, Instant now = {}) {
  EXPECT_TRUE(answer_query(message, {.now = now, .mask = 0}));
}

// "abcde" with id 0x1f3b and seq 1; the checksums by RFC 1071, reckoned outside this project.
constexpr auto kEcho = "08 00 ae fc 1f 3b 00 01 61 62 63 64 65"_bytes;
constexpr auto kEchoReply = "00 00 b6 fc 1f 3b 00 01 61 62 63 64 65"_bytes;

TEST(AnswerEcho, ChangesTypeAndChecksumOnly) {
  std::vector<std::byte> message(kEcho.begin(), kEcho.end());
  answer(message);
  EXPECT_THAT(message, ElementsAreArray(kEchoReply));
}

TEST(AnswerEcho, KeepsAnyLengthOfData) {
  for (std::size_t length = 0; length < 70; ++length) {
    const std::vector<std::byte> data(length, std::byte{0xf7});
    std::vector<std::byte> message = encoded(icmp(8, 0, 0x00070001, data));
    answer(message);
    EXPECT_EQ(message, encoded(icmp(0, 0, 0x00070001, data))) << length << " bytes";
  }
}

TEST(AnswerEcho, KeepsTheCode) {
  for (int code = 0; code < 256; ++code) {
    std::vector<std::byte> message = encoded(icmp(8, static_cast<std::uint8_t>(code), 5, "x"));
    answer(message);
    EXPECT_EQ(message, encoded(icmp(0, static_cast<std::uint8_t>(code), 5, "x"))) << code;
  }
}

TEST(AnswerEcho, IsRightForEveryChecksum) {
  // RFC 1624: an incremental update that differs from a recomputation for some value is wrong.
  for (std::uint32_t rest = 0; rest < 0x10000; ++rest) {
    std::vector<std::byte> message = encoded(icmp(8, 0, rest));
    answer(message);
    ASSERT_EQ(message, encoded(icmp(0, 0, rest))) << rest;
  }
}

struct TimestampCase {
  std::string_view name;
  Instant now;
  std::uint32_t milliseconds;  // since midnight UT
};
std::ostream& operator<<(std::ostream& out, const TimestampCase& row) { return out << row.name; }

class AnswerTimestamp : public ::testing::TestWithParam<TimestampCase> {};

std::vector<std::byte> times(std::uint32_t originate, std::uint32_t receive,
                             std::uint32_t transmit) {
  std::vector<std::byte> data(12);
  const std::uint32_t words[] = {originate, receive, transmit};
  for (std::size_t i = 0; i < 12; ++i) {
    data[i] = static_cast<std::byte>(words[i / 4] >> (24 - 8 * (i % 4)));
  }
  return data;
}

TEST_P(AnswerTimestamp, FollowsRfc792) {
  const TimestampCase& row = GetParam();
  std::vector<std::byte> message =
      encoded(icmp(13, 0, 0x00090003, times(0x01020304, 0xaaaaaaaa, 0xbbbbbbbb)));
  answer(message, row.now);
  const auto expected = times(0x01020304, row.milliseconds, row.milliseconds);
  EXPECT_EQ(message, encoded(icmp(14, 0, 0x00090003, expected)));
}

INSTANTIATE_TEST_SUITE_P(
    Table, AnswerTimestamp,
    ::testing::Values(
        TimestampCase{"Midnight", Instant{hours{24} * 20'000}, 0},
        TimestampCase{"LastMillisecondOfTheDay", Instant{hours{24} * 20'001} - nanoseconds{1},
                      86'399'999},
        TimestampCase{"MillisecondsAreCutNotRounded", Instant{nanoseconds{1'999'999}}, 1},
        TimestampCase{"Noon", Instant{hours{24} * 20'000 + hours{12} + milliseconds{7}},
                      43'200'007}),
    kCaseName);

TEST(AnswerTimestamp, LeavesWhatStandsBehindTheTimes) {
  std::vector<std::byte> data = times(1, 2, 3);
  data.push_back(std::byte{0x5a});
  std::vector<std::byte> message = encoded(icmp(13, 0, 0, data));
  answer(message, Instant{milliseconds{4}});
  std::vector<std::byte> expected = times(1, 4, 4);
  expected.push_back(std::byte{0x5a});
  EXPECT_EQ(message, encoded(icmp(14, 0, 0, expected)));
}

}  // namespace
}  // namespace hop
