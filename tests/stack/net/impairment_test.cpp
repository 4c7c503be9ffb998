// What a link does to packets by chance and by rule. Counts of 100 000 packets are judged by the
// interval in which 99.99 % of all seeds' counts fall; the seeds are fixed.

#include "stack/net/impairment.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "tests/stack/net/lab.hpp"
#include "tests/support/packet_dsl.hpp"
#include "tests/support/statistics.hpp"

namespace hop {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using testing::binomial;
using testing::icmp;
using testing::ip;
using testing::mean_of;
using testing::raw;
using testing::udp;

constexpr std::uint64_t kPackets = 100'000;
const Random kSeed{42};

/// Which of `kPackets` packets are lost.
std::vector<bool> losses(const ImpairmentSpec& spec, const Random& seed = kSeed) {
  const Wire packet = ip() / raw("data");
  Impairment impairment{spec, seed};
  std::vector<bool> lost(kPackets);
  for (std::size_t i = 0; i < kPackets; ++i) lost[i] = !impairment.passes(packet);
  EXPECT_EQ(impairment.counters().lost, static_cast<std::uint64_t>(std::ranges::count(lost, true)));
  return lost;
}

std::uint64_t count_of(const std::vector<bool>& lost) {
  return static_cast<std::uint64_t>(std::ranges::count(lost, true));
}

TEST(Loss, OfNoneLosesNothingAndOfAllEverything) {
  EXPECT_EQ(count_of(losses({})), 0U);
  EXPECT_EQ(count_of(losses({.loss = {.in_good = percent(100)}})), kPackets);
}

TEST(Loss, IsTheShareThatIsAskedFor) {
  for (const std::uint32_t billionths : {100'000U, 1'000'000U, 10'000'000U, 500'000'000U}) {
    const auto wanted = binomial(kPackets, billionths * 1e-9);
    const auto lost = count_of(losses({.loss = {.in_good = Share{billionths}}}));
    EXPECT_TRUE(wanted.contains(static_cast<double>(lost))) << lost << ", not " << wanted;
  }
}

// Whether a packet is lost says nothing of the next.
TEST(Loss, IsIndependent) {
  const auto lost = losses({.loss = {.in_good = percent(30)}});
  std::uint64_t pairs = 0;
  for (std::size_t i = 0; i < kPackets; i += 2) pairs += lost[i] && lost[i + 1] ? 1U : 0U;
  const auto wanted = binomial(kPackets / 2, 0.09);
  EXPECT_TRUE(wanted.contains(static_cast<double>(pairs))) << pairs << ", not " << wanted;
}

/// The lengths of the runs of packets that were lost, or were not, without the last run, which is
/// not at its end.
std::vector<std::uint64_t> runs(const std::vector<bool>& lost, bool of) {
  std::vector<std::uint64_t> lengths;
  std::uint64_t length = 1;
  for (std::size_t i = 1; i < lost.size(); ++i, ++length) {
    if (lost[i] == lost[i - 1]) continue;
    if (lost[i - 1] == of) lengths.push_back(length);
    length = 0;
  }
  return lengths;
}

/// Runs that end with probability `end` after each packet have the mean 1/end.
void expect_geometric(const std::vector<std::uint64_t>& lengths, double end) {
  ASSERT_GT(lengths.size(), 100U);
  double sum = 0;
  for (const std::uint64_t length : lengths) sum += static_cast<double>(length);
  const double mean = sum / static_cast<double>(lengths.size());
  const auto wanted = mean_of(lengths.size(), 1 / end, std::sqrt(1 - end) / end);
  EXPECT_TRUE(wanted.contains(mean)) << mean << ", not " << wanted;
}

/// Of a chain that is in the bad state for the share `bad`, and remembers its state by 1 - p - r.
testing::Interval chain_mean(double bad, double memory) {
  const double deviation = std::sqrt(bad * (1 - bad) * (1 + memory) / (1 - memory));
  return mean_of(kPackets, bad, deviation);
}

TEST(GilbertElliott, HasBurstsOfTheirMeanLength) {
  struct Case {
    std::uint32_t p, r;  // percents
  };
  for (const auto [p, r] : {Case{1, 10}, Case{5, 50}, Case{20, 25}}) {
    const auto lost =
        losses({.loss = {.to_bad = percent(p), .to_good = percent(r), .in_bad = percent(100)}});
    expect_geometric(runs(lost, true), r / 100.0);
    expect_geometric(runs(lost, false), p / 100.0);
    const double mean = static_cast<double>(count_of(lost)) / kPackets;
    const auto wanted = chain_mean(p / double(p + r), 1 - (p + r) / 100.0);
    EXPECT_TRUE(wanted.contains(mean)) << mean << ", not " << wanted;
  }
}

TEST(GilbertElliott, LosesAShareInEachState) {
  const auto lost = losses({.loss = {.to_bad = percent(2),
                                     .to_good = percent(8),
                                     .in_bad = percent(50),
                                     .in_good = percent(1)}});
  const double mean = static_cast<double>(count_of(lost)) / kPackets;
  // A fifth of the packets is sent in the bad state.
  const auto bad = chain_mean(0.2, 0.9);
  EXPECT_GE(mean, bad.lowest * 0.5 + (1 - bad.lowest) * 0.01);
  EXPECT_LE(mean, bad.highest * 0.5 + (1 - bad.highest) * 0.01);
}

// tc-netem(8): with p alone, r = 1 - p and the model is that of independent loss.
TEST(GilbertElliott, IsBernoullisWhenItForgetsItsState) {
  const auto lost =
      losses({.loss = {.to_bad = percent(10), .to_good = percent(90), .in_bad = percent(100)}});
  const auto wanted = binomial(kPackets, 0.1);
  EXPECT_TRUE(wanted.contains(static_cast<double>(count_of(lost)))) << wanted;
}

TEST(GilbertElliott, StartsInTheGoodState) {
  const auto lost = losses({.loss = {.to_bad = percent(100), .in_bad = percent(100)}});
  EXPECT_FALSE(lost[0]);
  EXPECT_EQ(count_of(lost), kPackets - 1) << "and never leaves the bad one without r";
}

TEST(Impairments, AreTheSameForTheSameSeedAndOthersForAnother) {
  const ImpairmentSpec spec{.loss = {.in_good = percent(10)}};
  EXPECT_EQ(losses(spec), losses(spec));
  EXPECT_NE(losses(spec), losses(spec, Random{43}));
}

TEST(Impairments, DoNotChangeEachOther) {
  const ImpairmentSpec alone{.loss = {.in_good = percent(10)}};
  ImpairmentSpec more = alone;
  more.jitter = milliseconds{1};
  more.duplicate = more.corrupt = more.reorder = percent(20);
  const Wire packet = ip() / raw("data");
  Impairment one{alone, kSeed};
  Impairment other{more, kSeed};
  for (int i = 0; i < 1000; ++i) {
    std::vector<std::byte> bytes = packet;
    ASSERT_EQ(one.passes(packet), other.passes(packet)) << i;
    if (other.duplicates()) other.corrupt(bytes);
    std::ignore = other.arrival(kNow, milliseconds{2});
  }
}

TEST(Duplicate, IsTheShareThatIsAskedFor) {
  Impairment impairment{{.duplicate = percent(1)}, kSeed};
  std::uint64_t twice = 0;
  for (std::uint64_t i = 0; i < kPackets; ++i) twice += impairment.duplicates() ? 1U : 0U;
  const auto wanted = binomial(kPackets, 0.01);
  EXPECT_TRUE(wanted.contains(static_cast<double>(twice))) << twice << ", not " << wanted;
  EXPECT_EQ(impairment.counters().duplicated, twice);
}

int bits_changed(const std::vector<std::byte>& one, const Wire& other) {
  int bits = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    bits += std::popcount(std::to_integer<unsigned>(one[i] ^ other.bytes()[i]));
  }
  return bits;
}

TEST(Corrupt, FlipsOneBitOfTheShareThatIsAskedFor) {
  const Wire packet = ip() / raw("data");
  Impairment impairment{{.corrupt = percent(5)}, kSeed};
  std::uint64_t changed = 0;
  for (std::uint64_t i = 0; i < kPackets; ++i) {
    std::vector<std::byte> bytes = packet;
    impairment.corrupt(bytes);
    const int bits = bits_changed(bytes, packet);
    ASSERT_LE(bits, 1);
    changed += static_cast<std::uint64_t>(bits);
  }
  const auto wanted = binomial(kPackets, 0.05);
  EXPECT_TRUE(wanted.contains(static_cast<double>(changed))) << changed << ", not " << wanted;
  EXPECT_EQ(impairment.counters().corrupted, changed);
}

TEST(Corrupt, MeetsEveryBitEquallyOften) {
  const std::vector<std::byte> zeros(24);
  Impairment impairment{{.corrupt = percent(100)}, kSeed};
  std::vector<std::uint64_t> flipped(zeros.size() * 8);
  for (std::uint64_t i = 0; i < kPackets; ++i) {
    std::vector<std::byte> bytes = zeros;
    impairment.corrupt(bytes);
    for (std::size_t bit = 0; bit < flipped.size(); ++bit) {
      flipped[bit] += std::to_integer<unsigned>(bytes[bit / 8] >> (bit % 8)) & 1U;
    }
  }
  const auto wanted = binomial(kPackets, 1.0 / static_cast<double>(flipped.size()));
  for (std::size_t bit = 0; bit < flipped.size(); ++bit) {
    EXPECT_TRUE(wanted.contains(static_cast<double>(flipped[bit]))) << bit << ": " << wanted;
  }
}

TEST(Corrupt, LeavesNothingToDoInAnEmptyPacket) {
  Impairment impairment{{.corrupt = percent(100)}, kSeed};
  impairment.corrupt({});
  EXPECT_EQ(impairment.counters().corrupted, 0U);
}

/// When packets arrive that are sent `apart` from each other, from kNow on.
std::vector<Instant> arrivals(const ImpairmentSpec& spec, Duration delay, Duration apart) {
  Impairment impairment{spec, kSeed};
  std::vector<Instant> at;
  for (std::uint64_t i = 0; i < kPackets; ++i) {
    at.push_back(impairment.arrival(kNow + static_cast<std::int64_t>(i) * apart, delay));
  }
  return at;
}

TEST(Jitter, IsUniformAroundTheDelay) {
  const auto at = arrivals({.jitter = milliseconds{5}}, milliseconds{20}, milliseconds{100});
  std::vector<std::uint64_t> tenths(10);  // of the 10 ms from 15 ms to 25 ms
  for (std::size_t i = 0; i < at.size(); ++i) {
    const Duration took = at[i] - kNow - static_cast<std::int64_t>(i) * milliseconds{100};
    ASSERT_GE(took, milliseconds{15});
    ASSERT_LE(took, milliseconds{25});
    ++tenths[std::min<std::size_t>(
        9, static_cast<std::size_t>((took - milliseconds{15}).count()) / 1'000'000)];
  }
  const auto wanted = binomial(kPackets, 0.1);
  for (const std::uint64_t count : tenths) {
    EXPECT_TRUE(wanted.contains(static_cast<double>(count))) << count << ", not " << wanted;
  }
}

TEST(Jitter, LetsNoPacketOvertakeAnother) {
  const auto at = arrivals({.jitter = milliseconds{5}}, milliseconds{5}, microseconds{10});
  EXPECT_TRUE(std::ranges::is_sorted(at));
}

TEST(Jitter, LetsPacketsOvertakeWhenItMay) {
  const auto at =
      arrivals({.jitter = milliseconds{5}, .overtaking = true}, milliseconds{5}, microseconds{10});
  EXPECT_FALSE(std::ranges::is_sorted(at));
  for (std::size_t i = 0; i < at.size(); ++i) {
    const Instant sent = kNow + static_cast<std::int64_t>(i) * microseconds{10};
    ASSERT_GE(at[i], sent);
    ASSERT_LE(at[i], sent + milliseconds{10});
  }
}

TEST(Reorder, SendsTheShareThatIsAskedForAhead) {
  Impairment impairment{{.reorder = percent(25)}, kSeed};
  std::uint64_t ahead = 0;
  for (std::uint64_t i = 0; i < kPackets; ++i) {
    const Instant at = impairment.arrival(kNow, milliseconds{10});
    ASSERT_TRUE(at == kNow || at == kNow + milliseconds{10});
    ahead += at == kNow ? 1U : 0U;
  }
  const auto wanted = binomial(kPackets, 0.25);
  EXPECT_TRUE(wanted.contains(static_cast<double>(ahead))) << ahead << ", not " << wanted;
  EXPECT_EQ(impairment.counters().reordered, ahead);
}

TEST(Reorder, LeavesTheOthersInOrder) {
  const ImpairmentSpec spec{.jitter = milliseconds{5}, .reorder = percent(25)};
  Instant last{};
  const auto at = arrivals(spec, milliseconds{5}, microseconds{10});
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (at[i] == kNow + static_cast<std::int64_t>(i) * microseconds{10}) continue;  // went ahead
    ASSERT_GE(at[i], last) << i;
    last = at[i];
  }
}

