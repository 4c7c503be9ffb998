#include "tests/bench/runs.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

namespace hop::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

Clock::duration in_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

double as_number(std::uint64_t count) { return static_cast<double>(count); }

double share_lost(double sent, double answered) { return sent > 0 ? 1 - answered / sent : 0; }

// An answer may be larger than what it is about, by the headers of an error.
constexpr std::size_t kGrowth = 64;

Listener listen(const Traffic& traffic, const RunOptions& options, unsigned sample = 1) {
  return {options.answers, traffic.packet(0).size() + kGrowth, options.gateway.has_value(), sample};
}

// Looks through what has come in, and counts.
class Answers {
 public:
  Answers(const Traffic& traffic, const RunOptions& options, unsigned sample = 1)
      : traffic_(traffic), verify_(options.verify), listener_(listen(traffic, options, sample)) {}

  // All there are, at most `most`: calls `seen` with the number of the packet that each is about.
  template <typename Seen>
  void take(unsigned most, Seen&& seen) {
    const auto look = [&](std::span<const std::byte> packet) {
      const auto number = traffic_.number_of(packet);
      if (!number) return;
      seen(*number);
      if (verify_) ++(traffic_.is_right(packet, *number) ? right_ : wrong_);
    };
    while (most-- > 0 && listener_.next(look)) continue;
  }
  // How many came.
  unsigned count(unsigned most) {
    unsigned came = 0;
    take(most, [&](unsigned) { ++came; });
    return came;
  }
  void tell(Figures& figures) const {
    if (!verify_) return;
    figures.emplace_back("right", as_number(right_));
    figures.emplace_back("wrong", as_number(wrong_));
  }

 private:
  const Traffic& traffic_;
  bool verify_;
  std::uint64_t right_ = 0;
  std::uint64_t wrong_ = 0;
  Listener listener_;
};

// How many packets may be sent now to keep to `rate`.
unsigned due(double rate, double elapsed, std::uint64_t offered) {
  if (rate <= 0) return Sender::kBatch;
  const double behind = rate * elapsed - as_number(offered);
  return behind < 1 ? 0U : static_cast<unsigned>(std::min(behind, double{Sender::kBatch}));
}

// What is on its way after the last packet has time to arrive.
constexpr milliseconds kGrace{100};

// ---- window

class Window {
 public:
  Window(const Traffic& traffic, const RunOptions& options, std::uint64_t size)
      : sender_(options.device, traffic, options.gateway),
        answers_(traffic, options),
        size_(size),
        begin_(Clock::now()),
        heard_(begin_) {}

  Figures run(double seconds) {
    const auto end = begin_ + in_seconds(seconds);
    while (Clock::now() < end) step();
    const double elapsed = seconds_since(begin_);
    const double rate = as_number(answered_) / elapsed;
    const auto last = Clock::now() + kGrace;
    while (Clock::now() < last) answered_ += answers_.count(kMost);
    Figures figures{{"sent_pps", as_number(sent_) / elapsed},
                    {"answered_pps", rate},
                    {"loss", share_lost(as_number(sent_), as_number(answered_))}};
    answers_.tell(figures);
    return figures;
  }

 private:
  static constexpr unsigned kMost = 4 * Sender::kBatch;
  // Without an answer for so long, what is under way is lost. A window of 256 takes 20 ms through a
  // hundred namespaces.
  static constexpr milliseconds kPatience{100};

  [[nodiscard]] std::uint64_t under_way() const {
    return sent_ - std::min(sent_, answered_ + lost_);
  }

  void step() {
    const std::uint64_t room = size_ - std::min(size_, under_way());
    // A whole batch at a time, as a window smaller than that allows.
    const std::uint64_t batch = std::min<std::uint64_t>(Sender::kBatch, size_);
    if (room >= batch) sent_ += sender_.send(static_cast<unsigned>(batch));
    const unsigned came = answers_.count(kMost);
    answered_ += came;
    const auto now = Clock::now();
    if (came > 0) heard_ = now;
    if (now - heard_ > kPatience) {
      lost_ += under_way();
      heard_ = now;
    }
  }

