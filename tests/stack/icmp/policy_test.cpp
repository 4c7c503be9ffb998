// The profiles: named defaults for every switch of ICMP.

#include "stack/icmp/policy.hpp"

#include <gtest/gtest.h>

namespace hop {
namespace {

TEST(IcmpPolicy, IsByDefaultTheProfileRfc1812) {
  const IcmpPolicy policy = IcmpPolicy::of(Profile::rfc1812);
  EXPECT_EQ(policy.profile, Profile::rfc1812);
  EXPECT_EQ(policy.rate, 1000U);
  EXPECT_EQ(policy.burst, 1000U);
  EXPECT_EQ(policy.source, SourcePolicy::egress);
  EXPECT_EQ(policy.quote, 548U);
  EXPECT_EQ(policy.id, IdPolicy::counter);
  EXPECT_TRUE(policy.redirects);
  EXPECT_FALSE(policy.source_quench) << "RFC 6633 section 2";
  EXPECT_EQ(policy.next_hop_mtu, std::nullopt) << "RFC 1191 section 4";
  EXPECT_TRUE(policy.silent.none());
  EXPECT_EQ(policy.peer_rate, IcmpPolicy::kUnlimited);
  EXPECT_TRUE(policy.class_limits.empty());
  EXPECT_FALSE(policy.redirect_backoff);
  EXPECT_FALSE(policy.records_in_errors);
}

TEST(IcmpPolicy, LimitsAsTheKernelDoesInTheProfileLinux) {
  // ip-sysctl of Linux 6.18: icmp_msgs_per_sec 1000, icmp_msgs_burst 50, icmp_ratelimit 1000 (ms),
  // icmp_ratemask 6168: types 3, 4, 11 and 12.
  const IcmpPolicy policy = IcmpPolicy::of(Profile::linux_like);
  EXPECT_EQ(policy.rate, 1000U);
  EXPECT_EQ(policy.burst, 50U);
  EXPECT_EQ(policy.peer_rate, 1U);
  EXPECT_EQ(policy.peer_burst, 6U);
  EXPECT_EQ(policy.class_limits,
            (std::vector<ClassLimit>{{IcmpType::redirect, IcmpPolicy::kUnlimited, {}}}));
  EXPECT_TRUE(policy.redirect_backoff);
}

TEST(IcmpPolicy, IsRfc792ToTheLetterInTheProfileLegacy) {
  const IcmpPolicy policy = IcmpPolicy::of(Profile::legacy);
  EXPECT_EQ(policy.profile, Profile::legacy);
  EXPECT_EQ(policy.quote, IcmpPolicy::kQuoteHeaderAnd8);
  EXPECT_TRUE(policy.source_quench);
  EXPECT_EQ(policy.next_hop_mtu, 0);
}

TEST(IcmpPolicy, KeepsToTheRfcsInWhatLinuxDoesNotDifferIn) {
  const IcmpPolicy policy = IcmpPolicy::of(Profile::linux_like);
  EXPECT_EQ(policy.profile, Profile::linux_like);
  EXPECT_EQ(policy.quote, 548U);
  EXPECT_FALSE(policy.source_quench);
  EXPECT_EQ(policy.next_hop_mtu, std::nullopt);
}

TEST(IcmpPolicy, NamesProfilesAsTheTopologyFileDoes) {
  EXPECT_EQ(name(Profile::rfc1812), "rfc1812");
  EXPECT_EQ(name(Profile::linux_like), "linux");
  EXPECT_EQ(name(Profile::legacy), "legacy");
  EXPECT_EQ(profile_of("rfc1812"), Profile::rfc1812);
  EXPECT_EQ(profile_of("linux"), Profile::linux_like);
  EXPECT_EQ(profile_of("legacy"), Profile::legacy);
}

TEST(IcmpPolicy, KnowsNoOtherProfiles) {
  for (const std::string_view text : {"", "Linux", "linux_like", "rfc792", "legacy "}) {
    EXPECT_FALSE(profile_of(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace hop
