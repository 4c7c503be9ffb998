// The floor program has to do the work that it is a measure for: its answers are those of hop's
// Node, and its table says what a search through all prefixes says.

#include "tests/bench/floor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>

#include "stack/base/random.hpp"
#include "tests/bench/fixture.hpp"
#include "tests/bench/prefixes.hpp"
#include "tests/bench/raw.hpp"

namespace hop::bench {
namespace {

constexpr Ipv4Address kOwn{10, 0, 0, 1};

class FloorTest : public testing::Test {
 protected:
  FloorTest() {
    fib_.add({kOwn, 32}, Floor::kLocal);
    fib_.add({{192, 0, 2, 0}, 24}, 2);
  }

  std::vector<std::byte> floor_answer(std::vector<std::byte> packet) const {
    const std::size_t size = packet.size();
    packet.resize(size + Floor::kGrowth);
    packet.resize(floor_.answer(packet, size));
    return packet;
  }

  // Of a datagram of its own a node chooses the identification, and with it the checksum.
  static std::vector<std::byte> without_choices(std::vector<std::byte> packet) {
    raw::put_as_is<std::uint16_t>(packet.data() + raw::kId, 0);
    raw::put_as_is<std::uint16_t>(packet.data() + raw::kHeaderChecksum, 0);
    return packet;
  }

  Dir24 fib_;
  Floor floor_{fib_, kOwn};
  Router hop_;
};

TEST_F(FloorTest, ForwardsAsHopByteForByte) {
  const auto packet = packet_for(Work::forward, 64);
  EXPECT_EQ(floor_answer(packet), hop_.answer(packet));
}

TEST_F(FloorTest, AnswersEchoAsHop) {
  for (const std::size_t size : {28U, 64U, 1400U}) {
    const auto packet = packet_for(Work::echo, size);
    EXPECT_EQ(without_choices(floor_answer(packet)), without_choices(hop_.answer(packet)));
    EXPECT_TRUE(raw::sums_up(floor_answer(packet).data(), raw::kHeader));
  }
}

TEST_F(FloorTest, TellsOfTimeExceededAsHop) {
  for (const std::size_t size : {28U, 64U, 1400U}) {
    const auto packet = packet_for(Work::time_exceeded, size);
    EXPECT_EQ(without_choices(floor_answer(packet)), without_choices(hop_.answer(packet)));
    EXPECT_TRUE(raw::sums_up(floor_answer(packet).data(), raw::kHeader));
  }
}

// RFC 1812 section 5.2.2.
TEST_F(FloorTest, DropsWhatHasNoSoundHeader) {
  const auto sound = packet_for(Work::forward, 64);
  for (std::size_t bit = 0; bit < raw::kHeader * 8; ++bit) {
    auto spoilt = sound;
    spoilt[bit / 8] ^= std::byte(1U << bit % 8);
    EXPECT_TRUE(floor_answer(spoilt).empty()) << "bit " << bit;
  }
  for (const std::size_t cut : {0U, 19U, 63U}) {
    auto shorter = sound;
    EXPECT_EQ(floor_.answer(shorter, cut), 0U) << cut;
  }
}

TEST_F(FloorTest, DropsAnEchoWithAWrongChecksum) {
  auto packet = packet_for(Work::echo, 64);
  packet.back() ^= std::byte{1};
  EXPECT_TRUE(floor_answer(packet).empty());
}

TEST_F(FloorTest, DropsWhatNoRouteIsFor) {
  EXPECT_TRUE(floor_answer(packet_for(Work::forward, 64, {203, 0, 113, 1})).empty());
}

// The next hop of the longest of `prefixes` that has `address`: they count from 1.
Dir24::NextHop by_search(const std::vector<Prefix>& prefixes, Ipv4Address address) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    if (!prefixes[i].contains(address)) continue;
    if (!best || prefixes[i].length() >= prefixes[*best].length()) best = i;
  }
  return best ? static_cast<Dir24::NextHop>(*best + 1) : Dir24::kNoRoute;
}

// Nested, and all of them within two blocks of 256 addresses, which several lengths meet in.
std::vector<Prefix> crowded_prefixes() {
  Random random{1};
  std::vector<Prefix> prefixes;
  for (std::size_t i = 0; i < 300; ++i) {
    prefixes.emplace_back(Ipv4Address{0x0a000000U + random.below(512)}, random.below(33));
  }
  return prefixes;
}

TEST(Dir24Test, FindsTheLongestPrefixWhateverTheOrder) {
  const auto prefixes = crowded_prefixes();
  Dir24 table;
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    table.add(prefixes[i], static_cast<Dir24::NextHop>(i + 1));
  }
  for (std::uint32_t address = 0x0a000000U - 256; address < 0x0a000000U + 1024; ++address) {
    ASSERT_EQ(table.look_up(address), by_search(prefixes, Ipv4Address{address})) << address;
  }
}

TEST(Dir24Test, KnowsNothingAtFirst) { EXPECT_EQ(Dir24{}.look_up(0x0a000001), Dir24::kNoRoute); }

TEST(PrefixesTest, AreDifferentAndPublic) {
  auto prefixes = internet_like(10'000, 1);
  for (const Prefix& prefix : prefixes) EXPECT_GE(prefix.length(), 8U);
  std::ranges::sort(prefixes);
  EXPECT_EQ(std::ranges::adjacent_find(prefixes), prefixes.end());
}

TEST(PrefixesTest, HaveTheAddressesThatAreDrawnFromThem) {
  const auto prefixes = internet_like(100, 1);
  for (const Ipv4Address address : addresses_in(prefixes, 1000, 2)) {
    EXPECT_TRUE(std::ranges::any_of(
        prefixes, [=](const Prefix& prefix) { return prefix.contains(address); }));
  }
}

}  // namespace
}  // namespace hop::bench
