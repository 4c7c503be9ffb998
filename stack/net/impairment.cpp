#include "stack/net/impairment.hpp"

#include <algorithm>
#include <utility>

namespace hop {

DirectionCounters& DirectionCounters::operator+=(const DirectionCounters& other) noexcept {
  dropped += other.dropped;
  lost += other.lost;
  duplicated += other.duplicated;
  corrupted += other.corrupted;
  reordered += other.reordered;
  marked += other.marked;
  queue_full += other.queue_full;
  link_down += other.link_down;
  return *this;
}

Impairment::Impairment(ImpairmentSpec spec, const Random& seed)
    : spec_(std::move(spec)),
      matched_(spec_.drop.size()),
      loss_(seed.split(0)),
      duplicate_(seed.split(1)),
      corrupt_(seed.split(2)),
      reorder_(seed.split(3)),
      jitter_(seed.split(4)) {}

void Impairment::change(ImpairmentSpec spec) {
  if (spec.drop != spec_.drop) matched_.assign(spec.drop.size(), 0);
  if (spec.loss != spec_.loss) bad_ = false;
  spec_ = std::move(spec);
}

bool Impairment::passes(Bytes packet) {
  const bool lost = is_lost();  // moves on for every packet, so that droppers do not change it
  if (is_to_be_dropped(packet)) {
    ++counters_.dropped;
    return false;
  }
  counters_.lost += lost ? 1U : 0U;
  return !lost;
}

// Every rule counts every packet, whatever the others say.
bool Impairment::is_to_be_dropped(Bytes packet) {
  if (spec_.drop.empty()) return false;
  const auto ip = Ipv4HeaderView::parse(packet);
  if (!ip) return false;
  bool drop = false;
  for (std::size_t i = 0; i < spec_.drop.size(); ++i) {
    const DropRule& rule = spec_.drop[i];
    if (!rule.packets.matches(*ip, ip->destination())) continue;
    drop |= rule.drops(++matched_[i]);
  }
  return drop;
}

bool Impairment::is_lost() {
  const LossModel& model = spec_.loss;
  const bool lost = (bad_ ? model.in_bad : model.in_good).happens(loss_);
  if ((bad_ ? model.to_good : model.to_bad).happens(loss_)) bad_ = !bad_;
  return lost;
}

bool Impairment::duplicates() {
  const bool twice = spec_.duplicate.happens(duplicate_);
  counters_.duplicated += twice ? 1U : 0U;
  return twice;
}

void Impairment::corrupt(MutBytes packet) {
  if (!spec_.corrupt.happens(corrupt_) || packet.empty()) return;
  const std::uint32_t bit = corrupt_.below(static_cast<std::uint32_t>(packet.size() * 8));
  packet[bit / 8] ^= std::byte{0x80} >> (bit % 8);
  ++counters_.corrupted;
}

Instant Impairment::arrival(Instant sent, Duration delay) {
  if (spec_.reorder.happens(reorder_)) {
    ++counters_.reordered;
    return sent;
  }
  const Instant at = sent + with_jitter(delay);
  if (spec_.overtaking) return at;
  last_arrival_ = std::max(last_arrival_, at);
  return last_arrival_;
}

Duration Impairment::with_jitter(Duration delay) {
  const Duration jitter = std::min(spec_.jitter, delay);  // the delay may have become less
  if (jitter == Duration::zero()) return delay;
  const auto values = static_cast<std::uint64_t>(2 * jitter.count() + 1);
  return delay - jitter + Duration{static_cast<std::int64_t>(jitter_.next() % values)};
}

}  // namespace hop
