#pragma once
// What a link does to the packets of one direction, in the words of tc-netem(8).

#include <cstdint>
#include <vector>

#include "stack/base/bytes.hpp"
#include "stack/base/clock.hpp"
#include "stack/base/random.hpp"
#include "stack/base/share.hpp"
#include "stack/ip/filter.hpp"

namespace hop {

/// Drops exactly certain ones of the packets that match: `count` from number `nth` on, and with
/// `every` again so many packets later, for ever.
struct DropRule {
  FilterRule packets{};     ///< which; action and code mean nothing here
  std::uint64_t nth = 1;    ///< from 1
  std::uint64_t count = 1;  ///< in a row
  std::uint64_t every = 0;  ///< 0 for once

  /// Is it the packet with this number, from 1, among those that match?
  [[nodiscard]] constexpr bool drops(std::uint64_t number) const {
    if (number < nth) return false;
    const std::uint64_t since = number - nth;
    return (every == 0 ? since : since % every) < count;
  }
  bool operator==(const DropRule&) const = default;
};

/// Loss by chance: the model of Gilbert and Elliott, a chain of a good and a bad state that may
/// move after each packet and starts in the good one. Independent loss is a chain that stays there.
struct LossModel {
  Share to_bad{};   ///< netem's p: of moving from good to bad
  Share to_good{};  ///< netem's r: of moving back
  Share in_bad{};   ///< netem's 1-h: of losing a packet in the bad state
  Share in_good{};  ///< netem's 1-k: of losing one in the good state

  bool operator==(const LossModel&) const = default;
};

/// What can happen to a packet besides rate, queue and delay.
struct ImpairmentSpec {
  /// The delay is uniform between itself less and plus this, which is no more than the delay.
  Duration jitter{};
  /// May packets overtake each other as their jitter has it? Otherwise each waits for the earlier.
  bool overtaking = false;
  LossModel loss{};
  Share duplicate{};
  Share corrupt{};  ///< one random bit is flipped
  Share reorder{};  ///< takes no delay, and so overtakes those that do
  std::vector<DropRule> drop{};

  bool operator==(const ImpairmentSpec&) const = default;
};

/// What became of the packets of one direction, beside getting across.
struct DirectionCounters {
  std::uint64_t dropped = 0;     ///< by a DropRule
  std::uint64_t lost = 0;        ///< by chance
  std::uint64_t duplicated = 0;  ///< copies made
  std::uint64_t corrupted = 0;
  std::uint64_t reordered = 0;   ///< sent ahead, by ImpairmentSpec::reorder
  std::uint64_t marked = 0;      ///< told congestion (RFC 3168), by the queue
  std::uint64_t queue_full = 0;  ///< dropped by who would have sent them: no room in its queue
  std::uint64_t link_down = 0;   ///< sent or under way while the link was down

  DirectionCounters& operator+=(const DirectionCounters& other) noexcept;
};

/// The impairments of one direction at work. Each has random numbers of its own, so that which
/// packets are lost does not depend on whether others are duplicated.
class Impairment {
 public:
  Impairment(ImpairmentSpec spec, const Random& seed);
  /// From now on it is `spec` that happens; a `drop` that has changed counts from the beginning.
  void change(ImpairmentSpec spec);

  /// Does it get across? Otherwise it is counted, as dropped or lost. Asked once for each packet
  /// that is sent, in order.
  [[nodiscard]] bool passes(Bytes packet);
  /// Do two arrive instead of one?
  [[nodiscard]] bool duplicates();
  /// Flips a bit of the packet, if it is its turn.
  void corrupt(MutBytes packet);
  /// When a packet arrives whose last bit was sent at `sent`, on a link with this `delay`.
  [[nodiscard]] Instant arrival(Instant sent, Duration delay);

  [[nodiscard]] const DirectionCounters& counters() const noexcept { return counters_; }

 private:
  [[nodiscard]] bool is_to_be_dropped(Bytes packet);
  [[nodiscard]] bool is_lost();
  [[nodiscard]] Duration with_jitter(Duration delay);

  ImpairmentSpec spec_;
  std::vector<std::uint64_t> matched_;  // packets by each of spec_.drop
  bool bad_ = false;                    // the state of spec_.loss
  Instant last_arrival_{};
  Random loss_, duplicate_, corrupt_, reorder_, jitter_;
  DirectionCounters counters_;
};

}  // namespace hop
