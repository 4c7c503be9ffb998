#include "stack/wire/mpls.hpp"

namespace hop {

void write_label(const MplsLabel& entry, MutBytes into) noexcept {
  const std::uint32_t bottom = entry.bottom ? 1U : 0U;
  store_be<std::uint32_t>(
      into, 0,
      (entry.label << 12U) | ((entry.traffic_class & 7U) << 9U) | (bottom << 8U) | entry.ttl);
}

MplsLabel read_label(Bytes from) noexcept {
  const auto word = load_be<std::uint32_t>(from, 0);
  return {.label = word >> 12U,
          .traffic_class = static_cast<std::uint8_t>((word >> 9U) & 7U),
          .bottom = ((word >> 8U) & 1U) != 0,
          .ttl = static_cast<std::uint8_t>(word)};
}

std::optional<LabelStack> LabelStack::parse(Bytes bytes) noexcept {
  const std::size_t depth = bytes.size() / kLabelEntry;
  if (depth == 0 || depth > kMaxLabels || bytes.size() % kLabelEntry != 0) return std::nullopt;
  LabelStack stack;
  for (std::size_t i = 0; i < depth; ++i) {
    stack.entries_[i] = read_label(bytes.subspan(i * kLabelEntry, kLabelEntry));
    const bool is_last = i + 1 == depth;
    if (stack.entries_[i].bottom != is_last) return std::nullopt;
  }
  stack.depth_ = depth;
  return stack;
}

}  // namespace hop
