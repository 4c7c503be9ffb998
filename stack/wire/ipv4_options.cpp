#include "stack/wire/ipv4_options.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hop {
namespace {

constexpr std::array<std::pair<OptionType, std::string_view>, 11> kNames{{
    {OptionType::end_of_list, "end-of-list"},
    {OptionType::no_operation, "no-operation"},
    {OptionType::record_route, "record-route"},
    {OptionType::timestamp, "timestamp"},
    {OptionType::traceroute, "traceroute"},
    {OptionType::security, "security"},
    {OptionType::loose_source_route, "loose-source-route"},
    {OptionType::extended_security, "extended-security"},
    {OptionType::stream_id, "stream-id"},
    {OptionType::strict_source_route, "strict-source-route"},
    {OptionType::router_alert, "router-alert"},
}};

}  // namespace

std::string_view name(OptionType type) {
  const auto* const at = std::ranges::find(kNames, type, [](const auto& row) { return row.first; });
  return at == kNames.end() ? std::string_view{} : at->second;
}

std::optional<OptionType> option_type_of(std::string_view name) {
  const auto* const at =
      std::ranges::find(kNames, name, [](const auto& row) { return row.second; });
  if (at == kNames.end()) return std::nullopt;
  return at->first;
}

std::optional<OptionView> OptionReader::next() {
  while (at_ < header_.size() && !bad_offset_) {
    const auto type = static_cast<OptionType>(byte_at(header_, at_));
    const std::size_t offset = at_;
    if (type == OptionType::end_of_list) return std::nullopt;
    if (type == OptionType::no_operation) {
      ++at_;
      continue;
    }
    const std::size_t left = header_.size() - at_;
    const std::size_t length = left > 1 ? byte_at(header_, at_ + kOptionLengthOffset) : 0;
    if (length < 2 || length > left) {
      bad_offset_ = static_cast<std::uint8_t>(offset);
      return std::nullopt;
    }
    at_ += length;
    return OptionView{type, static_cast<std::uint8_t>(offset), header_.subspan(offset, length)};
  }
  return std::nullopt;
}

}  // namespace hop