  Sender sender_;
  Answers answers_;
  std::uint64_t size_;
  Clock::time_point begin_, heard_;
  std::uint64_t sent_ = 0, answered_ = 0, lost_ = 0;
};

// ---- round trips

double percentile_us(const std::vector<Clock::duration>& sorted, double share) {
  if (sorted.empty()) return 0;
  const auto at = static_cast<std::size_t>(share * as_number(sorted.size() - 1));
  return std::chrono::duration<double, std::micro>(sorted[at]).count();
}

class Probe {
 public:
  Probe(const Traffic& traffic, const RunOptions& options)
      : sender_(options.device, traffic, options.gateway), answers_(traffic, options) {}

  Figures run(double pace, double seconds) {
    const auto begin = Clock::now();
    const auto end = begin + in_seconds(seconds);
    auto next = begin;
    const auto gap = in_seconds(1 / pace);
    while (Clock::now() < end) {
      if (Clock::now() >= next) {
        send();
        next += gap;
      }
      receive();
    }
    const auto last = Clock::now() + kGrace;
    while (Clock::now() < last) receive();
    return figures();
  }

 private:
  void send() {
    const unsigned number = sender_.next_number();
    left_[number] = Clock::now();
    sent_ += sender_.send(1);
  }
  void receive() {
    answers_.take(1, [&](unsigned number) {
      if (left_[number] == Clock::time_point{}) return;
      round_trips_.push_back(Clock::now() - std::exchange(left_[number], {}));
    });
  }
  Figures figures() {
    std::ranges::sort(round_trips_);
    const double answered = as_number(round_trips_.size());
    Figures figures{{"sent", as_number(sent_)},
                    {"answered", answered},
                    {"loss", share_lost(as_number(sent_), answered)},
                    {"p50_us", percentile_us(round_trips_, 0.5)},
                    {"p90_us", percentile_us(round_trips_, 0.9)},
                    {"p99_us", percentile_us(round_trips_, 0.99)},
                    {"p99.9_us", percentile_us(round_trips_, 0.999)}};
    answers_.tell(figures);
    return figures;
  }

  Sender sender_;
  Answers answers_;
  std::array<Clock::time_point, Traffic::kNumbers> left_{};
  std::vector<Clock::duration> round_trips_;
  std::uint64_t sent_ = 0;
};

}  // namespace

Figures flood(const Traffic& traffic, const RunOptions& options) {
  constexpr unsigned kSample = 64;
  Sender sender{options.device, traffic, options.gateway};
  std::unique_ptr<Answers> answers;
  if (options.verify) answers = std::make_unique<Answers>(traffic, options, kSample);
  const auto counted = [&] { return device_statistic(options.answers, "rx_packets"); };

  const std::uint64_t before = counted();
  const auto begin = Clock::now();
  std::uint64_t sent = 0;
  const auto offered = [&] { return sent + sender.refused(); };
  for (double elapsed = 0; elapsed < options.seconds; elapsed = seconds_since(begin)) {
    const unsigned count = due(options.rate, elapsed, offered());
    if (count > 0) sent += sender.send(count);
    if (answers) answers->count(Sender::kBatch);
  }
  const double elapsed = seconds_since(begin);
  const double in_time = as_number(counted() - before);
  std::this_thread::sleep_for(kGrace);
  Figures figures{{"offered_pps", as_number(offered()) / elapsed},
                  {"answered_pps", in_time / elapsed},
                  {"loss", share_lost(as_number(offered()), as_number(counted() - before))}};
  if (answers) answers->tell(figures);
  return figures;
}

Figures keep_window(const Traffic& traffic, const RunOptions& options, std::uint64_t window) {
  return Window{traffic, options, window}.run(options.seconds);
}

Figures probe(const Traffic& traffic, const RunOptions& options, double pace) {
  return Probe{traffic, options}.run(pace, options.seconds);
}

}  // namespace hop::bench
