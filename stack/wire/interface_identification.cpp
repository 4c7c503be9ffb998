#include "stack/wire/interface_identification.hpp"

#include <algorithm>
#include <utility>

namespace hop {
namespace {

constexpr std::size_t kWord = 4;
// C-Type, RFC 8335 section 2.1.
constexpr std::uint8_t kByName = 1;
constexpr std::uint8_t kByIndex = 2;
constexpr std::uint8_t kByAddress = 3;
constexpr std::size_t kAddressLengthOffset = 2;
constexpr std::size_t kAddressHeader = 4;  // family, length, reserved
constexpr std::size_t kIpv4Size = 4;
constexpr std::size_t kIpv6Size = 16;
constexpr std::size_t kMac48Size = 6;

// Families that have no length of their own here are taken as they are.
bool length_fits(AddressFamily family, std::size_t length) noexcept {
  if (family == AddressFamily::ipv4) return length == kIpv4Size;
  if (family == AddressFamily::ipv6) return length == kIpv6Size;
  if (family == AddressFamily::mac48) return length == kMac48Size;
  return length > 0;
}

std::optional<InterfaceIdentification> identify_by_name(Bytes payload) noexcept {
  const std::string_view name = unpadded_name(payload);
  if (name.empty() || name.contains('\0')) return std::nullopt;
  return InterfaceByName{name};
}

std::optional<InterfaceIdentification> identify_by_index(Bytes payload) noexcept {
  if (payload.size() != kWord) return std::nullopt;
  return InterfaceByIndex{load_be<std::uint32_t>(payload, 0)};
}

std::optional<InterfaceIdentification> identify_by_address(Bytes payload) noexcept {
  if (payload.size() < kAddressHeader) return std::nullopt;
  const auto family = static_cast<AddressFamily>(load_be<std::uint16_t>(payload, 0));
  const std::size_t length = byte_at(payload, kAddressLengthOffset);
  if (payload.size() != kAddressHeader + padded_to_words(length)) return std::nullopt;
  if (!length_fits(family, length)) return std::nullopt;
  return InterfaceByAddress{family, payload.subspan(kAddressHeader, length)};
}

// Each writes an object; false if there is no room for it.
class Write {
 public:
  explicit Write(ExtensionWriter& writer) noexcept : writer_(writer) {}

  bool operator()(const InterfaceByName& by) const noexcept {
    const auto payload = add(kByName, padded_to_words(by.name.size()));
    if (payload) copy_bytes(std::as_bytes(std::span{by.name}), *payload);
    return payload.has_value();
  }
  bool operator()(const InterfaceByIndex& by) const noexcept {
    const auto payload = add(kByIndex, kWord);
    if (payload) store_be(*payload, 0, by.index);
    return payload.has_value();
  }
  bool operator()(const InterfaceByAddress& by) const noexcept {
    const auto payload = add(kByAddress, kAddressHeader + padded_to_words(by.address.size()));
    if (!payload) return false;
    store_be(*payload, 0, std::to_underlying(by.family));
    store_be(*payload, kAddressLengthOffset, static_cast<std::uint8_t>(by.address.size()));
    copy_bytes(by.address, payload->subspan(kAddressHeader));
    return true;
  }

 private:
  // Filled with zeros, which pad what is written.
  [[nodiscard]] std::optional<MutBytes> add(std::uint8_t c_type, std::size_t size) const noexcept {
    const auto payload = writer_.add(ExtensionClass::interface_identification, c_type, size);
    if (payload) std::ranges::fill(*payload, std::byte{0});
    return payload;
  }

  ExtensionWriter& writer_;
};

}  // namespace

bool write_interface_identification(ExtensionWriter& writer,
                                    const InterfaceIdentification& what) noexcept {
  return std::visit(Write{writer}, what);
}

std::optional<InterfaceIdentification> read_interface_identification(
    const ExtensionObject& object) noexcept {
  if (object.number != ExtensionClass::interface_identification) return std::nullopt;
  if (object.c_type == kByName) return identify_by_name(object.payload);
  if (object.c_type == kByIndex) return identify_by_index(object.payload);
  if (object.c_type == kByAddress) return identify_by_address(object.payload);
  return std::nullopt;
}

}  // namespace hop
