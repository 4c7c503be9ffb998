#include "tools/session/event_json.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "stack/wire/icmp_numbers.hpp"
#include "stack/wire/ipv4.hpp"

namespace hop {

namespace {

namespace json = boost::json;

std::string time_text(Instant at) {
  const auto nanoseconds = at.time_since_epoch().count();
  constexpr std::int64_t kSecond = 1'000'000'000;
  return fmt::format("{}.{:09}", nanoseconds / kSecond, nanoseconds % kSecond);
}

std::string_view word_of(Action action) {
  static constexpr std::array<std::string_view, kActions> kWords{"forwarded", "delivered",
                                                                 "answered", "held", "dropped"};
  return kWords[std::to_underlying(action)];
}

/// What is behind the IP header: ports, or type and code.
std::string payload_text(std::uint8_t protocol, Bytes payload) {
  const auto octet = [&](std::size_t at) { return std::to_integer<unsigned>(payload[at]); };
  const auto port = [&](std::size_t at) { return octet(at) << 8U | octet(at + 1); };
  switch (static_cast<IpProtocol>(protocol)) {
    case IpProtocol::icmp:
      return payload.size() < 2 ? "icmp" : fmt::format("icmp {} code {}", octet(0), octet(1));
    case IpProtocol::udp:
    case IpProtocol::tcp: {
      const char* const name = static_cast<IpProtocol>(protocol) == IpProtocol::udp ? "udp" : "tcp";
      return payload.size() < 4 ? name : fmt::format("{} {} > {}", name, port(0), port(2));
    }
    default:
      return fmt::format("protocol {}", protocol);
  }
}

json::object described(const Judged& judged, const Topology& topology) {
  json::object event{{"node", topology.nodes[judged.node].name},
                     {"verdict", word_of(judged.verdict.action)}};
  if (judged.verdict.why != DropReason::none) event["reason"] = name(judged.verdict.why);
  event["packet"] = packet_text(judged.packet);
  return event;
}

json::object described(const LostOnLink& lost, const Topology& topology) {
  const LinkSpec& link = topology.links[lost.link];
  return {{"link", link_name(link)},
          {"from", link.endpoints[lost.end].name},
          {"verdict", "lost"},
          {"packet", packet_text(lost.packet)}};
}

}  // namespace

std::string packet_text(Bytes packet) {
  const auto ip = Ipv4HeaderView::parse(packet);
  if (!ip) return fmt::format("{} bytes that are no IPv4 packet", packet.size());
  const std::size_t header = ip->header_length();
  const bool has_ports = ip->fragment_offset() == 0 && packet.size() > header;
  return fmt::format("{} > {} {} ttl {} length {}", to_string(ip->source()),
                     to_string(ip->destination()),
                     payload_text(ip->protocol(), has_ports ? packet.subspan(header) : Bytes{}),
                     ip->ttl(), ip->total_length());
}

std::string event_json(Instant at, const Change& change) {
  return json::serialize(json::object{{"time", time_text(at)}, {"change", change.text}});
}

std::string event_json(Instant at, const Happening& happening, const Topology& topology) {
  json::object event{{"time", time_text(at)}};
  const json::object rest =
      std::visit([&](const auto& one) { return described(one, topology); }, happening);
  event.insert(rest.begin(), rest.end());
  return json::serialize(event);
}

}  // namespace hop
