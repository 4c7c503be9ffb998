#include "stack/icmp/policy.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hop {
namespace {

constexpr std::array<std::string_view, 3> kProfiles{"rfc1812", "linux", "legacy"};

// 1981: what RFC 792 says, before RFC 1122 and RFC 1191.
IcmpPolicy legacy() {
  IcmpPolicy policy;
  policy.profile = Profile::legacy;
  policy.rate = policy.burst = IcmpPolicy::kUnlimited;
  policy.quote = IcmpPolicy::kQuoteHeaderAnd8;
  policy.source_quench = true;
  policy.answers = IcmpPolicy::kAllAnswers;
  policy.honest_next_hop_mtu = false;
  return policy;
}

}  // namespace

IcmpPolicy IcmpPolicy::of(Profile profile) {
  if (profile == Profile::legacy) return legacy();
  IcmpPolicy policy;
  policy.profile = profile;
  return policy;
}

std::optional<Profile> profile_of(std::string_view name) {
  const auto* const at = std::ranges::find(kProfiles, name);
  if (at == kProfiles.end()) return std::nullopt;
  return static_cast<Profile>(at - kProfiles.begin());
}

std::string_view name(Profile profile) { return kProfiles[std::to_underlying(profile)]; }

}  // namespace hop