struct DropCase {
  std::string_view name;
  DropRule rule;
  std::vector<std::uint64_t> dropped;  // of the first twelve
};
class Drop : public ::testing::TestWithParam<DropCase> {};

TEST_P(Drop, IsOfExactlyThePacketsThatAreAskedFor) {
  Impairment impairment{{.drop = {GetParam().rule}}, kSeed};
  const Wire packet = ip() / udp(1, 53);
  std::vector<std::uint64_t> dropped;
  for (std::uint64_t number = 1; number <= 12; ++number) {
    if (!impairment.passes(packet)) dropped.push_back(number);
  }
  EXPECT_EQ(dropped, GetParam().dropped);
  EXPECT_EQ(impairment.counters().dropped, dropped.size());
  EXPECT_EQ(impairment.counters().lost, 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, Drop,
    ::testing::Values(
        DropCase{"the_first", {}, {1}}, DropCase{"the_third", {.nth = 3}, {3}},
        DropCase{"three_from_the_second", {.nth = 2, .count = 3}, {2, 3, 4}},
        DropCase{"every_fifth", {.nth = 5, .every = 5}, {5, 10}},
        DropCase{"the_first_and_every_fifth", {.nth = 1, .every = 5}, {1, 6, 11}},
        DropCase{"two_in_every_four", {.nth = 4, .count = 2, .every = 4}, {4, 5, 8, 9, 12}},
        DropCase{"all", {.every = 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
        DropCase{"later", {.nth = 13}, {}}),
    kCaseName);

TEST(DropRules, CountOnlyThePacketsThatMatch) {
  const FilterRule dns{.protocol = 17, .destination_ports = PortRange{53, 53}};
  const FilterRule requests{.icmp_type = IcmpType::echo};
  Impairment impairment{{.drop = {{.packets = dns, .nth = 2}, {.packets = requests, .nth = 1}}},
                        kSeed};
  const Wire query = ip() / udp(1, 53);
  const Wire other = ip() / udp(1, 54);
  const Wire request = ip() / icmp(8, 0);
  const Wire reply = ip() / icmp(0, 0);
  EXPECT_TRUE(impairment.passes(other));
  EXPECT_TRUE(impairment.passes(query));
  EXPECT_TRUE(impairment.passes(other));
  EXPECT_TRUE(impairment.passes(reply));
  EXPECT_FALSE(impairment.passes(query)) << "the second";
  EXPECT_FALSE(impairment.passes(request)) << "the first";
  EXPECT_TRUE(impairment.passes(query));
  EXPECT_TRUE(impairment.passes(request));
}

TEST(DropRules, CountEveryPacketEachForThemselves) {
  Impairment impairment{{.drop = {{.nth = 1}, {.nth = 2}}}, kSeed};
  const Wire packet = ip() / udp(1, 53);
  EXPECT_FALSE(impairment.passes(packet));
  EXPECT_FALSE(impairment.passes(packet)) << "the second of all, though the first was dropped";
  EXPECT_TRUE(impairment.passes(packet));
}

TEST(DropRules, AreNotAboutWhatIsNoPacket) {
  Impairment impairment{{.drop = {{.every = 1}}}, kSeed};
  EXPECT_TRUE(impairment.passes(counting(10)));
}

}  // namespace
}  // namespace hop
