// The cases of router discovery take turns, by a clock of the test's own.

#include <gtest/gtest.h>

#include "tools/conform/turns.hpp"

namespace hop::conform {
namespace {

class Turn : public testing::Test {
 protected:
  struct Finished {
    std::size_t number;
    std::size_t came;
    std::string why;
  };

  static Case asking(std::uint8_t mark, bool with_prelude) {
    Case one{.id = "x.y", .clause = "RFC 1256 4", .level = Level::must, .rule = "a rule"};
    one.inputs = {{Side::a, {mark}}};
    if (with_prelude) one.prelude = {{Side::a, {0}}};
    return one;
  }
  [[nodiscard]] Turns::Time at(int milliseconds) const {
    return start_ + std::chrono::milliseconds(milliseconds);
  }

  Turns::Time start_{};
  std::vector<std::uint8_t> sent_;
  std::vector<Finished> done_;
  Case plain_ = asking(1, false), careful_ = asking(2, true);
  Turns turns_{[this](const std::vector<Seen>& packets) {
                 for (const Seen& one : packets) sent_.push_back(one.packet.front());
               },
               [this](std::size_t number, const Observation& got, const std::string& why) {
                 done_.push_back({number, got.size(), why});
               }};
};

TEST_F(Turn, EndsWithAnAdvertisement) {
  turns_.add(0, plain_);
  turns_.add(1, careful_);
  turns_.start(at(0));
  turns_.heard({Side::a, {9}}, at(100));
  ASSERT_EQ(done_.size(), 1U);
  EXPECT_EQ(done_.front().came, 1U);
  EXPECT_EQ(turns_.deadline(), at(3000));
}

TEST_F(Turn, NeedsNoPreludeBehindAnAnswer) {
  turns_.add(0, plain_);
  turns_.add(1, careful_);
  turns_.add(2, careful_);
  turns_.start(at(0));
  turns_.heard({Side::a, {9}}, at(100));
  EXPECT_EQ(sent_, (std::vector<std::uint8_t>{1, 2}));
  turns_.tick(at(3000));
  EXPECT_EQ(sent_, (std::vector<std::uint8_t>{1, 2, 0}));
}

TEST_F(Turn, IsSharedByCasesWithoutPrelude) {
  turns_.add(3, plain_);
  turns_.add(4, plain_);
  turns_.start(at(0));
  EXPECT_EQ(sent_, (std::vector<std::uint8_t>{1, 1}));
  turns_.heard({Side::a, {9}}, at(100));
  EXPECT_EQ(done_.size(), 2U);
  EXPECT_FALSE(turns_.deadline());
}

TEST_F(Turn, EndsInSilenceWhenNoneIsDueAnyMore) {
  turns_.add(5, plain_);
  turns_.start(at(0));
  turns_.tick(at(2899));
  EXPECT_TRUE(done_.empty());
  turns_.tick(at(2900));
  ASSERT_EQ(done_.size(), 1U);
  EXPECT_EQ(done_.front().number, 5U);
  EXPECT_EQ(done_.front().came, 0U);
  EXPECT_EQ(done_.front().why, "");
  EXPECT_FALSE(turns_.deadline());
}

TEST_F(Turn, BeginsBehindTheAdvertisementOfItsPrelude) {
  turns_.add(0, careful_);
  turns_.start(at(0));
  EXPECT_EQ(sent_, (std::vector<std::uint8_t>{0}));
  turns_.heard({Side::a, {9}}, at(1000));
  EXPECT_EQ(sent_, (std::vector<std::uint8_t>{0, 2}));
  EXPECT_TRUE(done_.empty());
  turns_.heard({Side::a, {9}}, at(2000));
  ASSERT_EQ(done_.size(), 1U);
  EXPECT_EQ(done_.front().came, 1U);
}

TEST_F(Turn, FailsWhenItsPreludeIsNotAnswered) {
  turns_.add(0, careful_);
  turns_.start(at(0));
  turns_.tick(at(2900));
  ASSERT_EQ(done_.size(), 1U);
  EXPECT_EQ(done_.front().why, "a valid solicitation before it was not answered");
}

TEST_F(Turn, IsNobodysWhenAllHadTheirs) {
  turns_.start(at(0));
  turns_.heard({Side::a, {9}}, at(1));
  turns_.tick(at(5000));
  EXPECT_TRUE(done_.empty());
}

}  // namespace
}  // namespace hop::conform
