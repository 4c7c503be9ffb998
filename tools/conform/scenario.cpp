#include "tools/conform/scenario.hpp"

#include <algorithm>

namespace hop::conform {

namespace {

Interface interface(const char* device, Address address, unsigned mtu) {
  return {device, address, {{address.value & 0xffffff00U}, 24}, mtu, "", 0};
}

constexpr Address net18(std::uint32_t third, std::uint32_t fourth) {
  return {198U << 24U | 18U << 16U | third << 8U | fourth};
}

bool is_zero(unsigned number) { return number == 0; }

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
  static const Scenario kStandard = standard();
  const auto index = static_cast<std::size_t>(side);
  return index < interfaces.size() ? interfaces[index] : kStandard.interfaces.at(index);
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
  const auto fact = known_facts().find(need);
  if (fact != known_facts().end()) return fact->second(*this);
  return routes.contains(need) || features.contains(need);
}

const std::map<std::string_view, bool (*)(const Scenario&)>& known_facts() {
  using S = const Scenario&;
  static const std::map<std::string_view, bool (*)(S)> kFacts{
      {"router", [](S s) { return s.router; }},
      {"host", [](S s) { return !s.router; }},
      {"b", [](S s) { return s.interfaces.size() > 1; }},
      {"c", [](S s) { return s.interfaces.size() > 2; }},
      {"names",
       [](S s) {
         return std::ranges::none_of(s.interfaces, &std::string::empty, &Interface::name);
       }},
      {"indexes",
       [](S s) { return std::ranges::none_of(s.interfaces, is_zero, &Interface::index); }},
      {"shared-name", [](S s) { return !s.shared_name.empty(); }},
  };
  return kFacts;
}

const std::map<std::string_view, std::string_view>& known_features() {
  static const std::map<std::string_view, std::string_view> kFeatures{
      {"redirects", "it sends redirects about the route `detour`"},
      {"source-routing", "it follows source routes"},
      {"timestamp", "it answers ICMP timestamps"},
      {"information", "it answers information requests"},
      {"address-mask", "it answers address mask requests"},
      {"extended-echo",
       "it answers extended echo requests about its own interfaces, from hosts of a and nobody "
       "else"},
      {"extended-echo-neighbours",
       "and about its neighbours, of which it knows the gateway, host 3 of a"},
      {"extensions", "its errors have extension structures"},
      {"interface-information",
       "which tell index, address, name and MTU of the interfaces, and the next hop"},
      {"router-discovery", "it advertises itself on each interface and answers solicitations"},
      {"directed-broadcast", "it takes broadcasts to other subnets and passes them on"},
      {"traceroute-option", "it heeds the traceroute option"},
      {"weak-host", "a host whose addresses are good on each interface"},
      {"strong-host", "a host whose addresses are good on their own interface only"},
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
      {"by-tos", "by host 2 of b; for TOS 0100, maximize throughput, by host 2 of c"},
      {"only-tos", "by host 2 of b, for TOS 0100 and no other"},
      {"only-tos-on-link", "the same, a part of the subnet of b"},
      {"filtered", "by host 2 of b, but UDP is prohibited, and TCP discarded in silence"},
      {"precedence-filtered", "by host 2 of b, but precedence 4 is a host precedence violation"},
      {"cutoff", "by host 2 of b, but precedence 0 to 2 is cut off"},
      {"strict", "by host 2 of b, from sources that are where their packets came from"},
      {"loose", "by host 2 of b, from sources to which there is a route"},
      {"options-ignored", "from c by host 2 of b, as if packets had no options"},
      {"options-dropped",
       "from c by host 2 of b, but packets with options are discarded in silence"},
      {"options-rejected", "from c by host 2 of b, but packets with options are prohibited"},
      {"option-required", "by host 2 of b, but packets without a security option are told so"},
  };
  return kRoutes;
}

}  // namespace hop::conform
