#include "tools/conform/cases/interface_query.hpp"

#include <fmt/format.h>

namespace hop::conform {

namespace {

constexpr std::uint32_t kIdentifier = 0x4242, kSequence = 7;

Octets padded(std::string_view text) {
  Octets bytes(text.begin(), text.end());
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

}  // namespace

Octets by_name(std::string_view name) {
  return extension_object(kInterfaceIdentification, kByName, padded(name));
}

Octets by_index(std::uint32_t index) {
  Octets number(4);
  put_u32(number, 0, index);
  return extension_object(kInterfaceIdentification, kByIndex, number);
}

Octets by_address(unsigned family, unsigned length, const Octets& address) {
  Octets data(4);
  put_u16(data, 0, family);
  data[2] = static_cast<std::uint8_t>(length);
  append(data, address);
  return extension_object(kInterfaceIdentification, kByAddress, data);
}

Octets by_address(Address address) { return by_address(1, 4, octets_of(address)); }

Octets asking(const Octets& structure, std::uint32_t flags) {
  return icmp(kExtendedEcho, 0, kIdentifier << 16U | kSequence << 8U | flags, structure);
}

Octets asking_about(const Octets& objects, std::uint32_t flags) {
  return asking(extension_structure(objects), flags);
}

Check status_is(Status status) {
  return {fmt::format("status {:#04x}", status.set),
          [status](const Parsed& answer, const Parsed&) -> std::string {
            const unsigned byte = answer.payload[7];
            const bool right = (byte & status.set) == status.set && (byte & ~status.may) == 0;
            return right ? "" : fmt::format("its last byte is {:#04x}", byte);
          }};
}

Pattern answered(const Datagram& request, unsigned code, const std::vector<Check>& checks) {
  std::vector<Check> all = checks;
  all.push_back(comes_from({request.destination()}));
  return told(Side::a, request.bytes(), kExtendedEchoReply, code, all);
}

void add_query(Kit& kit, const Query& query, const Datagram& request) {
  Needs needs = {"extended-echo"};
  needs.insert(needs.end(), query.needs.begin(), query.needs.end());
  kit.add({.id = "extended-echo." + query.name,
           .clause = query.clause,
           .level = query.level,
           .rule = query.rule,
           .inputs = Kit::one(request),
           .expected = exactly({answered(request, query.code, query.checks)}),
           .needs = std::move(needs)});
}

void add_query(Kit& kit, const Query& query) {
  add_query(kit, query, kit.icmp_to(kit.self(), query.message));
}

}  // namespace hop::conform
