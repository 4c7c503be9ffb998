#include "tools/replay/replay.hpp"

#include <algorithm>

namespace hop {

namespace {

constexpr std::size_t kSourceOffset = 12;  // RFC 791 section 3.1

std::uint64_t write_departures(Network& network, CaptureWriter& to) {
  std::vector<Departure>& departures = network.departures();
  for (const Departure& departure : departures) to.write(departure.at, departure.packet.bytes());
  const std::uint64_t count = departures.size();
  departures.clear();
  return count;
}

}  // namespace

PortIndex PortChooser::port_for(Bytes packet) const {
  if (fixed_) return *fixed_;
  if (packet.size() < kSourceOffset + 4) return 0;
  const Ipv4Address source{load_be<std::uint32_t>(packet, kSourceOffset)};
  const auto is_near = [&](const TunSpec& tun) { return tun.address.subnet().contains(source); };
  const auto found = std::ranges::find_if(topology_.tuns, is_near);
  return found == topology_.tuns.end() ? PortIndex{0}
                                       : static_cast<PortIndex>(found - topology_.tuns.begin());
}

ReplayCounts replay(Network& network, CaptureReader& from, CaptureWriter& to,
                    const PortChooser& ports) {
  ReplayCounts counts;
  while (const auto packet = from.next()) {
    network.receive(ports.port_for(packet->bytes), network.pool().copy_of(packet->bytes),
                    packet->at);
    ++counts.in;
    counts.out += write_departures(network, to);
  }
  // Routers may advertise themselves for ever; that is no reason to go on.
  for (auto due = network.next_event(); due && !network.is_quiet(); due = network.next_event()) {
    network.run_until(*due);
    counts.out += write_departures(network, to);
  }
  return counts;
}

}  // namespace hop
