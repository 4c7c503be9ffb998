// What a host remembers of path MTUs (RFC 1191).

#include "stack/ip/path_mtu.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

namespace hop {
namespace {

using std::chrono::minutes;

constexpr Instant kStart{std::chrono::hours{1}};
constexpr Ipv4Address kServer{192, 0, 2, 9};

TEST(PlateauBelow, IsTheNextOfTable7_1OfRfc1191) {
  struct {
    std::uint32_t too_big;
    std::uint16_t next;
  } const rows[] = {{65536, 65535}, {65535, 32000}, {32001, 32000}, {32000, 17914}, {9000, 8166},
                    {4353, 4352},   {4352, 2002},   {1500, 1492},   {1492, 1006},   {576, 508},
                    {508, 296},     {296, 68},      {69, 68},       {68, 68},       {0, 68}};
  for (const auto& row : rows) EXPECT_EQ(plateau_below(row.too_big), row.next) << row.too_big;
}

struct LearnCase {
  std::string_view name;
  std::uint16_t current, next_hop_mtu, total_length, after;
  std::uint16_t header_length = 20;
};
std::ostream& operator<<(std::ostream& out, const LearnCase& row) { return out << row.name; }

class PathMtu : public ::testing::TestWithParam<LearnCase> {};

TEST_P(PathMtu, FollowsRfc1191Sections3And5) {
  const LearnCase& row = GetParam();
  PathMtuCache cache;
  if (row.current < 1500) cache.learn({kServer, 1500, 20, row.current}, 1500, kStart);
  cache.learn({kServer, row.total_length, row.header_length, row.next_hop_mtu}, row.current,
              kStart);
  EXPECT_EQ(cache.mtu(kServer, 1500, kStart), row.after);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PathMtu,
    ::testing::Values(LearnCase{"IsReduced", 1500, 1400, 1500, 1400},
                      LearnCase{"IsReducedAgain", 1400, 1300, 1400, 1300},
                      LearnCase{"IsReducedToTheLeast", 1500, 68, 1500, 68},
                      LearnCase{"IsNotReducedBelow68", 1500, 67, 1500, 1500},
                      LearnCase{"IsNotReducedTo1", 1400, 1, 1400, 1400},
                      LearnCase{"IsNotIncreased", 1300, 1400, 1300, 1300},
                      LearnCase{"IsNotIncreasedAboveTheFirstHop", 1500, 9000, 1500, 1500},
                      LearnCase{"StaysWhenItIsTheSame", 1400, 1400, 1400, 1400},
                      LearnCase{"ZeroIsThePlateauBelow", 1500, 0, 1400, 1006},
                      LearnCase{"ZeroAboutWhatFitted", 1400, 0, 600, 508},
                      // The header was added to the length: 1500 was really 1480.
                      LearnCase{"ZeroFrom4_2Bsd", 1500, 0, 1500, 1006},
                      LearnCase{"ZeroFrom4_2BsdTooLong", 1400, 0, 1420, 1006},
                      LearnCase{"ZeroFrom4_2BsdWithOptions", 1492, 0, 1512, 1006, 60},
                      LearnCase{"ZeroAboutNothing", 1500, 0, 0, 68}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(PathMtuCache, KnowsNothingOfOthers) {
  PathMtuCache cache;
  cache.learn({kServer, 1500, 20, 1400}, 1500, kStart);
  EXPECT_EQ(cache.mtu(Ipv4Address{192, 0, 2, 10}, 1500, kStart), 1500);
}

TEST(PathMtuCache, IsNeverAboveTheFirstHop) {
  PathMtuCache cache;
  cache.learn({kServer, 1500, 20, 1400}, 1500, kStart);
  EXPECT_EQ(cache.mtu(kServer, 1280, kStart), 1280);
}

TEST(PathMtuCache, ForgetsAfterTenMinutes) {
  // RFC 1191 section 6.3; section 3: MUST NOT try more within 5 minutes.
  PathMtuCache cache;
  cache.learn({kServer, 1500, 20, 1400}, 1500, kStart);
  EXPECT_EQ(cache.mtu(kServer, 1500, kStart + minutes{10} - Duration{1}), 1400);
  EXPECT_EQ(cache.mtu(kServer, 1500, kStart + minutes{10}), 1500);
  cache.learn({kServer, 1500, 20, 1300}, 1500, kStart + minutes{11});
  EXPECT_EQ(cache.mtu(kServer, 1500, kStart + minutes{20}), 1300);
}

struct HoldCase {
  std::string_view name;
  std::uint16_t told;
  int at, kept_until;  // minutes after the estimate of 600
};
std::ostream& operator<<(std::ostream& out, const HoldCase& row) { return out << row.name; }

class PathMtuIncrease : public ::testing::TestWithParam<HoldCase> {};

TEST_P(PathMtuIncrease, IsNotWithinFiveMinutesOfAMessageRfc1191Section3) {
  const HoldCase& row = GetParam();
  PathMtuCache cache;
  cache.learn({kServer, 1500, 20, 600}, 1500, kStart);
  const Instant at = kStart + minutes{row.at};
  cache.learn({kServer, 1500, 20, row.told}, cache.mtu(kServer, 1500, at), at);
  EXPECT_EQ(cache.mtu(kServer, 1500, kStart + minutes{row.kept_until} - Duration{1}), 600);
  EXPECT_EQ(cache.mtu(kServer, 1500, kStart + minutes{row.kept_until}), 1500);
}

INSTANTIATE_TEST_SUITE_P(Table, PathMtuIncrease,
                         ::testing::Values(HoldCase{"SameAtOnce", 600, 0, 10},
                                           HoldCase{"SameEarly", 600, 4, 10},
                                           HoldCase{"SameLate", 600, 9, 14},
                                           HoldCase{"LargerLate", 1400, 9, 14},
                                           HoldCase{"AboveTheFirstHopLate", 9000, 9, 14},
                                           HoldCase{"BelowTheLeastLate", 20, 9, 14},
                                           HoldCase{"NothingAfterTheEnd", 1500, 11, 10}),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(PathMtuCache, IsBoundedAndForgetsWhatItLearntFirst) {
  PathMtuCache cache;
  for (std::uint32_t i = 0; i < 257; ++i) {
    cache.learn({Ipv4Address{kServer.value + i}, 1500, 20, 1400}, 1500, kStart);
  }
  EXPECT_EQ(cache.mtu(kServer, 1500, kStart), 1500);
  EXPECT_EQ(cache.mtu(Ipv4Address{kServer.value + 1}, 1500, kStart), 1400);
  EXPECT_EQ(cache.mtu(Ipv4Address{kServer.value + 256}, 1500, kStart), 1400);
}

}  // namespace
}  // namespace hop
