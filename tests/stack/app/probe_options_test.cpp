// Options that clients send, against the pictures of RFC 791 section 3.1.

#include "stack/app/probe_options.hpp"

#include <gtest/gtest.h>

#include <array>

namespace hop {
namespace {

std::vector<std::byte> bytes(std::initializer_list<unsigned> values, std::size_t zeros = 0) {
  std::vector<std::byte> all;
  for (const unsigned value : values) all.push_back(static_cast<std::byte>(value));
  all.resize(all.size() + zeros);
  return all;
}

constexpr std::array kHosts{Ipv4Address{10, 0, 0, 1}, Ipv4Address{10, 0, 0, 2}};

TEST(RecordRouteOption, HasRoomForNineAddresses) {
  EXPECT_EQ(record_route_option(), bytes({7, 39, 4}, 37));
}

TEST(TimestampOption, HasRoomForNineTimes) {
  EXPECT_EQ(timestamp_option(TimestampFlag::timestamps_only), bytes({68, 40, 5, 0}, 36));
}

TEST(TimestampOption, HasRoomForFourAddressesWithTheirTimes) {
  EXPECT_EQ(timestamp_option(TimestampFlag::with_addresses), bytes({68, 36, 5, 1}, 36));
}

TEST(TimestampOption, NamesTheHostsThatAreAsked) {
  EXPECT_EQ(timestamp_option(TimestampFlag::prespecified, kHosts),
            bytes({68, 20, 5, 3, 10, 0, 0, 1, 0, 0, 0, 0, 10, 0, 0, 2, 0, 0, 0, 0}, 20));
}

TEST(SourceRouteOption, HasTheStopsBehindTheFirstAndTheDestination) {
  // RFC 791: the first stop is the destination of the header; the last address of the route is
  // where the packet is to end.
  EXPECT_EQ(source_route_option(kHosts, Ipv4Address{192, 0, 2, 9}),
            bytes({131, 11, 4, 10, 0, 0, 2, 192, 0, 2, 9, 0}));
}

}  // namespace
}  // namespace hop
