#include "stack/ip/path_mtu.hpp"

#include <array>

namespace hop {
namespace {

constexpr std::uint16_t kLeast = 68;            // RFC 791 section 3.2: every link takes that
constexpr std::chrono::minutes kNoIncrease{5};  // RFC 1191 section 3, MUST NOT

// RFC 1191 section 7, table 7-1.
constexpr std::array<std::uint16_t, 11> kPlateaus{65535, 32000, 17914, 8166, 4352,  2002,
                                                  1492,  1006,  508,   296,  kLeast};

// Routers derived from 4.2BSD quote a total length that is too large by the length of the header
// (RFC 1191 section 5): what was sent is not larger than the estimate.
std::uint32_t length_of(const TooBig& told, std::uint16_t current) {
  const std::uint32_t quoted = told.total_length;
  return quoted < current ? quoted : quoted - std::min<std::uint32_t>(quoted, told.header_length);
}

}  // namespace

std::uint16_t plateau_below(std::uint32_t too_big) {
  const auto* const at =
      std::ranges::find_if(kPlateaus, [&](std::uint32_t plateau) { return plateau < too_big; });
  return at == kPlateaus.end() ? kLeast : *at;
}

void PathMtuCache::learn(const TooBig& told, std::uint16_t current, Instant now) {
  const std::uint16_t mtu =
      told.next_hop_mtu != 0 ? told.next_hop_mtu : plateau_below(length_of(told, current));
  if (mtu >= kLeast && mtu < current) {
    estimates_.learn(told.destination, mtu, now);
  } else {
    estimates_.hold(told.destination, now + kNoIncrease, now);
  }
}

}  // namespace hop
