#include "stack/app/probe_options.hpp"

#include <utility>

#include "stack/wire/ipv4.hpp"

namespace hop {
namespace {

// `slots` empty slots behind `first`, padded to a multiple of 4 with end of list.
std::vector<std::byte> option(std::initializer_list<unsigned> first, std::size_t slots) {
  std::vector<std::byte> bytes;
  for (const unsigned byte : first) bytes.push_back(static_cast<std::byte>(byte));
  bytes.resize(first.size() + slots * kOptionSlot);
  bytes[kOptionLengthOffset] = static_cast<std::byte>(bytes.size());
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

}  // namespace

std::vector<std::byte> record_route_option() {
  constexpr std::size_t kSlots = 9;
  return option({std::to_underlying(OptionType::record_route), 0, kRoutePointerMin}, kSlots);
}

std::vector<std::byte> timestamp_option(TimestampFlag flag, std::span<const Ipv4Address> hosts) {
  const std::size_t pairs = hosts.empty() ? kMostTimestampHosts : hosts.size();
  const std::size_t slots = flag == TimestampFlag::timestamps_only ? 9 : pairs * 2;
  auto bytes = option({std::to_underlying(OptionType::timestamp), 0, kTimestampPointerMin,
                       std::to_underlying(flag)},
                      slots);
  bytes.resize(kIpv4MaxHeader - kIpv4MinHeader);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    store_be<std::uint32_t>(bytes, kTimestampDataOffset + i * 2 * kOptionSlot, hosts[i].value);
  }
  return bytes;
}

std::vector<std::byte> source_route_option(std::span<const Ipv4Address> stops,
                                           Ipv4Address destination) {
  auto bytes = option({std::to_underlying(OptionType::loose_source_route), 0, kRoutePointerMin},
                      stops.size());
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const Ipv4Address next = i + 1 < stops.size() ? stops[i + 1] : destination;
    store_be<std::uint32_t>(bytes, kOptionDataOffset + i * kOptionSlot, next.value);
  }
  return bytes;
}

}  // namespace hop
