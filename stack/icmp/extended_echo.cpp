#include "stack/icmp/extended_echo.hpp"

#include <algorithm>
#include <utility>

namespace hop {
namespace {

constexpr std::uint32_t kLocal = 0x01;
constexpr std::uint32_t kIdentifierAndSequence = 0xffffff00;
constexpr unsigned kStateShift = 5;
constexpr std::uint32_t kActive = 0x04;
constexpr std::uint32_t kIpv4 = 0x02;
constexpr std::uint32_t kIpv6 = 0x01;

bool holds(const std::vector<Prefix>& list, Ipv4Address source) {
  return std::ranges::any_of(list, [=](const Prefix& prefix) { return prefix.contains(source); });
}

struct SourcesFor {
  const ExtendedEchoPolicy& policy;

  const std::vector<Prefix>& operator()(const InterfaceByName& /*by*/) const {
    return policy.by_name;
  }
  const std::vector<Prefix>& operator()(const InterfaceByIndex& /*by*/) const {
    return policy.by_index;
  }
  const std::vector<Prefix>& operator()(const InterfaceByAddress& /*by*/) const {
    return policy.by_address;
  }
};

}  // namespace

// RFC 8335 section 2: the structure has exactly one interface identification object.
InterfaceQuery read_interface_query(const IcmpView& request) noexcept {
  InterfaceQuery query{.local = (request.rest() & kLocal) != 0, .what = {}};
  const auto extension = ExtensionView::parse(request.data());
  if (!extension) return query;
  int objects = 0;
  for (const ExtensionObject& object : *extension) {
    if (object.number != ExtensionClass::interface_identification) continue;
    query.what = read_interface_identification(object);
    ++objects;
  }
  if (objects != 1) query.what.reset();
  return query;
}

bool may_ask(const ExtendedEchoPolicy& policy, Ipv4Address source, const InterfaceQuery& query) {
  if (!holds(query.local ? policy.local : policy.remote, source)) return false;
  if (query.what) return holds(std::visit(SourcesFor{policy}, *query.what), source);
  return holds(policy.by_name, source) || holds(policy.by_index, source) ||
         holds(policy.by_address, source);
}

IcmpMessage extended_echo_reply(const IcmpView& request, const InterfaceStatus& status) noexcept {
  const std::uint32_t state = std::uint32_t{std::to_underlying(status.state)} << kStateShift;
  const std::uint32_t bits =
      (status.active ? kActive : 0U) | (status.ipv4 ? kIpv4 : 0U) | (status.ipv6 ? kIpv6 : 0U);
  return {.type = IcmpType::extended_echo_reply,
          .code = std::to_underlying(status.code),
          .rest = (request.rest() & kIdentifierAndSequence) | state | bits};
}

}  // namespace hop
