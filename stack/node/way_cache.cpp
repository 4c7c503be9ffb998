#include "stack/node/way_cache.hpp"

#include <bit>
#include <utility>

namespace hop {
namespace {

// What stands where there is no way: an address that belongs to another place. 0.0.0.0 belongs to
// the first of any table, and 0.0.0.1 does not.
constexpr std::array<Way, 2> kFree{};
constexpr std::array<Way, 2> kFreeFirst{Way{.destination = Ipv4Address{1}},
                                        Way{.destination = Ipv4Address{1}}};

}  // namespace

constinit const std::array<WayCache::Pair, 2> WayCache::kNothing{Pair{kFreeFirst}, Pair{kFree}};

WayCache::WayCache(std::size_t pairs)
    : shift_(32U - static_cast<unsigned>(std::countr_zero(pairs))),
      own_(std::make_unique<Pair[]>(pairs)) {
  own_[0] = {kFreeFirst};
  pairs_ = own_.get();
}

const Way& WayCache::keep(const Way& way) {
  if (!own_) *this = WayCache{kLeastPairs};
  Way* place = place_for(way.destination);
  while (place == nullptr && may_grow()) {
    grow();
    place = place_for(way.destination);
  }
  if (place == nullptr) {
    auto& [first, last] = own_[place_of(way.destination)].ways;
    first = last;
    place = &last;
  } else if (place->destination != way.destination) {
    ++used_;
  }
  return *place = way;
}

// That of the way to `destination`, or a free one; null if both are others'.
Way* WayCache::place_for(Ipv4Address destination) {
  const std::size_t at = place_of(destination);
  for (Way& way : own_[at].ways) {
    if (way.destination == destination || place_of(way.destination) != at) return &way;
  }
  return nullptr;
}

void WayCache::grow() {
  WayCache larger{pairs() * 2};
  larger.used_ = used_;
  for (std::size_t at = 0; at < pairs(); ++at) {
    for (const Way& way : own_[at].ways) {
      if (place_of(way.destination) == at) *larger.place_for(way.destination) = way;
    }
  }
  *this = std::move(larger);
}

}  // namespace hop
