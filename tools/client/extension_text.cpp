#include "tools/client/extension_text.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <utility>

#include "stack/wire/extension_objects.hpp"

namespace hop {

namespace {

namespace json = boost::json;

constexpr std::string_view kRoles[kInterfaceRoles] = {"INC", "SUB", "OUT", "NXT"};
constexpr std::string_view kRoleNames[kInterfaceRoles] = {"incoming", "incoming-component",
                                                          "outgoing", "next-hop"};

std::string hex_of(Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  return text;
}

std::string labels_text(const ExtensionObject& object) {
  std::string text = "MPLS:";
  for (std::size_t i = 0; const auto label = label_at(object, i); ++i) {
    text += fmt::format("{}L={},E={},S={},T={}", i == 0 ? "" : "/", label->label,
                        label->traffic_class, label->bottom ? 1 : 0, label->ttl);
  }
  return text;
}

std::string interface_text(const InterfaceInformation& what) {
  std::vector<std::string> parts;
  if (what.index) parts.push_back(std::to_string(*what.index));
  if (what.address) parts.push_back(to_string(*what.address));
  if (!what.ipv6_address.empty()) parts.push_back(hex_of(what.ipv6_address));
  if (!what.name.empty()) parts.push_back(fmt::format("\"{}\"", what.name));
  if (what.mtu) parts.push_back(fmt::format("mtu={}", *what.mtu));
  return fmt::format("{}:{}", kRoles[std::to_underlying(what.role)], fmt::join(parts, ","));
}

std::string object_text(const ExtensionObject& object) {
  if (label_at(object, 0)) return labels_text(object);
  if (const auto interface = read_interface_information(object)) return interface_text(*interface);
  return fmt::format("{}/{}:{}", std::to_underlying(object.number), object.c_type,
                     hex_of(object.payload));
}

json::object interface_json(const InterfaceInformation& what) {
  json::object object{{"role", kRoleNames[std::to_underlying(what.role)]}};
  if (what.index) object["index"] = *what.index;
  if (what.address) object["address"] = to_string(*what.address);
  if (!what.ipv6_address.empty()) object["ipv6"] = hex_of(what.ipv6_address);
  if (!what.name.empty()) object["name"] = what.name;
  if (what.mtu) object["mtu"] = *what.mtu;
  return object;
}

json::array labels_json(const ExtensionObject& object) {
  json::array labels;
  for (std::size_t i = 0; const auto label = label_at(object, i); ++i) {
    labels.push_back({{"label", label->label},
                      {"tc", label->traffic_class},
                      {"bottom", label->bottom},
                      {"ttl", label->ttl}});
  }
  return labels;
}

json::object object_json(const ExtensionObject& object) {
  if (label_at(object, 0)) return {{"mpls", labels_json(object)}};
  if (const auto interface = read_interface_information(object)) {
    return {{"interface", interface_json(*interface)}};
  }
  return {{"class", std::to_underlying(object.number)},
          {"type", object.c_type},
          {"bytes", hex_of(object.payload)}};
}

}  // namespace

std::string extension_text(const ExtensionView& extension) {
  std::string text;
  for (const ExtensionObject& object : extension) {
    text += (text.empty() ? "" : ";") + object_text(object);
  }
  return text;
}

json::array extension_json(const ExtensionView& extension) {
  json::array objects;
  for (const ExtensionObject& object : extension) objects.push_back(object_json(object));
  return objects;
}

}  // namespace hop
