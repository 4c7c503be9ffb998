#include "tools/conform/turns.hpp"

#include <utility>

namespace hop::conform {

void Turns::add(std::size_t number, const Case& one) {
  const bool together = one.prelude.empty() && !waiting_.empty() && waiting_.back().prelude.empty();
  if (!together) waiting_.push_back({{}, one.prelude, {}});
  Turn& turn = waiting_.back();
  turn.numbers.push_back(number);
  turn.inputs.insert(turn.inputs.end(), one.inputs.begin(), one.inputs.end());
}

void Turns::start(Time now) {
  if (waiting_.empty()) return;
  const Turn& turn = waiting_.front();
  const bool prelude = !turn.prelude.empty() && !is_fresh_;
  send(prelude ? turn.prelude : turn.inputs, prelude, now);
}

void Turns::send(const std::vector<Seen>& packets, bool prelude, Time now) {
  in_prelude_ = prelude;
  until_ = now + kPatience;
  send_(packets);
}

void Turns::heard(const Seen& advertisement, Time now) {
  if (waiting_.empty()) return;
  if (in_prelude_) {
    send(waiting_.front().inputs, false, now);
  } else {
    finish({advertisement}, "", now);
  }
}

void Turns::tick(Time now) {
  if (waiting_.empty() || now < until_) return;
  finish({}, in_prelude_ ? "a valid solicitation before it was not answered" : "", now);
}

std::optional<Turns::Time> Turns::deadline() const {
  return waiting_.empty() ? std::nullopt : std::optional{until_};
}

void Turns::finish(const Observation& got, const std::string& why, Time now) {
  const Turn turn = std::move(waiting_.front());
  waiting_.pop_front();
  is_fresh_ = !got.empty();
  for (const std::size_t number : turn.numbers) done_(number, got, why);
  start(now);
}

}  // namespace hop::conform
