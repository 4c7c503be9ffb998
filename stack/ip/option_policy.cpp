#include "stack/ip/option_policy.hpp"

#include <utility>

namespace hop {

OptionPolicy::OptionPolicy() { set(OptionType::traceroute, OptionAction::ignore); }

OptionPolicy OptionPolicy::all(OptionAction action) {
  OptionPolicy policy;
  for (unsigned type = 0; type < 256; ++type) policy.set(static_cast<OptionType>(type), action);
  return policy;
}

void OptionPolicy::set(OptionType type, OptionAction action) {
  const auto at = std::to_underlying(type);
  ignored_[at] = action == OptionAction::ignore;
  rejected_[at] = action == OptionAction::reject;
  dropped_[at] = action == OptionAction::drop;
  if (type == OptionType::router_alert) heeds_alerts_ = action == OptionAction::process;
}

OptionAction OptionPolicy::of(OptionType type) const {
  const auto at = std::to_underlying(type);
  if (ignored_[at]) return OptionAction::ignore;
  if (rejected_[at]) return OptionAction::reject;
  if (dropped_[at]) return OptionAction::drop;
  const bool unheeded = type == OptionType::router_alert && !heeds_alerts_;
  return unheeded ? OptionAction::ignore : OptionAction::process;
}

OptionTypes OptionPolicy::ignored_here() const {
  OptionTypes types = ignored_;
  types.reset(std::to_underlying(OptionType::record_route));
  types.reset(std::to_underlying(OptionType::timestamp));
  return types;
}

std::optional<OptionAction> OptionPolicy::refusal(const Ipv4HeaderView& header) const {
  if (rejected_.none() && dropped_.none()) return std::nullopt;
  OptionReader reader{header};
  while (const auto option = reader.next()) {
    const OptionAction action = of(option->type);
    if (action == OptionAction::reject || action == OptionAction::drop) return action;
  }
  return std::nullopt;
}

bool has_option(const Ipv4HeaderView& header, OptionType type) {
  OptionReader reader{header};
  while (const auto option = reader.next()) {
    if (option->type == type) return true;
  }
  return false;
}

}  // namespace hop
