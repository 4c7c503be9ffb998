#include "stack/node/counters.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace hop {
namespace {

constexpr std::array<std::string_view, kActions> kActionNames{"forwarded", "delivered", "answered",
                                                              "held", "dropped"};

template <std::size_t kSize>
void add_all(std::array<std::uint64_t, kSize>& to, const std::array<std::uint64_t, kSize>& what) {
  std::ranges::transform(to, what, to.begin(), std::plus{});
}

}  // namespace

void CountsByType::make() { counts_ = std::make_unique<std::array<std::uint64_t, kTypes>>(); }

CountsByType& CountsByType::operator+=(const CountsByType& other) {
  if (!other.counts_) return *this;
  if (!counts_) make();
  add_all(*counts_, *other.counts_);
  return *this;
}

Counters& Counters::operator+=(const Counters& other) {
  add_all(actions_, other.actions_);
  add_all(drops_, other.drops_);
  add_all(not_told_, other.not_told_);
  add_all(mib_, other.mib_);
  icmp_in_ += other.icmp_in_;
  icmp_out_ += other.icmp_out_;
  return *this;
}

void Counters::count(Verdict verdict) {
  ++actions_[std::to_underlying(verdict.action)];
  if (verdict.action == Action::forwarded) add(Mib::ip_forw_datagrams);
  if (verdict.action != Action::dropped) return;
  ++drops_[std::to_underlying(verdict.why)];
  if (const Mib mib = row(verdict.why).mib; mib != Mib::no_counter) add(mib);
}

void Counters::count_forwarded(std::uint64_t packets) {
  actions_[std::to_underlying(Action::forwarded)] += packets;
  add(Mib::ip_in_receives, packets);
  add(Mib::ip_forw_datagrams, packets);
}

void Counters::count_icmp_in(IcmpType type) {
  add(Mib::icmp_in_msgs);
  icmp_in_.add(type);
}

void Counters::count_icmp_out(IcmpType type) {
  add(Mib::icmp_out_msgs);
  icmp_out_.add(type);
}

void Counters::count_not_told(NotTold why) {
  ++not_told_[std::to_underlying(why)];
  if (why == NotTold::rate_limited) add(Mib::icmp_out_rate_limited);
  if (why == NotTold::peer_limited) add(Mib::icmp_out_peer_limited);
  if (why == NotTold::no_way_back) add(Mib::icmp_out_errors);
}

std::vector<std::pair<std::string, std::uint64_t>> Counters::snapshot() const {
  std::vector<std::pair<std::string, std::uint64_t>> all;
  const auto put = [&all](std::string name, std::uint64_t value) {
    if (value != 0) all.emplace_back(std::move(name), value);
  };
  const auto put_all = [&put](const auto& values, auto name_of) {
    for (std::size_t i = 0; i < values.size(); ++i) put(name_of(i), values[i]);
  };
  put_all(actions_, [](std::size_t i) { return std::string{kActionNames[i]}; });
  put_all(drops_,
          [](std::size_t i) { return "drop." + std::string{name(static_cast<DropReason>(i))}; });
  put_all(not_told_,
          [](std::size_t i) { return "not-told." + std::string{name(static_cast<NotTold>(i))}; });
  put_all(mib_, [](std::size_t i) { return std::string{name(static_cast<Mib>(i))}; });
  const auto put_types = [&put](const CountsByType& counts, const std::string& name) {
    for (unsigned type = 0; type < CountsByType::kTypes; ++type) {
      put(name + std::to_string(type), counts.get(static_cast<IcmpType>(type)));
    }
  };
  put_types(icmp_in_, "IcmpMsgInType");
  put_types(icmp_out_, "IcmpMsgOutType");
  return all;
}

}  // namespace hop
