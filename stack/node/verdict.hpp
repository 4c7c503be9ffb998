#pragma once
// What became of a packet.

#include <cstdint>

#include "stack/base/drop_reason.hpp"

namespace hop {

enum class Action : std::uint8_t {
  forwarded,  ///< sent on, whole or in fragments
  delivered,  ///< given to an endpoint of the node
  answered,   ///< replied to by the node itself
  held,       ///< a fragment that waits for the rest
  dropped,    ///< for `why`
};
inline constexpr std::size_t kActions = 5;

/// Every received packet has exactly one.
struct [[nodiscard]] Verdict {
  Action action;
  DropReason why = DropReason::none;

  constexpr bool operator==(const Verdict&) const = default;
};

[[nodiscard]] constexpr Verdict dropped(DropReason why) { return {Action::dropped, why}; }

}  // namespace hop
