#pragma once
// What a node does about packets with options, by the type of the option (RFC 7126 section 3.1).

#include <bitset>
#include <cstdint>
#include <optional>

#include "stack/wire/ipv4_options.hpp"

namespace hop {

enum class OptionAction : std::uint8_t {
  process,  ///< as the RFCs say; an option that is not known is kept as it is
  ignore,   ///< forward the packet as if it did not have the option
  reject,   ///< discard it and tell its sender: communication administratively prohibited
  drop,     ///< discard it in silence
};

/// A set of option types.
using OptionTypes = std::bitset<256>;

/// An action for every type of option. By default options are processed, but for router alert
/// (RFC 7126 section 4.8.5: SHOULD by default be ignored; its length is checked all the same) and
/// traceroute (obsolete: RFC 6814).
class OptionPolicy {
 public:
  OptionPolicy();
  /// The same for all options.
  [[nodiscard]] static OptionPolicy all(OptionAction action);

  void set(OptionType type, OptionAction action);
  [[nodiscard]] OptionAction of(OptionType type) const;

  /// The options that are as if they were not there, in packets that only pass.
  [[nodiscard]] const OptionTypes& ignored() const { return ignored_; }
  /// The same in packets that are addressed to the node: record route and timestamp are honoured
  /// there (RFC 1812 sections 5.3.13.5 and 5.3.13.6).
  [[nodiscard]] OptionTypes ignored_here() const;
  /// What the first option that is not let through asks for: reject or drop.
  [[nodiscard]] std::optional<OptionAction> refusal(const Ipv4HeaderView& header) const;

 private:
  bool heeds_alerts_ = false;
  OptionTypes ignored_;
  OptionTypes rejected_;
  OptionTypes dropped_;
};

/// Has the header an option of this type?
[[nodiscard]] bool has_option(const Ipv4HeaderView& header, OptionType type);

}  // namespace hop
