#pragma once
// Random lists of IPv4 options.

#include "stack/base/random.hpp"
#include "tests/stack/oracle/option_model.hpp"

namespace hop::oracle {

class OptionSource {
 public:
  explicit OptionSource(Random& random) : random_(random) {}

  /// Options that are right, each at most once, in random order; at most 40 bytes, padded.
  OptionBytes right() {
    OptionBytes list;
    for (std::uint32_t i = below(5); i > 0; --i) {
      const OptionBytes option = one();
      if (list.size() + option.size() > 40 || has(list, option[0])) continue;
      list.insert(list.end(), option.begin(), option.end());
      while (list.size() < 40 && below(4) == 0) list.push_back(1);
    }
    if (!list.empty() && list.size() % 4 != 0 && below(2) == 0) list.push_back(0);
    while (list.size() % 4 != 0) list.push_back(static_cast<std::uint8_t>(ends(list) ? byte() : 0));
    return list;
  }

  /// The same with a few bytes changed, a second copy of an option, or cut short.
  OptionBytes perhaps_wrong() {
    OptionBytes list = right();
    if (below(3) == 0) {
      const OptionBytes more = right();
      list.insert(list.end(), more.begin(), more.end());
      list.resize(std::min<std::size_t>(list.size(), 40));
    }
    if (list.empty()) list.resize(4 * (1 + below(10)), 1);
    for (std::uint32_t i = below(4); i > 0; --i) {
      list[below(static_cast<std::uint32_t>(list.size()))] = below(2) == 0 ? small() : byte();
    }
    return list;
  }

 private:
  std::uint32_t below(std::uint32_t bound) { return random_.below(bound); }
  std::uint8_t byte() { return static_cast<std::uint8_t>(below(256)); }
  std::uint8_t small() { return static_cast<std::uint8_t>(below(16)); }

  static bool ends(const OptionBytes& list) {
    const auto read = read_list(list);
    std::size_t end = 0;
    for (const auto& [offset, option] : read.options) {
      end = static_cast<std::size_t>(offset) - kHeader + option.size();
    }
    for (; end < list.size(); ++end) {
      if (list[end] == 0) return true;
    }
    return false;
  }
  static bool has(const OptionBytes& list, int type) {
    for (const auto& [offset, option] : read_list(list).options) {
      if (option[0] == type) return true;
    }
    return false;
  }

  OptionBytes filled(std::uint8_t type, std::size_t length) {
    OptionBytes option(length);
    for (std::uint8_t& value : option) value = byte();
    option[0] = type;
    option[1] = static_cast<std::uint8_t>(length);
    return option;
  }

  // A pointer to one of the slots, or behind the last.
  OptionBytes slots(std::uint8_t type, std::size_t head, std::size_t slot) {
    const std::uint32_t count = below(static_cast<std::uint32_t>((40 - head) / slot) + 1);
    OptionBytes option = filled(type, head + count * slot);
    option[2] = static_cast<std::uint8_t>(head + 1 + slot * below(count + 1));
    return option;
  }

  OptionBytes timestamp() {
    constexpr std::uint8_t kFlags[] = {0, 1, 3};
    const std::uint8_t flag = kFlags[below(3)];
    OptionBytes option = slots(kTimestamp, 4, flag == 0 ? 4 : 8);
    option[3] = static_cast<std::uint8_t>(below(15) * 16 + flag);
    const std::size_t at = option[2] - 1U;
    // Half of the prespecified addresses are 10.0.1.1, 10.0.2.1 or 10.0.3.1: the router's.
    if (flag == 3 && at < option.size() && below(2) == 0) {
      put(option, at, 0x0a000001U + ((1 + below(3)) << 8U));
    }
    return option;
  }

  OptionBytes one() {
    constexpr std::uint8_t kOthers[] = {130, 133, 136, 82, 25, 94, 158, 222};
    switch (below(5)) {
      case 0:
        return slots(kRecordRoute, 3, 4);
      case 1:
        return timestamp();
      case 2:
        return slots(kLoose, 3, 4);
      case 3:
        return {kAlert, 4, byte(), byte()};
      default:
        return filled(kOthers[below(8)], 2 + below(12));
    }
  }

  Random& random_;
};

}  // namespace hop::oracle
