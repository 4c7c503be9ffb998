#pragma once
// What becomes of fragments, in the plainest way: a map of bytes for each datagram, after RFC 791
// section 3.2 and RFC 815, with hop's rules for what they leave open (stack/CONFORMANCE.md, rows 97
// to 108).

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "stack/ip/reassembly.hpp"

namespace hop::oracle {

/// A fragment as the model sees it.
struct Fragment {
  std::uint16_t id;  ///< of the datagram; nothing else tells them apart here
  std::size_t begin;
  std::vector<std::byte> payload;
  bool more;

  [[nodiscard]] std::size_t end() const { return begin + payload.size(); }
  friend bool operator==(const Fragment&, const Fragment&) = default;
};

struct Outcome {
  std::string what;                ///< "held", "whole" or the name of a drop reason
  std::vector<std::byte> payload;  ///< of the whole datagram
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

class ReassemblyModel {
 public:
  explicit ReassemblyModel(const ReassemblyPolicy& policy) : policy_(policy) {}

  Outcome add(const Fragment& fragment, Instant now) {
    if (fragment.payload.empty() || (fragment.more && fragment.payload.size() % 8 != 0)) {
      return {"fragment-bad-length", {}};
    }
    if (20 + fragment.end() > 65535) return {"fragment-beyond-maximum", {}};
    const auto [at, is_new] = datagrams_.try_emplace(fragment.id);
    if (is_new) at->second.deadline = now + policy_.timeout;
    const Outcome outcome = insert(at->second, fragment);
    if (outcome.what == "whole") datagrams_.erase(at);
    return outcome;
  }

  /// How many datagrams end now, and how many of them had their first fragment.
  std::pair<int, int> expire(Instant now) {
    std::pair<int, int> ended;
    for (auto at = datagrams_.begin(); at != datagrams_.end();) {
      if (at->second.deadline > now) {
        ++at;
        continue;
      }
      ++ended.first;
      if (at->second.given_up.empty() && at->second.bytes.contains(0)) ++ended.second;
      at = datagrams_.erase(at);
    }
    return ended;
  }

 private:
  struct Datagram {
    Instant deadline{};
    std::map<std::size_t, std::byte> bytes;
    std::vector<Fragment> fragments;  // taken so far, without duplicates
    std::optional<std::size_t> end;
    std::string given_up;  // why
  };

  Outcome insert(Datagram& datagram, const Fragment& fragment) {
    if (!datagram.given_up.empty()) return {datagram.given_up, {}};
    if (contradicts_the_end(datagram, fragment)) return give_up(datagram, "fragment-beyond-end");
    if (is_duplicate(datagram, fragment)) return {"held", {}};
    if (policy_.overlap == OverlapPolicy::drop && overlaps(datagram, fragment)) {
      return give_up(datagram, "fragment-overlap");
    }
    if (datagram.fragments.size() == policy_.limits.fragments) {
      return give_up(datagram, "fragment-too-many");
    }
    datagram.fragments.push_back(fragment);
    if (!fragment.more) datagram.end = fragment.end();
    for (std::size_t i = 0; i < fragment.payload.size(); ++i) {
      const auto [at, is_new] = datagram.bytes.try_emplace(fragment.begin + i, fragment.payload[i]);
      if (!is_new && policy_.overlap == OverlapPolicy::last) at->second = fragment.payload[i];
    }
    if (!datagram.end || datagram.bytes.size() != *datagram.end) return {"held", {}};
    Outcome whole{"whole", {}};
    for (const auto& [at, byte] : datagram.bytes) whole.payload.push_back(byte);
    return whole;
  }

  static Outcome give_up(Datagram& datagram, std::string why) {
    datagram.given_up = std::move(why);
    return {datagram.given_up, {}};
  }

  static bool contradicts_the_end(const Datagram& datagram, const Fragment& fragment) {
    if (datagram.end && fragment.end() > *datagram.end) return true;
    if (fragment.more) return false;
    const bool behind = !datagram.bytes.empty() && datagram.bytes.rbegin()->first >= fragment.end();
    return behind || (datagram.end && *datagram.end != fragment.end());
  }

  // Bytes that are all there already; and where overlaps are an error, that came in one fragment.
  [[nodiscard]] bool is_duplicate(const Datagram& datagram, const Fragment& fragment) const {
    const auto same = [&](const Fragment& before) {
      return before.begin == fragment.begin && before.payload == fragment.payload;
    };
    if (policy_.overlap == OverlapPolicy::drop) {
      return std::ranges::any_of(datagram.fragments, same);
    }
    for (std::size_t i = 0; i < fragment.payload.size(); ++i) {
      const auto at = datagram.bytes.find(fragment.begin + i);
      if (at == datagram.bytes.end() || at->second != fragment.payload[i]) return false;
    }
    return true;
  }

  static bool overlaps(const Datagram& datagram, const Fragment& fragment) {
    const auto at = datagram.bytes.lower_bound(fragment.begin);
    return at != datagram.bytes.end() && at->first < fragment.end();
  }

  ReassemblyPolicy policy_;
  std::map<std::uint16_t, Datagram> datagrams_;
};

}  // namespace hop::oracle
