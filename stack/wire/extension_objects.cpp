#include "stack/wire/extension_objects.hpp"

#include <algorithm>
#include <utility>

namespace hop {
namespace {

constexpr std::size_t kWord = 4;

constexpr std::uint8_t kIncomingLabelStack = 1;

// C-Type of interface information, RFC 5837 section 4.1; its bit 0 is the highest.
constexpr unsigned kRoleShift = 6;
constexpr std::uint8_t kHasIndex = 0x08;
constexpr std::uint8_t kHasAddress = 0x04;
constexpr std::uint8_t kHasName = 0x02;
constexpr std::uint8_t kHasMtu = 0x01;

constexpr std::size_t kAddressHeader = 4;  // family, then reserved bytes or a length
constexpr std::size_t kIpv4Size = 4;
constexpr std::size_t kIpv6Size = 16;
constexpr std::size_t kMaxNameObject = 64;

// Takes parts off the front of a payload, or puts them there.
template <class Span>
class Cursor {
 public:
  explicit Cursor(Span bytes) noexcept : left_(bytes) {}
  [[nodiscard]] bool has(std::size_t size) const noexcept { return size <= left_.size(); }
  [[nodiscard]] std::size_t peek_length() const noexcept { return byte_at(left_, 0); }
  Span take(std::size_t size) noexcept {
    const Span part = left_.first(size);
    left_ = left_.subspan(size);
    return part;
  }

 private:
  Span left_;
};

void put_word(Cursor<MutBytes>& to, std::uint32_t value) noexcept {
  store_be(to.take(kWord), 0, value);
}

void put_address(Cursor<MutBytes>& to, Ipv4Address address) noexcept {
  put_word(to, std::uint32_t{std::to_underlying(AddressFamily::ipv4)} << 16U);
  put_word(to, address.value);
}

// The length byte, the name, and NULs up to a whole word (RFC 5837 section 4.3).
void put_name(Cursor<MutBytes>& to, std::string_view name) noexcept {
  const MutBytes object = to.take(padded_to_words(1 + name.size()));
  std::ranges::fill(object, std::byte{0});
  store_be(object, 0, static_cast<std::uint8_t>(object.size()));
  copy_bytes(std::as_bytes(std::span{name}), object.subspan(1));
}

bool get_word(Cursor<Bytes>& from, std::optional<std::uint32_t>& into) noexcept {
  if (!from.has(kWord)) return false;
  into = load_be<std::uint32_t>(from.take(kWord), 0);
  return true;
}

bool get_address(Cursor<Bytes>& from, InterfaceInformation& into) noexcept {
  if (!from.has(kAddressHeader)) return false;
  const auto family =
      static_cast<AddressFamily>(load_be<std::uint16_t>(from.take(kAddressHeader), 0));
  if (family == AddressFamily::ipv4 && from.has(kIpv4Size)) {
    into.address = Ipv4Address{load_be<std::uint32_t>(from.take(kIpv4Size), 0)};
    return true;
  }
  if (family != AddressFamily::ipv6 || !from.has(kIpv6Size)) return false;
  into.ipv6_address = from.take(kIpv6Size);
  return true;
}

bool get_name(Cursor<Bytes>& from, std::string_view& into) noexcept {
  if (!from.has(1)) return false;
  const std::size_t length = from.peek_length();
  if (length < kWord || length > kMaxNameObject || length % kWord != 0 || !from.has(length)) {
    return false;
  }
  into = unpadded_name(from.take(length).subspan(1));
  return true;
}

std::size_t size_of(const InterfaceInformation& what, std::string_view name) noexcept {
  return (what.index ? kWord : 0) + (what.address ? kAddressHeader + kIpv4Size : 0) +
         (name.empty() ? 0 : padded_to_words(1 + name.size())) + (what.mtu ? kWord : 0);
}

std::uint8_t c_type_of(const InterfaceInformation& what) noexcept {
  const unsigned role = unsigned{std::to_underlying(what.role)} << kRoleShift;
  return static_cast<std::uint8_t>(role | (what.index ? kHasIndex : 0U) |
                                   (what.address ? kHasAddress : 0U) |
                                   (what.name.empty() ? 0U : kHasName) | (what.mtu ? kHasMtu : 0U));
}

}  // namespace

std::string_view unpadded_name(Bytes padded) noexcept {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes that are text
  const std::string_view text{reinterpret_cast<const char*>(padded.data()), padded.size()};
  return text.substr(0, text.find_last_not_of('\0') + 1);
}

bool write_label_stack(ExtensionWriter& writer, std::span<const MplsLabel> stack) noexcept {
  const auto payload =
      writer.add(ExtensionClass::mpls_label_stack, kIncomingLabelStack, stack.size() * kWord);
  if (!payload) return false;
  Cursor<MutBytes> to{*payload};
  for (MplsLabel entry : stack) {
    entry.bottom = !to.has(2 * kWord);
    write_label(entry, to.take(kWord));
  }
  return true;
}

std::optional<MplsLabel> label_at(const ExtensionObject& object, std::size_t at) noexcept {
  const bool is_stack =
      object.number == ExtensionClass::mpls_label_stack && object.c_type == kIncomingLabelStack;
  if (!is_stack || at >= object.payload.size() / kWord) return std::nullopt;
  return read_label(object.payload.subspan(at * kWord, kWord));
}

bool write_interface_information(ExtensionWriter& writer,
                                 const InterfaceInformation& what) noexcept {
  const std::string_view name = what.name.substr(0, kMaxInterfaceName);
  const auto payload =
      writer.add(ExtensionClass::interface_information, c_type_of(what), size_of(what, name));
  if (!payload) return false;
  Cursor<MutBytes> to{*payload};  // in this order: RFC 5837 section 4.1
  if (what.index) put_word(to, *what.index);
  if (what.address) put_address(to, *what.address);
  if (!name.empty()) put_name(to, name);
  if (what.mtu) put_word(to, *what.mtu);
  return true;
}

std::optional<InterfaceInformation> read_interface_information(
    const ExtensionObject& object) noexcept {
  if (object.number != ExtensionClass::interface_information) return std::nullopt;
  const auto has = [&object](std::uint8_t part) { return (object.c_type & part) != 0; };
  InterfaceInformation what{.role = static_cast<InterfaceRole>(object.c_type >> kRoleShift)};
  Cursor<Bytes> from{object.payload};
  const bool fits = (!has(kHasIndex) || get_word(from, what.index)) &&
                    (!has(kHasAddress) || get_address(from, what)) &&
                    (!has(kHasName) || get_name(from, what.name)) &&
                    (!has(kHasMtu) || get_word(from, what.mtu));
  return fits ? std::optional{what} : std::nullopt;
}

bool repeats_interface_role(const ExtensionView& extension) noexcept {
  unsigned seen = 0;
  for (const ExtensionObject& object : extension) {
    if (object.number != ExtensionClass::interface_information) continue;
    const unsigned role = 1U << (unsigned{object.c_type} >> kRoleShift);
    if ((seen & role) != 0) return true;
    seen |= role;
  }
  return false;
}

}  // namespace hop
