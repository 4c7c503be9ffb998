#include "stack/icmp/policy.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace hop {
namespace {

constexpr std::array<std::string_view, 3> kProfiles{"rfc1812", "linux", "legacy"};

/// One switch, and what each profile sets it to.
template <class T>
struct Row {
  T IcmpPolicy::* at;
  std::type_identity_t<T> rfc1812, linux_like, legacy;

  void set(IcmpPolicy& policy) const {
    const T* const values[] = {&rfc1812, &linux_like, &legacy};
    policy.*at = *values[std::to_underlying(policy.profile)];
  }
};

std::vector<ClassLimit> all_but_redirects() {
  return {{.type = IcmpType::redirect, .rate = IcmpPolicy::kUnlimited}};
}

// The profiles, side by side: rfc1812 as of today; Linux 6.18 where it departs from it on purpose,
// with the names of ip-sysctl; 1981, RFC 792 before RFC 1122 and RFC 1191. PROFILES.md has the same
// table with the reasons. What is not here is the same in all.
template <class Visit>
void for_each_row(Visit visit) {
  using P = IcmpPolicy;
  constexpr auto kUnlimited = P::kUnlimited;
  // clang-format off
  //                                rfc1812        linux                legacy
  visit(Row{&P::rate,               1000,          1000,                kUnlimited});  // icmp_msgs_per_sec
  visit(Row{&P::burst,              1000,          50,                  kUnlimited});  // icmp_msgs_burst
  visit(Row{&P::class_limits,       {},            all_but_redirects(), {}});          // icmp_ratemask
  visit(Row{&P::peer_rate,          kUnlimited,    1,                   kUnlimited});  // icmp_ratelimit
  visit(Row{&P::answer_as_asked,    false,         true,                false});
  visit(Row{&P::quote,              P::kQuote576,  P::kQuote576,        P::kQuoteHeaderAnd8});
  visit(Row{&P::error_tos,          {},            0x1e,                {}});
  visit(Row{&P::records_in_errors,  false,         true,                false});
  visit(Row{&P::records_on_arrival, false,         true,                false});
  visit(Row{&P::truncated,          true,          false,               true});
  visit(Row{&P::redirect_backoff,   false,         true,                false});
  visit(Row{&P::source_quench,      false,         false,               true});
  visit(Row{&P::next_hop_mtu,       {},            {},                  std::uint16_t{0}});
  visit(Row{&P::answers,            P::kAnswers,   P::kAnswers,         P::kAllAnswers});
  // clang-format on
}

}  // namespace

IcmpPolicy IcmpPolicy::of(Profile profile) {
  IcmpPolicy policy;
  policy.profile = profile;
  for_each_row([&policy](const auto& row) { row.set(policy); });
  return policy;
}

ClassLimit& IcmpPolicy::class_limit(IcmpType type) {
  const auto at = std::ranges::find(class_limits, type, &ClassLimit::type);
  return at != class_limits.end() ? *at : class_limits.emplace_back(ClassLimit{.type = type});
}

std::optional<Profile> profile_of(std::string_view name) {
  const auto* const at = std::ranges::find(kProfiles, name);
  if (at == kProfiles.end()) return std::nullopt;
  return static_cast<Profile>(at - kProfiles.begin());
}

std::string_view name(Profile profile) { return kProfiles[std::to_underlying(profile)]; }

}  // namespace hop
