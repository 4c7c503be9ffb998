#pragma once
// The counters of a node.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "stack/icmp/veto.hpp"
#include "stack/node/verdict.hpp"
#include "stack/wire/icmp_numbers.hpp"

namespace hop {

/// Counts ICMP messages by type. The numbers are there from the first message on: most nodes of a
/// large network never see one.
class CountsByType {
 public:
  static constexpr std::size_t kTypes = 256;

  void add(IcmpType type) {
    if (!counts_) make();
    ++(*counts_)[std::to_underlying(type)];
  }
  [[nodiscard]] std::uint64_t get(IcmpType type) const {
    return counts_ ? (*counts_)[std::to_underlying(type)] : 0;
  }
  CountsByType& operator+=(const CountsByType& other);

 private:
  [[gnu::cold, gnu::noinline]] void make();

  std::unique_ptr<std::array<std::uint64_t, kTypes>> counts_;
};

/// Counts verdicts once each, the standard counters they stand for, and ICMP by type. The law:
/// received() = forwarded + delivered + answered + held + the sum of drops.
class Counters {
 public:
  /// A packet came. Its verdict follows with count().
  void count_received() { add(Mib::ip_in_receives); }
  void count(Verdict verdict);
  /// So many packets came, and all were forwarded.
  void count_forwarded(std::uint64_t packets);
  void count_icmp_in(IcmpType type);
  void count_icmp_out(IcmpType type);
  void count_not_told(NotTold why);
  void add(Mib counter, std::uint64_t n = 1) { mib_[std::to_underlying(counter)] += n; }

  /// Counts what another node has counted as well.
  Counters& operator+=(const Counters& other);

  [[nodiscard]] std::uint64_t received() const { return get(Mib::ip_in_receives); }
  [[nodiscard]] std::uint64_t get(Action action) const {
    return actions_[std::to_underlying(action)];
  }
  [[nodiscard]] std::uint64_t get(DropReason why) const { return drops_[std::to_underlying(why)]; }
  [[nodiscard]] std::uint64_t get(NotTold why) const { return not_told_[std::to_underlying(why)]; }
  [[nodiscard]] std::uint64_t get(Mib counter) const { return mib_[std::to_underlying(counter)]; }
  [[nodiscard]] std::uint64_t icmp_in(IcmpType type) const { return icmp_in_.get(type); }
  [[nodiscard]] std::uint64_t icmp_out(IcmpType type) const { return icmp_out_.get(type); }

  /// Every counter that is not zero, by name: "forwarded", "drop.ttl-expired",
  /// "not-told.rate-limited", "IpForwDatagrams", "IcmpMsgOutType11".
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> snapshot() const;

 private:
  std::array<std::uint64_t, kActions> actions_{};
  std::array<std::uint64_t, std::to_underlying(DropReason::count_)> drops_{};
  std::array<std::uint64_t, std::to_underlying(NotTold::count_)> not_told_{};
  std::array<std::uint64_t, std::to_underlying(Mib::counters_)> mib_{};
  CountsByType icmp_in_;
  CountsByType icmp_out_;
};

}  // namespace hop
