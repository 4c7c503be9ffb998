#include "tools/conform/runner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

#include <algorithm>
#include <chrono>

#include "tools/conform/error.hpp"

namespace hop::conform {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{5};  // for a sentinel; a safety net, never a measure
constexpr std::chrono::milliseconds kGreeting{100};  // between the first ones
constexpr std::chrono::seconds kTimerSlack{1};
constexpr std::size_t kBurst = 32;  // packets between sentinels: queues of devices are short
constexpr std::uint32_t kSentinelHost = 250;
constexpr std::uint16_t kSentinelId = 0x5e47;

bool is_advertisement(const Seen& seen) {
  const auto p = Parsed::of(seen.packet);
  return p && p->is_icmp() && p->icmp_type() == 9;
}

/// The error of a timer is about a packet of this case.
bool is_about(const Seen& seen, const Case& one) {
  const auto p = Parsed::of(seen.packet);
  if (!p || !p->is_icmp()) return false;
  const auto quoted = Parsed::of(p->icmp_data());
  return quoted && std::ranges::any_of(one.inputs, [&](const Seen& input) {
           const auto sent = Parsed::of(input.packet);
           return sent && sent->id == quoted->id && sent->from == quoted->from;
         });
}

std::string missing(const Case& one, const Scenario& scenario) {
  std::vector<std::string> lacking;
  for (const std::string_view need : one.needs) {
    if (scenario.has(need)) continue;
    lacking.push_back(need.starts_with('!') ? fmt::format("has {}", need.substr(1))
                                            : fmt::format("has no {}", need));
  }
  return lacking.empty() ? "" : fmt::format("the system {}", fmt::join(lacking, ", "));
}

Result judged(const Case& one, const Scenario& scenario, Observation got) {
  std::string why;
  for (const Seen& seen : got) {
    if (why.empty()) why = fault_of(seen.packet);
    if (why.empty() && seen.packet.size() > scenario.at(seen.side).mtu) {
      why = fmt::format("{} bytes are more than the MTU of {}", seen.packet.size(),
                        letter(seen.side));
    }
  }
  if (why.empty()) why = one.expected.judge(got);
  return {&one, why.empty() ? Outcome::passed : Outcome::failed, why, std::move(got)};
}

}  // namespace

Runner::Runner(const Scenario& scenario, std::vector<Attachment> attachments)
    : scenario_(scenario), attachments_(std::move(attachments)) {}

std::vector<Side> Runner::sides() const {
  std::vector<Side> all;
  for (std::size_t i = 0; i < attachments_.size(); ++i) all.push_back(static_cast<Side>(i));
  return all;
}

std::vector<Result> Runner::run(const std::vector<Case>& cases, const Progress& progress) {
  for (const Side side : sides()) greet(side);
  std::vector<Result> results;
  for (const Case& one : cases) {
    progress(&one);
    results.push_back(run_one(one));
  }
  run_delayed(results);
  progress(nullptr);
  return results;
}

// A device that got its carrier a moment ago loses packets until the kernel has noticed, so the
// first echo requests may.
void Runner::greet(Side side) {
  Observation before;
  const auto deadline = Clock::now() + kPatience;
  while (!ask({side}, before, kGreeting)) {
    if (Clock::now() < deadline) continue;
    throw RunError(fmt::format("{} does not answer an echo request from {} by {}",
                               to_string(scenario_.sut(side)),
                               to_string(scenario_.host(side, kSentinelHost)),
                               attachments_[static_cast<std::size_t>(side)].device()));
  }
}

Result Runner::run_one(const Case& one) {
  if (std::string why = missing(one, scenario_); !why.empty()) {
    return {&one, Outcome::not_run, std::move(why), {}};
  }
  if (one.timing == Timing::discovery)
    return {&one, Outcome::passed, "", {}};  // has its turn later
  Observation got;
  send_all(one.inputs, got);
  const Side first = one.inputs.empty() ? Side::a : one.inputs.front().side;
  const bool alive = settle(first, got);
  if (one.timing == Timing::at_once) {
    std::erase_if(got, [&](const Seen& seen) { return is_unasked(seen); });
  }
  if (!alive) return {&one, Outcome::failed, "the system stopped answering", std::move(got)};
  return judged(one, scenario_, std::move(got));
}

void Runner::send_all(const std::vector<Seen>& inputs, Observation& got) {
  std::size_t count = 0;
  for (const Seen& input : inputs) {
    attachments_.at(static_cast<std::size_t>(input.side)).send(input.packet);
    drain(got);
    if (++count % kBurst == 0 && !ask({input.side}, got, kPatience)) return;
  }
}

// First behind the packets of the case, so that they have been forwarded; then on every side.
bool Runner::settle(Side first, Observation& got) {
  return ask({first}, got, kPatience) && ask(sides(), got, kPatience);
}

