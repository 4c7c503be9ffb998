#pragma once
// What a network tells while it runs.

#include <cstdint>
#include <functional>
#include <variant>

#include "stack/base/bytes.hpp"
#include "stack/base/clock.hpp"
#include "stack/net/change.hpp"
#include "stack/node/verdict.hpp"

namespace hop {

/// A node has got a packet, and this became of it.
struct Judged {
  std::uint32_t node;
  Verdict verdict;
  Bytes packet;  ///< as it came, kSeenBytes of it at most
  static constexpr std::size_t kSeenBytes = 128;
};

/// A packet that was sent did not get across a link: by loss, a rule, or as the link is down.
struct LostOnLink {
  std::uint32_t link;
  std::uint32_t end;  ///< that sent it
  Bytes packet;
};

using Happening = std::variant<Judged, LostOnLink>;

/// Did a packet get on, rather than end here? That is what most of all that happens is.
[[nodiscard]] inline bool got_on(const Happening& happening) {
  const auto* const judged = std::get_if<Judged>(&happening);
  return judged != nullptr && judged->verdict.action != Action::dropped;
}

/// Sees what happens to packets, when it happens; what it is shown is good for the call only.
using Observer = std::function<void(Instant, const Happening&)>;

/// Sees the changes that were made of the network itself.
using ChangeObserver = std::function<void(Instant, const Change&)>;

}  // namespace hop
