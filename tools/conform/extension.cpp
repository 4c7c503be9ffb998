#include "tools/conform/extension.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hop::conform {

namespace {

constexpr std::size_t kHeader = 4;  // of a structure, and of an object
constexpr unsigned kVersion = 2;
constexpr std::size_t kLongestName = 64;  // with its length byte

/// Takes the parts of an interface information object in their order.
class Parts {
 public:
  Parts(View data, InterfaceTold& told) : rest_(data), told_(told) {}

  bool fails() const { return !told_.fault.empty(); }
  std::size_t left() const { return rest_.size(); }

  std::uint32_t number(const char* what) {
    const View taken = take(4, what);
    return fails() ? 0 : u32_at(taken, 0);
  }

  Address address() {
    const View taken = take(8, "address");
    if (fails()) return {};
    // Section 4.2: about an IPv4 datagram only IPv4 addresses, and reserved bytes are zero.
    if (u16_at(taken, 0) != 1) told_.fault = fmt::format("its AFI is {}", u16_at(taken, 0));
    if (u16_at(taken, 2) != 0) told_.fault = "reserved bytes of its address are not zero";
    return {u32_at(taken, 4)};
  }

  // Section 4.3: the length counts itself, and the padding.
  std::string name() {
    const std::size_t length = rest_.empty() ? 0 : rest_[0];
    if (length == 0 || length % 4 != 0 || length > kLongestName) {
      told_.fault = fmt::format("the length of its name is {}", length);
      return {};
    }
    const View taken = take(length, "name");
    if (fails()) return {};
    const std::string text(taken.begin() + 1, taken.end());
    const std::string name = text.substr(0, text.find('\0'));
    const auto padding = text.substr(name.size());
    if (padding.find_first_not_of('\0') != std::string::npos || padding.size() > 3) {
      told_.fault = "its name is not padded with zeros to the next multiple of four";
    }
    return name;
  }

 private:
  View take(std::size_t size, const char* what) {
    if (rest_.size() < size) {
      told_.fault = fmt::format("there is no room for its {}", what);
      return {};
    }
    const View taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  View rest_;
  InterfaceTold& told_;
};

}  // namespace

Extended Extended::of(const Parsed& error) {
  const View data = error.icmp_data();
  const std::size_t length = std::size_t{error.payload[5]} * 4;
  if (length == 0 || length > data.size()) return {data, {}};
  return {data.first(length), data.subspan(length)};
}

std::string fault_of_structure(View structure) {
  if (structure.size() < kHeader) return "there is no extension structure";
  const unsigned version = structure[0] >> 4U;
  if (version != kVersion) return fmt::format("its version is {}", version);
  if ((structure[0] & 0x0fU) != 0 || structure[1] != 0) return "its reserved bits are not zero";
  // Section 7: zero means that none was transmitted.
  const bool has_checksum = u16_at(structure, 2) != 0;
  if (has_checksum && checksum(structure) != 0) return "its checksum is wrong";
  if (structure.size() == kHeader) return "it has no objects";
  for (View rest = structure.subspan(kHeader); !rest.empty();) {
    const std::size_t length = rest.size() < kHeader ? 0 : u16_at(rest, 0);
    if (length < kHeader || length % 4 != 0 || length > rest.size()) {
      return fmt::format("an object has length {} of {} bytes", length, rest.size());
    }
    rest = rest.subspan(length);
  }
  return {};
}

std::vector<ExtensionObject> objects_of(View structure) {
  std::vector<ExtensionObject> objects;
  for (View rest = structure.subspan(kHeader); !rest.empty();) {
    const std::size_t length = u16_at(rest, 0);
    objects.push_back({rest[2], rest[3], rest.subspan(kHeader, length - kHeader)});
    rest = rest.subspan(length);
  }
  return objects;
}

// RFC 5837 sections 4.1 to 4.3.
InterfaceTold InterfaceTold::read(const ExtensionObject& object) {
  constexpr unsigned kReserved = 0x30, kIndex = 8, kAddress = 4, kName = 2, kMtu = 1;
  InterfaceTold told{.role = object.type >> 6U};
  if ((object.type & kReserved) != 0) told.fault = "reserved bits of its C-Type are not zero";
  Parts parts(object.data, told);
  if (!parts.fails() && (object.type & kIndex) != 0) told.index = parts.number("index");
  if (!parts.fails() && (object.type & kAddress) != 0) told.address = parts.address();
  if (!parts.fails() && (object.type & kName) != 0) told.name = parts.name();
  if (!parts.fails() && (object.type & kMtu) != 0) told.mtu = parts.number("MTU");
  if (!parts.fails() && parts.left() != 0) {
    told.fault = fmt::format("{} bytes of it mean nothing", parts.left());
  }
  return told;
}

std::vector<InterfaceTold> interfaces_told(const Parsed& error) {
  const View structure = Extended::of(error).structure;
  std::vector<InterfaceTold> all;
  if (!fault_of_structure(structure).empty()) return all;
  for (const ExtensionObject& object : objects_of(structure)) {
    if (object.number == kInterfaceInformation) all.push_back(InterfaceTold::read(object));
  }
  return all;
}

Octets extension_object(unsigned number, unsigned type, const Octets& data) {
  Octets object(kHeader);
  put_u16(object, 0, static_cast<unsigned>(kHeader + data.size()));
  object[2] = static_cast<std::uint8_t>(number);
  object[3] = static_cast<std::uint8_t>(type);
  append(object, data);
  return object;
}

Octets extension_structure(const Octets& objects) {
  Octets structure{kVersion << 4U, 0, 0, 0};
  append(structure, objects);
  put_u16(structure, 2, checksum(structure));
  return structure;
}

}  // namespace hop::conform
