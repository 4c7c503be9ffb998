#include "tools/conform/scenario.hpp"

#include <algorithm>

namespace hop::conform {

namespace {

Interface interface(const char* device, Address address, unsigned mtu) {
  return {device, address, {{address.value & 0xffffff00U}, 24}, mtu};
}

constexpr Address net18(std::uint32_t third, std::uint32_t fourth) {
  return {198U << 24U | 18U << 16U | third << 8U | fourth};
}

}  // namespace

char letter(Side side) { return static_cast<char>('a' + static_cast<char>(side)); }

Scenario Scenario::standard() {
  Scenario s;
  s.interfaces = {interface("conform-a", net18(1, 1), 1500),
                  interface("conform-b", net18(2, 1), 600),
                  interface("conform-c", net18(3, 1), 68)};
  s.routes = {{"remote", {net18(20, 0), 24}},
              {"specific", {net18(20, 128), 25}},
              {"detour", {net18(30, 0), 24}},
              {"unreachable", {net18(40, 0), 24}},
              {"prohibited", {net18(41, 0), 24}},
              {"blackhole", {net18(42, 0), 24}},
              {"nowhere", {{198U << 24U | 19U << 16U}, 16}}};
  s.features = {"redirects", "source-routing", "timestamp"};
  return s;
}

const Interface& Scenario::at(Side side) const {
  const auto index = static_cast<std::size_t>(side);
  return interfaces.at(std::min(index, interfaces.size() - 1));
}

Address Scenario::host(Side side, std::uint32_t n) const {
  const Interface& where = at(side);
  const Address address = where.subnet.host(n);
  return address == where.address ? where.subnet.host(n + 1) : address;
}

Address Scenario::beyond(std::string_view route, std::uint32_t n) const {
  const auto found = routes.find(route);
  return found == routes.end() ? Address{} : found->second.host(n);
}

bool Scenario::has(std::string_view need) const {
  if (need.starts_with('!')) return !has(need.substr(1));
  if (need == "router") return router;
  if (need == "host") return !router;
  if (need == "b") return interfaces.size() > 1;
  if (need == "c") return interfaces.size() > 2;
  return routes.contains(need) || features.contains(need);
}

const std::map<std::string_view, std::string_view>& known_features() {
  static const std::map<std::string_view, std::string_view> kFeatures{
      {"redirects", "it sends redirects about the route `detour`"},
      {"source-routing", "it follows source routes"},
      {"timestamp", "it answers ICMP timestamps"},
      {"extended-echo", "it answers extended echo requests"},
  };
  return kFeatures;
}

const std::map<std::string_view, std::string_view>& known_routes() {
  static const std::map<std::string_view, std::string_view> kRoutes{
      {"remote", "by host 2 of b"},
      {"specific", "a part of `remote`, by host 2 of c"},
      {"detour", "by the gateway, host 3 of a: back to where packets came from"},
      {"unreachable", "host unreachable"},
      {"prohibited", "communication administratively prohibited"},
      {"blackhole", "discarded in silence"},
      {"nowhere", "a block to which there is no route"},
  };
  return kRoutes;
}

}  // namespace hop::conform
