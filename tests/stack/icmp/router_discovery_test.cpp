// Router discovery (RFC 1256): messages, their checks, and when they are sent.

#include "stack/icmp/router_discovery.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string_view>

#include "tests/stack/icmp/case_name.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::icmp;
using Wire = testing::Packet;

constexpr Instant kNow{seconds{1'735'689'600}};

/// The ICMP message of a packet.
std::vector<std::byte> message(const testing::Layer& layer) {
  const Wire packet = testing::ip() / layer;
  return {packet.bytes().begin() + 20, packet.bytes().end()};
}

// Section 3: two routers, 198.18.0.2 with preference 5 and 198.18.0.3 with -1.
constexpr std::array<std::byte, 16> two_routers() {
  constexpr std::array<std::uint8_t, 16> kBytes{198, 18, 0, 2, 0,    0,    0,    5,
                                                198, 18, 0, 3, 0xff, 0xff, 0xff, 0xff};
  std::array<std::byte, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::byte{kBytes[i]};
  return bytes;
}

std::optional<AdvertisementView> parse(std::vector<std::byte>& bytes, const testing::Layer& layer) {
  bytes = message(layer);
  const auto view = IcmpView::parse(bytes);
  return view ? AdvertisementView::parse(*view) : std::nullopt;
}

TEST(Advertisement, IsReadAsInRfc1256Section3) {
  std::vector<std::byte> bytes;
  const auto view = parse(bytes, icmp(9, 0, 0x02020708, two_routers()));
  ASSERT_TRUE(view.has_value());
  ASSERT_EQ(view->size(), 2U);
  EXPECT_EQ((*view)[0], (AdvertisedRouter{Ipv4Address{198, 18, 0, 2}, 5}));
  EXPECT_EQ((*view)[1], (AdvertisedRouter{Ipv4Address{198, 18, 0, 3}, -1}));
  EXPECT_EQ(view->lifetime(), seconds{1800});
}

TEST(Advertisement, IsWrittenAsInRfc1256Section3) {
  const IcmpMessage header = advertisement(2, seconds{1800});
  EXPECT_EQ(header.type, IcmpType::router_advertisement);
  EXPECT_EQ(header.code, 0);
  EXPECT_EQ(header.rest, 0x02020708U);
  std::array<std::byte, 16> bytes{};
  const std::array routers{AdvertisedRouter{Ipv4Address{198, 18, 0, 2}, 5},
                           AdvertisedRouter{Ipv4Address{198, 18, 0, 3}, -1}};
  write_routers(routers, bytes);
  EXPECT_EQ(bytes, two_routers());
}

struct CheckCase {
  std::string_view name;
  testing::Layer layer;
  bool valid;
};
std::ostream& operator<<(std::ostream& out, const CheckCase& row) { return out << row.name; }
class AdvertisementCheck : public ::testing::TestWithParam<CheckCase> {};

TEST_P(AdvertisementCheck, IsThatOfRfc1256Section5_2) {
  std::vector<std::byte> bytes;
  EXPECT_EQ(parse(bytes, GetParam().layer).has_value(), GetParam().valid);
}

INSTANTIATE_TEST_SUITE_P(
    Table, AdvertisementCheck,
    ::testing::Values(CheckCase{"Good", icmp(9, 0, 0x02020708, two_routers()), true},
                      CheckCase{"Code", icmp(9, 16, 0x02020708, two_routers()), false},
                      CheckCase{"NoAddress", icmp(9, 0, 0x00020708, two_routers()), false},
                      CheckCase{"EntryOfOneWord", icmp(9, 0, 0x02010708, two_routers()), false},
                      CheckCase{"EntryOfFourWords", icmp(9, 0, 0x01040708, two_routers()), true},
                      CheckCase{"TooShort", icmp(9, 0, 0x03020708, two_routers()), false},
                      CheckCase{"BehindTheEnd", icmp(9, 0, 0x01020708, two_routers()), true},
                      CheckCase{"Checksum", icmp(9, 0, 0x02020708, two_routers()).checksum(1),
                                false}),
    kCaseName);

TEST(Advertisement, OfLongerEntriesIsReadByTheirSize) {
  std::vector<std::byte> bytes;
  const auto view = parse(bytes, icmp(9, 0, 0x01040708, two_routers()));
  ASSERT_EQ(view->size(), 1U);
  EXPECT_EQ((*view)[0].address, (Ipv4Address{198, 18, 0, 2}));
}

TEST(DiscoveryPolicy, HasTheDefaultsOfRfc1256Section4_1) {
  DiscoveryPolicy policy;
  EXPECT_EQ(policy.advertisement_address(), (Ipv4Address{224, 0, 0, 1}));
  EXPECT_EQ(policy.solicitation_address(), (Ipv4Address{224, 0, 0, 2}));
  EXPECT_EQ(policy.max_interval, seconds{600});
  EXPECT_EQ(policy.shortest_interval(), seconds{450});
  EXPECT_EQ(policy.advertised_lifetime(), seconds{1800});
  EXPECT_EQ(policy.preference_of(Ipv4Address{10, 0, 0, 1}), 0);
  policy.max_interval = seconds{10};
  EXPECT_EQ(policy.shortest_interval(), milliseconds{7500});
  EXPECT_EQ(policy.advertised_lifetime(), seconds{30});
  policy.broadcast = true;
  EXPECT_EQ(policy.advertisement_address(), policy.solicitation_address());
}

TEST(DiscoveryPolicy, KnowsAddressesApart) {
  DiscoveryPolicy policy;
  policy.preference = 3;
  policy.addresses = {{Ipv4Address{10, 0, 0, 1}, -7}, {Ipv4Address{10, 0, 0, 2}, std::nullopt}};
  EXPECT_EQ(policy.preference_of(Ipv4Address{10, 0, 0, 1}), -7);
  EXPECT_EQ(policy.preference_of(Ipv4Address{10, 0, 0, 2}), std::nullopt);
  EXPECT_EQ(policy.preference_of(Ipv4Address{10, 0, 0, 3}), 3);
}

TEST(AdvertisementTimes, AreShortAtFirstThenBetweenMinAndMax) {
  // Section 4.3, with the constants of section 6.
  const DiscoveryPolicy policy;
  Random random{7};
  AdvertisementTimer timer;
  EXPECT_FALSE(timer.next().has_value());
  Instant now = kNow;
  timer.start(policy, now, random);
  for (int i = 0; i < 50; ++i) {
    const Duration interval = *timer.next() - now;
    if (i < 3) {
      EXPECT_EQ(interval, seconds{16});
    } else {
      EXPECT_GE(interval, seconds{450});
      EXPECT_LE(interval, seconds{600});
      EXPECT_NE(interval % seconds{1}, Duration::zero()) << "not in units of whole seconds";
    }
    EXPECT_FALSE(timer.is_awaited());
    now = *timer.next();
    timer.sent(policy, now, random);
  }
}

TEST(AdvertisementTimes, OfASolicitationAreAtMostTwoSecondsAway) {
  const DiscoveryPolicy policy;
  Random random{7};
  AdvertisementTimer timer;
  timer.start(policy, kNow, random);
  for (int i = 0; i < 100; ++i) {
    timer.solicited(kNow, random);
    EXPECT_TRUE(timer.is_awaited());
    EXPECT_GE(*timer.next(), kNow);
    EXPECT_LE(*timer.next(), kNow + seconds{2});
  }
  timer.sent(policy, *timer.next(), random);
  EXPECT_FALSE(timer.is_awaited()) << "one answer for all";
}

TEST(AdvertisementTimes, OfASolicitationAreNotLaterThanThePeriodicOne) {
  const DiscoveryPolicy policy;
  Random random{7};
  AdvertisementTimer timer;
  timer.start(policy, kNow, random);
  const Instant periodic = *timer.next();
  timer.solicited(periodic - milliseconds{1}, random);
  EXPECT_LE(*timer.next(), periodic);
}

TEST(AdvertisementTimes, AreNoneBeforeTheStart) {
  AdvertisementTimer timer;
  Random random{7};
  timer.solicited(kNow, random);
  EXPECT_FALSE(timer.next().has_value());
}

TEST(SolicitationTimes, AreThreeThreeSecondsApart) {
  // Sections 5.3 and 6.
  Random random{7};
  SolicitationTimer timer;
  timer.start(kNow, random);
  const Instant first = *timer.next();
  EXPECT_GE(first, kNow);
  EXPECT_LE(first, kNow + seconds{1});
  timer.sent(first);
  EXPECT_EQ(timer.next(), first + seconds{3});
  timer.sent(first + seconds{3});
  EXPECT_EQ(timer.next(), first + seconds{6});
  timer.sent(first + seconds{6});
  EXPECT_EQ(timer.next(), std::nullopt);
}

TEST(SolicitationTimes, EndWhenARouterIsHeard) {
  Random random{7};
  SolicitationTimer timer;
  timer.start(kNow, random);
  timer.stop();
  EXPECT_EQ(timer.next(), std::nullopt);
}

}  // namespace
}  // namespace hop
