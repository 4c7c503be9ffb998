#pragma once
// Randomness as the stack knows it: seeded, so that the same seed gives the same bytes.

#include <cstdint>

namespace hop {

/// SplitMix64: 64 bits of state, one multiplication chain per number, passes the usual test
/// batteries. Not for cryptography; an emulator has to be reproducible, not unpredictable.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept : state_(seed) {}

  [[nodiscard]] constexpr std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  /// A number in [0, bound); `bound` is above 0 and small, so that the bias of % is nothing.
  [[nodiscard]] constexpr std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>((next() >> 32U) % bound);
  }

  /// A generator of its own for part `index` of something seeded with this generator's seed.
  [[nodiscard]] constexpr Random split(std::uint64_t index) const noexcept {
    return Random{Random{state_ ^ (index * 0xd1342543de82ef95U)}.next()};
  }

 private:
  std::uint64_t state_;
};

}  // namespace hop
