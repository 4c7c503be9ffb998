#include "stack/wire/ipv4_options.hpp"

namespace hop {

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
