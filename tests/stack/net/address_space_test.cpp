// Which addresses are taken, and the first free prefix.

#include "stack/net/address_space.hpp"

#include <gtest/gtest.h>

#include "tests/stack/net/lab.hpp"

namespace hop {
namespace {

AddressSpace with(std::initializer_list<std::string_view> taken) {
  AddressSpace space;
  for (const std::string_view text : taken) space.take(prefix(text));
  return space;
}

std::string free_in(const AddressSpace& space, std::string_view pool, unsigned length,
                    std::string_view from = "0.0.0.0") {
  const auto found = space.first_free(prefix(pool), length, address(from));
  return found ? to_string(*found) : "none";
}

TEST(AddressSpace, KnowsWhatOverlaps) {
  const AddressSpace space = with({"10.0.1.0/24", "192.0.2.7/32"});
  for (const auto* const text :
       {"10.0.1.0/24", "10.0.1.128/25", "10.0.0.0/8", "10.0.1.255", "192.0.2.0/29", "0.0.0.0/0"}) {
    EXPECT_TRUE(space.overlaps(prefix(text))) << text;
  }
  for (const auto* const text : {"10.0.0.0/24", "10.0.2.0/23", "192.0.2.6", "192.0.2.8/29"}) {
    EXPECT_FALSE(space.overlaps(prefix(text))) << text;
  }
}

TEST(AddressSpace, TakesWhatIsTakenAgain) {
  AddressSpace space = with({"10.0.1.0/24", "10.0.3.0/24"});
  space.take(prefix("10.0.0.0/22"));
  space.take(prefix("10.0.1.4/30"));
  EXPECT_FALSE(space.overlaps(prefix("10.0.4.0/24")));
  EXPECT_TRUE(space.overlaps(prefix("10.0.2.0/24")));
}

TEST(AddressSpace, FindsTheFirstFreePrefix) {
  const AddressSpace space = with({"10.0.0.0/30", "10.0.0.8/32", "10.0.0.16/28"});
  EXPECT_EQ(free_in(space, "10.0.0.0/24", 30), "10.0.0.4/30");
  EXPECT_EQ(free_in(space, "10.0.0.0/24", 30, "10.0.0.5"), "10.0.0.12/30");
  EXPECT_EQ(free_in(space, "10.0.0.0/24", 29), "10.0.0.32/29");
  EXPECT_EQ(free_in(space, "10.0.0.0/28", 29), "none");
  EXPECT_EQ(free_in(space, "10.0.0.0/24", 23), "none") << "more than the pool";
  EXPECT_EQ(free_in(with({}), "255.255.255.0/24", 25, "255.255.255.129"), "none");
  EXPECT_EQ(free_in(with({"255.255.255.128/25"}), "255.255.255.0/24", 25, "255.255.255.1"), "none");
}

}  // namespace
}  // namespace hop
