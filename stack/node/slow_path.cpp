// The control plane takes its time: ICMP messages that are made, but not ready.

#include <algorithm>
#include <new>

#include "stack/node/node.hpp"

namespace hop {

/// Messages in the order they were begun, each with when it is ready; none overtakes another. Any
/// number are made at a time: it is a delay, not a rate.
class Node::SlowPath final : public Application {
 public:
  SlowPath(const SlowPathPolicy& policy, const Random& random) : policy_(policy), random_(random) {}

  /// For messages that are begun from now on.
  void change(const SlowPathPolicy& policy) { policy_ = policy; }
  void add(Packet&& packet, const Hop& hop, Instant now) {
    last_ready_ = std::max(last_ready_, now + time());
    making_.push_back({.ready = last_ready_, .hop = hop, .packet = std::move(packet)});
  }
  [[nodiscard]] std::optional<Instant> next_deadline() const override {
    return sent_ == making_.size() ? std::nullopt : std::optional{making_[sent_].ready};
  }
  void act(Instant now, Node& node, Outbox& out) override {
    while (sent_ < making_.size() && making_[sent_].ready <= now) {
      Message& message = making_[sent_++];
      node.send_ready(std::move(message.packet), message.hop, now, out);
    }
    forget_sent();
  }
  void receive(const Delivery& /*delivery*/, Node& /*node*/, Outbox& /*out*/) override {}
  bool error(const ErrorDelivery& /*delivery*/, Node& /*node*/, Outbox& /*out*/) override {
    return false;  // nothing is bound to it
  }

 private:
  struct Message {
    Instant ready;
    Hop hop;
    Packet packet;
  };

  [[nodiscard]] Duration time() {
    if (policy_.jitter == Duration::zero()) return policy_.delay;
    const auto values = static_cast<std::uint64_t>(2 * policy_.jitter.count() + 1);
    return policy_.delay - policy_.jitter +
           Duration{static_cast<std::int64_t>(random_.next() % values)};
  }
  // Now and then, so that each message is moved once on average and the memory is kept.
  void forget_sent() {
    if (sent_ * 2 < making_.size()) return;
    making_.erase(making_.begin(), making_.begin() + static_cast<std::ptrdiff_t>(sent_));
    sent_ = 0;
  }

  SlowPathPolicy policy_;
  Random random_;
  std::vector<Message> making_;
  std::size_t sent_ = 0;  // of making_
  Instant last_ready_ = Instant::min();
};

void Node::build_slow_path() {
  if (slow_path_) return static_cast<SlowPath&>(*slow_path_).change(config_.icmp.slow_path);
  if (config_.icmp.slow_path.delay == Duration::zero()) return;
  slow_path_ = std::make_unique<SlowPath>(config_.icmp.slow_path, random_.split(4));
  start(*slow_path_);
}

// It takes its place in the queue when it is ready, not before.
SendResult Node::send_made(Packet&& packet, const Hop& hop, Instant now, Outbox& out) {
  if (!slow_path_) return send_out(std::move(packet), hop, now, out);
  static_cast<SlowPath&>(*slow_path_).add(std::move(packet), hop, now);
  return {};
}

void Node::send_ready(Packet&& packet, const Hop& hop, Instant now, Outbox& out) try {
  if (!send_out(std::move(packet), hop, now, out)) counters_.count_not_told(NotTold::queue_full);
} catch (const std::bad_alloc&) {
  counters_.count_not_told(NotTold::out_of_memory);
}

}  // namespace hop
