#include "tools/client/records.hpp"

#include <algorithm>

namespace hop {

namespace {

/// The slots of an option before its pointer, from `first` on, as numbers.
std::vector<std::uint32_t> filled_slots(Bytes option, std::size_t first) {
  std::vector<std::uint32_t> slots;
  const std::size_t end =
      std::min<std::size_t>(byte_at(option, kOptionPointerOffset) - std::size_t{1}, option.size());
  for (std::size_t at = first; at + kOptionSlot <= end; at += kOptionSlot) {
    slots.push_back(load_be<std::uint32_t>(option, at));
  }
  return slots;
}

std::uint8_t timestamp_flags(const Ipv4HeaderView& ip, const Options& options) {
  return byte_at(option_at(ip.header(), options.timestamp), kTimestampFlagsOffset);
}

}  // namespace

std::vector<Ipv4Address> recorded_route(const Ipv4HeaderView& ip, const Options& options) {
  std::vector<Ipv4Address> route;
  if (options.record_route == 0) return route;
  const Bytes option = option_at(ip.header(), options.record_route);
  for (const std::uint32_t slot : filled_slots(option, kOptionDataOffset)) {
    route.emplace_back(slot);
  }
  return route;
}

std::vector<RecordedTime> recorded_times(const Ipv4HeaderView& ip, const Options& options) {
  std::vector<RecordedTime> times;
  if (options.timestamp == 0) return times;
  const bool with_addresses = (timestamp_flags(ip, options) & 0x0fU) != 0;
  const auto slots = filled_slots(option_at(ip.header(), options.timestamp), kTimestampDataOffset);
  const std::size_t step = with_addresses ? 2 : 1;
  for (std::size_t i = 0; i + step <= slots.size(); i += step) {
    const auto address = with_addresses ? std::optional{Ipv4Address{slots[i]}} : std::nullopt;
    times.push_back({.address = address, .milliseconds = slots[i + step - 1]});
  }
  return times;
}

unsigned unrecorded_hops(const Ipv4HeaderView& ip, const Options& options) {
  return options.timestamp == 0 ? 0 : unsigned{timestamp_flags(ip, options)} >> 4U;
}

}  // namespace hop
