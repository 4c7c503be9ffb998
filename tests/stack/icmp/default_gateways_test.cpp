// The list of default gateways of a host (RFC 1122 section 3.3.1.6, RFC 1256 section 5.3).

#include "stack/icmp/default_gateways.hpp"

#include <gtest/gtest.h>

namespace hop {
namespace {

using std::chrono::seconds;

constexpr Instant kNow{seconds{1'735'689'600}};

AdvertisedRouter router(std::uint8_t host, std::int32_t preference = 0) {
  return {Ipv4Address{198, 18, 0, host}, preference};
}

TEST(DefaultRouters, AreChosenByPreference) {
  DefaultGateways list;
  EXPECT_EQ(list.best(kNow), nullptr);
  list.learn(router(2), 0, kNow + seconds{30}, kNow);
  list.learn(router(3, 10), 1, kNow + seconds{20}, kNow);
  list.learn(router(4, 10), 0, kNow + seconds{30}, kNow);
  list.learn(router(5, -10), 0, kNow + seconds{30}, kNow);
  ASSERT_NE(list.best(kNow), nullptr);
  EXPECT_EQ(list.best(kNow)->router, router(3, 10)) << "the one known longest";
  EXPECT_EQ(list.best(kNow)->interface, 1);
}

TEST(DefaultRouters, AreForgottenWhenTheirTimeIsOver) {
  DefaultGateways list;
  list.learn(router(2, 5), 0, kNow + seconds{30}, kNow);
  list.learn(router(3), 0, kNow + seconds{40}, kNow);
  EXPECT_EQ(list.best(kNow + seconds{30} - Duration{1})->router, router(2, 5));
  EXPECT_EQ(list.best(kNow + seconds{30})->router, router(3));
  EXPECT_EQ(list.best(kNow + seconds{40}), nullptr);
}

TEST(DefaultRouters, AreRenewedWithWhatWasSaidLast) {
  DefaultGateways list;
  list.learn(router(2, 5), 0, kNow + seconds{30}, kNow);
  list.learn(router(2, -5), 0, kNow + seconds{60}, kNow);
  EXPECT_EQ(list.best(kNow + seconds{59})->router, router(2, -5));
}

TEST(DefaultRouters, EndWithALifetimeOfZero) {
  DefaultGateways list;
  list.learn(router(2), 0, kNow + seconds{30}, kNow);
  list.learn(router(2), 0, kNow, kNow);
  EXPECT_EQ(list.best(kNow), nullptr);
}

TEST(DefaultRouters, AreNotThoseOfTheLeastPreference) {
  // Section 5.3: hex 80000000 is not to be used as default router address.
  DefaultGateways list;
  list.learn(router(2, kNotADefaultRouter), 0, kNow + seconds{30}, kNow);
  EXPECT_EQ(list.best(kNow), nullptr);
  list.learn(router(2, 1), 0, kNow + seconds{30}, kNow);
  list.learn(router(2, kNotADefaultRouter), 0, kNow + seconds{30}, kNow);
  EXPECT_EQ(list.best(kNow), nullptr);
}

TEST(DefaultRouters, AreTheBestOfMoreThanThereIsRoomFor) {
  DefaultGateways list;
  for (int i = 0; i < 40; ++i) {
    list.learn(router(static_cast<std::uint8_t>(i + 1), i), 0, kNow + seconds{30}, kNow);
  }
  EXPECT_EQ(list.best(kNow)->router, router(40, 39));
  list.learn(router(99, -1), 0, kNow + seconds{90}, kNow);
  EXPECT_EQ(list.best(kNow + seconds{40}), nullptr) << "there was no room for a worse one";
}

TEST(DefaultRouters, WhoseTimeIsOverMakeRoom) {
  DefaultGateways list;
  for (std::uint8_t i = 1; i <= 16; ++i) list.learn(router(i, 9), 0, kNow + seconds{30}, kNow);
  list.learn(router(99), 0, kNow + seconds{90}, kNow + seconds{30});
  EXPECT_EQ(list.best(kNow + seconds{31})->router, router(99));
}

TEST(DefaultRouters, ThatAreConfiguredKeepTheirPreferenceAndStay) {
  // RFC 1256 section 5.3: neither an advertisement nor its end changes them.
  DefaultGateways list;
  list.configure(router(2, 1), 0);
  list.learn(router(2, 9), 0, kNow + seconds{30}, kNow);
  EXPECT_EQ(list.best(kNow)->router, router(2, 1));
  list.learn(router(2), 0, kNow, kNow);
  EXPECT_EQ(list.best(kNow + seconds{3600})->router, router(2, 1));
}

TEST(DefaultRouters, ThatAreConfiguredMakeNoRoom) {
  DefaultGateways list;
  list.configure(router(1, -9), 0);
  for (std::uint8_t i = 2; i <= 17; ++i) list.learn(router(i, 1), 0, kNow + seconds{30}, kNow);
  list.learn(router(99, 2), 0, kNow + seconds{30}, kNow);
  EXPECT_EQ(list.best(kNow)->router, router(99, 2));
  EXPECT_EQ(list.best(kNow + seconds{30})->router, router(1, -9));
}

TEST(DefaultRouters, MayBePassedOver) {
  DefaultGateways list;
  list.configure(router(1, 2), 0);
  list.configure(router(2, 1), 0);
  const auto is_not_the_first = [](const DefaultGateways::Entry& entry) {
    return entry.router.address != router(1).address;
  };
  EXPECT_EQ(list.best(kNow, is_not_the_first)->router, router(2, 1));
}

}  // namespace
}  // namespace hop
