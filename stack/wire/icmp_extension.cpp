#include "stack/wire/icmp_extension.hpp"

#include <utility>

#include "stack/base/checksum.hpp"

namespace hop {
namespace {

constexpr std::uint16_t kVersion2 = 2U << 12U;  // and 12 reserved bits
constexpr std::uint16_t kVersionMask = 0xf000;
constexpr std::size_t kChecksumOffset = 2;
constexpr std::size_t kClassOffset = 2;
constexpr std::size_t kTypeOffset = 3;

bool header_is_right(Bytes structure, ExtensionView::Checksum checksum) noexcept {
  if ((load_be<std::uint16_t>(structure, 0) & kVersionMask) != kVersion2) return false;
  if (load_be<std::uint16_t>(structure, kChecksumOffset) == 0) {
    return checksum == ExtensionView::Checksum::optional;
  }
  return has_right_checksum(structure);  // RFC 4884 section 9: must be verified
}

// The object at the front has its header, whole words (RFC 4884 section 8), and ends within `left`.
bool object_is_whole(Bytes left) noexcept {
  if (left.size() < kObjectHeader) return false;
  const auto length = load_be<std::uint16_t>(left, 0);
  return length >= kObjectHeader && length % 4 == 0 && length <= left.size();
}

}  // namespace

std::optional<ExtensionView> ExtensionView::parse(Bytes structure, Checksum checksum) noexcept {
  if (structure.size() < kExtensionHeader + kObjectHeader) return std::nullopt;
  if (!header_is_right(structure, checksum)) return std::nullopt;
  for (Bytes left = structure.subspan(kExtensionHeader); !left.empty();
       left = left.subspan(load_be<std::uint16_t>(left, 0))) {
    if (!object_is_whole(left)) return std::nullopt;
  }
  return ExtensionView{structure};
}

ExtensionObject ExtensionView::Iterator::operator*() const noexcept {
  const Bytes object = left_.first(load_be<std::uint16_t>(left_, 0));
  return {.number = static_cast<ExtensionClass>(byte_at(object, kClassOffset)),
          .c_type = byte_at(object, kTypeOffset),
          .payload = object.subspan(kObjectHeader)};
}

ExtensionView::Iterator& ExtensionView::Iterator::operator++() noexcept {
  left_ = left_.subspan(load_be<std::uint16_t>(left_, 0));
  return *this;
}

std::optional<MutBytes> ExtensionWriter::add(ExtensionClass number, std::uint8_t c_type,
                                             std::size_t size) noexcept {
  const std::size_t length = kObjectHeader + size;
  if (size_ + length > into_.size()) return std::nullopt;
  const MutBytes object = into_.subspan(size_, length);
  store_be(object, 0, static_cast<std::uint16_t>(length));
  store_be(object, kClassOffset, std::to_underlying(number));
  store_be(object, kTypeOffset, c_type);
  size_ += length;
  return object.subspan(kObjectHeader);
}

Bytes ExtensionWriter::finish() noexcept {
  if (size_ == kExtensionHeader) return {};
  const MutBytes structure = into_.first(size_);
  store_be(structure, 0, kVersion2);
  store_be<std::uint16_t>(structure, kChecksumOffset, 0);
  // The other form of zero, since zero says that there is no checksum.
  const std::uint16_t checksum = internet_checksum(structure);
  store_be<std::uint16_t>(structure, kChecksumOffset, checksum == 0 ? 0xffff : checksum);
  return structure;
}

}  // namespace hop
