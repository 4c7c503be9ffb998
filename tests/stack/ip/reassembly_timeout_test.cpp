// The time of a datagram: RFC 1122 section 3.3.2, RFC 792 (time exceeded).

#include <gmock/gmock.h>

#include "tests/stack/ip/reassembly_fixture.hpp"

namespace hop {
namespace {

using namespace std::chrono_literals;
using ReassemblyTimeout = ReassemblyTest;

TEST_F(ReassemblyTimeout, NothingIsDueWithoutFragments) {
  EXPECT_FALSE(reassembler().next_deadline());
  EXPECT_FALSE(reassembler().expire(kStart + 24h));
}

TEST_F(ReassemblyTimeout, IsDueExactlyWhenTheTimeIsOver) {
  ASSERT_EQ(add({0, 16}), "held");
  EXPECT_EQ(reassembler().next_deadline(), kStart + kTimeout);
  EXPECT_FALSE(reassembler().expire(kStart + kTimeout - 1ns));
  EXPECT_TRUE(reassembler().expire(kStart + kTimeout));
  EXPECT_FALSE(reassembler().expire(kStart + kTimeout)) << "once";
  EXPECT_FALSE(reassembler().next_deadline());
}

TEST_F(ReassemblyTimeout, IsNotExtendedByLaterFragments) {
  ASSERT_EQ(add({0, 16}), "held");
  ASSERT_EQ(add({16, 24}, kStart + 59s), "held");
  EXPECT_EQ(reassembler().next_deadline(), kStart + kTimeout);
  EXPECT_TRUE(reassembler().expire(kStart + kTimeout));
}

TEST_F(ReassemblyTimeout, FragmentsAfterItStartAnew) {
  ASSERT_EQ(add({0, 16}), "held");
  ASSERT_TRUE(reassembler().expire(kStart + kTimeout));
  EXPECT_EQ(add({16, 24, false}, kStart + kTimeout), "held");
  EXPECT_EQ(reassembler().next_deadline(), kStart + 2 * kTimeout);
}

TEST_F(ReassemblyTimeout, CompleteDatagramsHaveNone) {
  ASSERT_EQ(add({0, 16}), "held");
  ASSERT_EQ(add({16, 24, false}), "whole");
  EXPECT_FALSE(reassembler().next_deadline());
  EXPECT_FALSE(reassembler().expire(kStart + kTimeout));
}

TEST_F(ReassemblyTimeout, GivesBackFragmentZeroAsReceived) {
  const auto whole = testing::ip().options({7, 7, 4, 0, 0, 0, 0}).id(9).ttl(3).tos(8) /
                     testing::raw(pattern(3000));
  const auto pieces = testing::fragments(whole, {1000, 1000});
  ASSERT_EQ(add(pieces[2]).what, "held");
  ASSERT_EQ(add(pieces[0]).what, "held");
  const auto expired = reassembler().expire(kStart + kTimeout);
  ASSERT_TRUE(expired);
  EXPECT_EQ(testing::Packet{expired->first_fragment.bytes()}, pieces[0]);
}

TEST_F(ReassemblyTimeout, WithoutFragmentZeroThereIsNothingToQuoteRfc792) {
  ASSERT_EQ(add({16, 24, false}), "held");
  ASSERT_EQ(add({8, 16}), "held");
  const auto expired = reassembler().expire(kStart + kTimeout);
  ASSERT_TRUE(expired);
  EXPECT_FALSE(expired->first_fragment);
  EXPECT_EQ(expired->first_fragment.size(), 0U);
}

TEST_F(ReassemblyTimeout, GivesOneDatagramAfterTheOtherOldestFirst) {
  for (std::uint16_t id = 0; id < 10; ++id) {
    ASSERT_EQ(add(fragment_of({0, 8}, id), kStart + id * 1s).what, "held");
  }
  const Instant now = kStart + kTimeout + 4s;
  for (std::uint16_t id = 0; id <= 4; ++id) {
    const auto expired = reassembler().expire(now);
    ASSERT_TRUE(expired);
    EXPECT_EQ(testing::decode(expired->first_fragment.bytes())->id, id);
  }
  EXPECT_FALSE(reassembler().expire(now));
  EXPECT_EQ(reassembler().next_deadline(), kStart + kTimeout + 5s);
}

TEST_F(ReassemblyTimeout, DeadlineMovesOnWhenTheOldestIsComplete) {
  ASSERT_EQ(add(fragment_of({0, 8}, std::uint16_t{1})).what, "held");
  ASSERT_EQ(add(fragment_of({0, 8}, std::uint16_t{2}), kStart + 7s).what, "held");
  ASSERT_EQ(add(fragment_of({8, 16, false}, std::uint16_t{1}), kStart + 8s).what, "whole");
  EXPECT_EQ(reassembler().next_deadline(), kStart + kTimeout + 7s);
}

TEST(ReassemblyTimeoutGiven, IsTheOneUsed) {
  PacketPool pool;
  Reassembler reassembler{pool, {.timeout = 30s}};
  const auto fragment = fragment_of({0, 8});
  (void)reassembler.add(Ipv4View::parse(fragment).value(), {.now = kStart});
  EXPECT_EQ(reassembler.next_deadline(), kStart + 30s);
}

}  // namespace
}  // namespace hop
