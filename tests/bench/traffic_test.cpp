// The generator's judgement: the answers of hop and of the bare loops are right, spoilt ones are
// not.

#include "tests/bench/traffic.hpp"

#include <gtest/gtest.h>

#include "tests/bench/bare_answer.hpp"
#include "tests/bench/fixture.hpp"
#include "tests/bench/raw.hpp"

namespace hop::bench {
namespace {

using Kind = TrafficOptions::Kind;

constexpr unsigned kNumber = 300;

TrafficOptions options(Kind kind, std::size_t size = 64) {
  return {.kind = kind,
          .size = size,
          .source = {10, 0, 0, 2},
          .destination = kind == Kind::echo ? Ipv4Address{10, 0, 0, 1} : Ipv4Address{192, 0, 2, 1}};
}

std::vector<std::byte> copy_of(std::span<const std::byte> bytes) {
  return {bytes.begin(), bytes.end()};
}

std::vector<std::byte> bare_answer_to(std::span<const std::byte> packet) {
  auto bytes = copy_of(packet);
  bytes.resize(packet.size() + kBareGrowth);
  bytes.resize(bare_answer(bytes, packet.size()));
  return bytes;
}

class TrafficTest : public testing::TestWithParam<std::tuple<Kind, std::size_t>> {
 protected:
  void expect_right(const std::vector<std::byte>& answer) const {
    EXPECT_EQ(traffic_.number_of(answer), kNumber);
    EXPECT_TRUE(traffic_.is_right(answer, kNumber));
  }

  Traffic traffic_{options(std::get<0>(GetParam()), std::get<1>(GetParam()))};
  Router hop_;
};

TEST_P(TrafficTest, TakesTheAnswerOfHop) { expect_right(hop_.answer(traffic_.packet(kNumber))); }

TEST_P(TrafficTest, TakesTheAnswerOfTheBareLoops) {
  expect_right(bare_answer_to(traffic_.packet(kNumber)));
}

TEST_P(TrafficTest, RefusesAnAnswerWithAnyBitSpoilt) {
  const auto answer = hop_.answer(traffic_.packet(kNumber));
  for (std::size_t bit = 0; bit < answer.size() * 8; ++bit) {
    auto spoilt = answer;
    spoilt[bit / 8] ^= std::byte(1U << bit % 8);
    EXPECT_FALSE(traffic_.is_right(spoilt, kNumber)) << "bit " << bit;
  }
}

TEST_P(TrafficTest, RefusesTheAnswerToAnotherPacket) {
  EXPECT_FALSE(traffic_.is_right(hop_.answer(traffic_.packet(kNumber)), kNumber + 1));
}

// What is forwarded comes back as it was but for its TTL, which is_right() looks at.
class AnsweredTrafficTest : public TrafficTest {};

TEST_P(AnsweredTrafficTest, DoesNotTakeItsOwnPacketForAnAnswer) {
  EXPECT_EQ(traffic_.number_of(traffic_.packet(kNumber)), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Kinds, TrafficTest,
                         testing::Combine(testing::Values(Kind::echo, Kind::forward,
                                                          Kind::time_exceeded),
                                          testing::Values(29, 64, 1400)));

INSTANTIATE_TEST_SUITE_P(Kinds, AnsweredTrafficTest,
                         testing::Combine(testing::Values(Kind::echo, Kind::time_exceeded),
                                          testing::Values(29, 64, 1400)));

TEST(TrafficOptionsTest, HasAsManyDestinationsAsAskedFor) {
  auto several = options(Kind::forward);
  several.destinations = 4;
  const Traffic traffic{several};
  const auto destination = [&](unsigned number) {
    return raw::number<std::uint32_t>(traffic.packet(number).data() + raw::kDestination);
  };
  EXPECT_EQ(destination(1), destination(0) + 256);
  EXPECT_EQ(destination(4), destination(0));
}

TEST(TrafficOptionsTest, RefusesSizesThatNoPacketHas) {
  EXPECT_THROW(Traffic{options(Kind::echo, 27)}, std::runtime_error);
  EXPECT_THROW(Traffic{options(Kind::echo, 65536)}, std::runtime_error);
}

}  // namespace
}  // namespace hop::bench
