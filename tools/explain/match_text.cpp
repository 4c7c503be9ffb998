#include "tools/explain/match_text.hpp"

#include <fmt/format.h>

#include "tools/explain/setting_list.hpp"

namespace hop {

std::string ports_text(const PortRange& ports) {
  return ports.first == ports.last ? std::to_string(ports.first)
                                   : fmt::format("{}-{}", ports.first, ports.last);
}

namespace {

std::string precedences_text(const std::bitset<8>& precedences) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < precedences.size(); ++i) {
    if (precedences[i]) numbers.push_back(std::to_string(i));
  }
  return list_text(numbers);
}

std::string protocol_text(std::uint8_t protocol) {
  switch (static_cast<IpProtocol>(protocol)) {
    case IpProtocol::icmp:
      return "icmp";
    case IpProtocol::tcp:
      return "tcp";
    case IpProtocol::udp:
      return "udp";
    default:
      return std::to_string(protocol);
  }
}

std::string icmp_type_text(IcmpType type) {
  const std::string_view known = name(type);
  return known.empty() ? std::to_string(std::to_underlying(type)) : std::string{known};
}

}  // namespace

std::string match_text(const FilterRule& rule) {
  std::string text;
  if (rule.from != Prefix{}) text += fmt::format("from: {}, ", to_string(rule.from));
  if (rule.to != Prefix{}) text += fmt::format("to: {}, ", to_string(rule.to));
  if (rule.protocol) text += fmt::format("protocol: {}, ", protocol_text(*rule.protocol));
  if (rule.destination_ports)
    text += fmt::format("ports: {}, ", ports_text(*rule.destination_ports));
  if (rule.source_ports) text += fmt::format("source-ports: {}, ", ports_text(*rule.source_ports));
  if (rule.icmp_type) {
    text += fmt::format("icmp-type: {}, ", icmp_type_text(*rule.icmp_type));
  }
  if (rule.lengths) {
    text += fmt::format("length: {}, ", ports_text({rule.lengths->least, rule.lengths->most}));
  }
  if (rule.precedences) {
    text += fmt::format("precedence: {}, ", precedences_text(*rule.precedences));
  }
  return text;
}

}  // namespace hop