bool Runner::ask(const std::vector<Side>& asked, Observation& got,
                 std::chrono::milliseconds patience) {
  ++sequence_;
  for (const Side side : asked) {
    const Octets echo = icmp(8, 0, std::uint32_t{kSentinelId} << 16U | sequence_);
    const Datagram sentinel(scenario_.host(side, kSentinelHost), scenario_.sut(side), kIcmp, echo);
    attachments_.at(static_cast<std::size_t>(side)).send(sentinel.bytes());
  }
  std::vector<Side> waiting = asked;
  const auto deadline = Clock::now() + patience;
  while (!waiting.empty()) {
    if (Clock::now() >= deadline) return false;
    wait_until(deadline);
    drain(got);
    std::erase_if(got, [&](const Seen& seen) { return is_sentinel(seen, waiting); });
  }
  return true;
}

void Runner::drain(Observation& got) {
  for (const Side side : sides()) {
    while (auto packet = attachments_[static_cast<std::size_t>(side)].receive()) {
      got.push_back({side, std::move(*packet)});
    }
  }
}

// The answer to any sentinel, also one that was given up; then it does not wait for it any more.
bool Runner::is_sentinel(const Seen& seen, std::vector<Side>& waiting) const {
  const auto p = Parsed::of(seen.packet);
  if (!p || !p->is_icmp() || p->icmp_type() != 0) return false;
  if (p->to != scenario_.host(seen.side, kSentinelHost)) return false;
  if (p->icmp_rest() >> 16U != kSentinelId) return false;
  if ((p->icmp_rest() & 0xffffU) == sequence_) std::erase(waiting, seen.side);
  return true;
}

// Time exceeded in reassembly is due long after the case whose fragments were left over, and a
// router advertises itself when it likes.
bool Runner::is_unasked(const Seen& seen) const {
  const auto p = Parsed::of(seen.packet);
  const bool late = p && p->is_icmp() && p->icmp_type() == 11 && p->icmp_code() == 1;
  return late || (is_advertisement(seen) && p->from == scenario_.sut(seen.side) &&
                  scenario_.has("router-discovery"));
}

// All timers were started when their cases ran; what they brought is told apart by the quote.
// Meanwhile the cases of router discovery have their turns.
void Runner::run_delayed(std::vector<Result>& results) {
  const auto waits = [](const Result& r) {
    return r.of->timing == Timing::reassembly && r.outcome != Outcome::not_run;
  };
  std::vector<Turns> turns = turns_for(results);
  Observation late;
  listen(turns, std::ranges::any_of(results, waits), late);
  for (Result& result : results) {
    if (!waits(result)) continue;
    Observation got = std::move(result.got);
    std::erase_if(got, is_advertisement);
    std::ranges::copy_if(late, std::back_inserter(got),
                         [&](const Seen& seen) { return is_about(seen, *result.of); });
    result = judged(*result.of, scenario_, std::move(got));
  }
}

std::vector<Turns> Runner::turns_for(std::vector<Result>& results) {
  const auto send = [this](const std::vector<Seen>& packets) {
    for (const Seen& one : packets) {
      attachments_.at(static_cast<std::size_t>(one.side)).send(one.packet);
    }
  };
  const auto done = [this, &results](std::size_t number, const Observation& got,
                                     const std::string& why) {
    const Case& one = *results[number].of;
    results[number] =
        why.empty() ? judged(one, scenario_, got) : Result{&one, Outcome::failed, why, got};
  };
  std::vector<Turns> turns(attachments_.size(), Turns{send, done});
  for (std::size_t i = 0; i < results.size(); ++i) {
    const Case& one = *results[i].of;
    if (one.timing != Timing::discovery || results[i].outcome == Outcome::not_run) continue;
    turns.at(static_cast<std::size_t>(one.inputs.front().side)).add(i, one);
  }
  return turns;
}

/// Until all have had their turn and, if there are `timers`, theirs are over.
void Runner::listen(std::vector<Turns>& turns, bool timers, Observation& late) {
  const auto end = Clock::now() + scenario_.reassembly_timeout + kTimerSlack;
  for (Turns& one : turns) one.start(Clock::now());
  for (;;) {
    std::optional<Clock::time_point> next = timers ? std::optional{end} : std::nullopt;
    for (const Turns& one : turns) {
      if (const auto at = one.deadline(); at && (!next || *at < *next)) next = at;
    }
    if (!next) return;
    wait_until(*next);
    Observation came;
    drain(came);
    const auto now = Clock::now();
    for (const Seen& seen : came) {
      if (is_advertisement(seen)) turns.at(static_cast<std::size_t>(seen.side)).heard(seen, now);
    }
    std::ranges::move(came, std::back_inserter(late));
    for (Turns& one : turns) one.tick(now);
    timers = timers && now < end;
  }
}

/// Or until something comes.
void Runner::wait_until(Clock::time_point deadline) {
  std::vector<pollfd> fds;
  for (const Attachment& one : attachments_) fds.push_back({one.descriptor(), POLLIN, 0});
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
}

}  // namespace hop::conform
