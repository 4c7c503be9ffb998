#include "stack/ip/port_set.hpp"

#include <bit>
#include <utility>

namespace hop {

std::optional<std::uint16_t> PortSet::first_free(PortRange range, Among among) const {
  for (std::uint32_t at = range.first / 64U; at <= range.last / 64U; ++at) {
    std::uint64_t free = ~words_[at] & std::to_underlying(among);
    if (at == range.first / 64U) free &= ~0ULL << (range.first % 64U);
    if (at == range.last / 64U) free &= ~0ULL >> (63U - range.last % 64U);
    if (free != 0) {
      return static_cast<std::uint16_t>(at * 64U + static_cast<unsigned>(std::countr_zero(free)));
    }
  }
  return std::nullopt;
}

std::optional<std::uint16_t> PortSet::first_free_from(std::uint16_t start, PortRange range,
                                                      Among among) const {
  const auto from_there = first_free({start, range.last}, among);
  return from_there ? from_there : first_free({range.first, start}, among);
}

}  // namespace hop
