// Limits on incomplete datagrams, per source and in all (CVE-2018-5391 and its kin).

#include <gmock/gmock.h>

#include "tests/stack/ip/reassembly_fixture.hpp"

namespace hop {
namespace {

class ReassemblyLimits : public ReassemblyTest {
 protected:
  /// The first half of a datagram of `source`, which never completes on its own.
  std::string start(std::string_view source, std::uint16_t id) {
    return add(fragment_of({0, 16}, testing::ip().src(source).id(id))).what;
  }
  std::string finish(std::string_view source, std::uint16_t id) {
    return add(fragment_of({16, 24, false}, testing::ip().src(source).id(id))).what;
  }
};

constexpr auto kHonest = "198.18.0.1";
constexpr auto kFlooder = "198.18.0.66";
constexpr auto kPerSource = static_cast<std::uint16_t>(kDefaultPolicy.limits.per_source);

TEST_F(ReassemblyLimits, OneSourceHasSixteen) {
  for (std::uint16_t id = 0; id < kPerSource; ++id) ASSERT_EQ(start(kHonest, id), "held");
  EXPECT_EQ(reassembler().evicted(), 0U);
  for (std::uint16_t id = 0; id < kPerSource; ++id) EXPECT_EQ(finish(kHonest, id), "whole") << id;
}

TEST_F(ReassemblyLimits, OldestOfTheSourceGivesWay) {
  for (std::uint16_t id = 0; id <= kPerSource; ++id) ASSERT_EQ(start(kHonest, id), "held");
  EXPECT_EQ(reassembler().evicted(), 1U);
  for (std::uint16_t id = 1; id <= kPerSource; ++id) EXPECT_EQ(finish(kHonest, id), "whole") << id;
  EXPECT_EQ(finish(kHonest, 0), "held") << "its first half is gone";
}

TEST_F(ReassemblyLimits, MoreFragmentsOfTheSameDatagramEvictNothing) {
  for (std::uint16_t id = 0; id < kPerSource; ++id) ASSERT_EQ(start(kHonest, id), "held");
  for (std::size_t at = 24; at < 8000; at += 8)
    ASSERT_EQ(add(fragment_of({at, at + 8}, testing::ip().src(kHonest).id(0))).what, "held");
  EXPECT_EQ(reassembler().evicted(), 0U);
}

TEST_F(ReassemblyLimits, HonestDatagramsSurviveAFloodFromAnotherSource) {
  for (std::uint16_t id = 0; id < kPerSource; ++id) ASSERT_EQ(start(kHonest, id), "held");
  for (std::uint16_t id = 0; id < 20000; ++id) ASSERT_EQ(start(kFlooder, id), "held");
  for (std::uint16_t id = 0; id < kPerSource; ++id) EXPECT_EQ(finish(kHonest, id), "whole") << id;
  EXPECT_EQ(reassembler().evicted(), 20000U - kPerSource);
}

TEST_F(ReassemblyLimits, HonestDatagramsGetThroughDuringAFlood) {
  for (std::uint16_t id = 0; id < 500; ++id) {
    ASSERT_EQ(start(kHonest, id), "held");
    for (std::uint16_t i = 0; i < 20; ++i) {
      (void)start(kFlooder, static_cast<std::uint16_t>(id * 20 + i));
    }
    ASSERT_EQ(finish(kHonest, id), "whole") << id;
  }
}

// Eight sources would have 128 at 16 each; the honest one has the oldest datagram of all.
TEST_F(ReassemblyLimits, HonestDatagramSurvivesAFloodFromSeveralSources) {
  ASSERT_EQ(start(kHonest, 1), "held");
  for (std::uint16_t id = 0; id < 100; ++id) {
    for (int source = 0; source < 8; ++source) {
      ASSERT_EQ(start("203.0.113." + std::to_string(source), id), "held");
    }
  }
  EXPECT_EQ(finish(kHonest, 1), "whole");
}

TEST_F(ReassemblyLimits, SixtyFourInAll) {
  const auto source = [](int i) { return "203.0.113." + std::to_string(i); };
  constexpr int kAll = static_cast<int>(kDefaultPolicy.limits.datagrams);
  for (int i = 0; i < kAll; ++i) ASSERT_EQ(start(source(i), 1), "held");
  EXPECT_EQ(reassembler().evicted(), 0U);
  EXPECT_EQ(start(source(kAll), 1), "held");
  EXPECT_EQ(reassembler().evicted(), 1U);
  EXPECT_EQ(finish(source(kAll), 1), "whole") << "the new one has a place";
}

// Nobody can tell a forged source from an honest one, so the oldest datagram gives way: the one
// that is least likely to be completed. A datagram has the time of 63 others.
TEST_F(ReassemblyLimits, ForgedSourcesTakeTheOldestDatagram) {
  const auto forged = [](int i) {
    return "203.0." + std::to_string(i / 256) + "." + std::to_string(i % 256);
  };
  for (int round = 0; round < 100; ++round) {
    ASSERT_EQ(start(kHonest, 1), "held");
    for (int i = 0; i < 63; ++i) ASSERT_EQ(start(forged(round * 63 + i), 1), "held");
    ASSERT_EQ(finish(kHonest, 1), "whole");
  }
}

TEST_F(ReassemblyLimits, AreThoseOfThePolicy) {
  use({.timeout = kTimeout, .limits = {.datagrams = 3, .per_source = 2}});
  for (std::uint16_t id = 0; id < 3; ++id) ASSERT_EQ(start(kFlooder, id), "held");
  EXPECT_EQ(reassembler().evicted(), 1U) << "two of a source";
  ASSERT_EQ(start(kHonest, 1), "held");
  ASSERT_EQ(start("198.18.0.2", 1), "held");
  EXPECT_EQ(reassembler().evicted(), 2U) << "three in all: the flooder has most";
  EXPECT_EQ(finish(kHonest, 1), "whole");
}

class FragmentLimit : public ReassemblyLimits {
 protected:
  FragmentLimit() { use({.timeout = kTimeout, .limits = {.fragments = 4}}); }
};

TEST_F(FragmentLimit, IsTakenByADatagramOfAsMany) {
  for (std::size_t at = 0; at < 24; at += 8) ASSERT_EQ(add({at, at + 8}), "held");
  EXPECT_EQ(add({24, 30, false}), "whole");
}

TEST_F(FragmentLimit, GivesUpADatagramOfMoreAndWhatIsStillToCome) {
  for (std::size_t at = 0; at < 32; at += 8) ASSERT_EQ(add({at, at + 8}), "held");
  EXPECT_EQ(add({32, 40}), "fragment-too-many");
  EXPECT_EQ(add({40, 48, false}), "fragment-too-many");
  EXPECT_EQ(finish(kHonest, 2), "held") << "another datagram";
}

TEST_F(FragmentLimit, DoesNotCountDuplicates) {
  for (int i = 0; i < 50; ++i) ASSERT_EQ(add({0, 8}), "held");
  for (std::size_t at = 8; at < 24; at += 8) ASSERT_EQ(add({at, at + 8}), "held");
  EXPECT_EQ(add({24, 32, false}), "whole");
}

TEST_F(ReassemblyLimits, MemoryStaysBounded) {
  for (std::uint16_t id = 0; id < 100; ++id) {
    for (int source = 0; source < 8; ++source) {
      (void)start("203.0.113." + std::to_string(source), id);
    }
  }
  EXPECT_LE(pool().buffers(), kDefaultPolicy.limits.datagrams + 2);
}

// Datagrams that were dropped for an overlap count, and so cannot pile up either.
TEST_F(ReassemblyLimits, PoisonedDatagramsAreBoundedAndHarmNobody) {
  ASSERT_EQ(start(kHonest, 1), "held");
  for (std::uint16_t id = 0; id < 5000; ++id) {
    (void)add(fragment_of({0, 16}, testing::ip().src(kFlooder).id(id)));
    (void)add(fragment_of({8, 24}, testing::ip().src(kFlooder).id(id)));
  }
  EXPECT_EQ(finish(kHonest, 1), "whole");
  EXPECT_LE(pool().buffers(), kDefaultPolicy.limits.datagrams + 2);
}

TEST_F(ReassemblyLimits, ExpiredDatagramsMakeRoom) {
  for (std::uint16_t id = 0; id < kPerSource; ++id) ASSERT_EQ(start(kHonest, id), "held");
  while (reassembler().expire(kStart + kTimeout)) {
  }
  for (std::uint16_t id = 100; id < 100 + kPerSource; ++id) {
    ASSERT_EQ(add(fragment_of({0, 16}, testing::ip().src(kHonest).id(id)), kStart + kTimeout).what,
              "held");
  }
  EXPECT_EQ(reassembler().evicted(), 0U);
}

}  // namespace
}  // namespace hop
