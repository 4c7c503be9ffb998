#include "stack/node/way_cache.hpp"

namespace hop {

constinit const Neighbours Way::kNowhere{};

// None of which holds.
const WayCache::Ways WayCache::kNone{};

const Way& WayCache::keep(const Way& way) {
  if (!own_) own_ = std::make_unique<Ways>();
  if (ways_ == kNone.data()) own_->fill({});
  ways_ = own_->data();
  return (*own_)[place_of(way.destination)] = way;
}

}  // namespace hop
