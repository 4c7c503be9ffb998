#include "stack/ip/record_options.hpp"

namespace hop {
namespace {

std::size_t slot_of(Bytes option) {
  if (static_cast<OptionType>(byte_at(option, 0)) != OptionType::timestamp) return kOptionSlot;
  const auto flag = static_cast<TimestampFlag>(byte_at(option, kTimestampFlagsOffset) & 0x0fU);
  return flag == TimestampFlag::timestamps_only ? kOptionSlot : 2 * kOptionSlot;
}

void count_overflow(MutBytes option) {
  const std::uint8_t flags = byte_at(option, kTimestampFlagsOffset);
  store_be<std::uint8_t>(option, kTimestampFlagsOffset, static_cast<std::uint8_t>(flags + 0x10U));
}

}  // namespace

bool has_room(Bytes option) {
  return byte_at(option, kOptionPointerOffset) - 1U + slot_of(option) <= option.size();
}

void fill_slot(MutBytes option, std::uint32_t value) {
  const std::uint8_t pointer = byte_at(option, kOptionPointerOffset);
  store_be<std::uint32_t>(option, pointer - 1U, value);
  store_be<std::uint8_t>(option, kOptionPointerOffset,
                         static_cast<std::uint8_t>(pointer + kOptionSlot));
}

void record_route(MutBytes option, const OptionStamp& stamp) {
  if (has_room(option)) fill_slot(option, stamp.address.value);
}

void record_time(MutBytes option, const OptionStamp& stamp) {
  if (!has_room(option)) return count_overflow(option);
  const auto flag = static_cast<TimestampFlag>(byte_at(option, kTimestampFlagsOffset) & 0x0fU);
  if (flag == TimestampFlag::with_addresses) {
    fill_slot(option, stamp.stamped.value_or(stamp.address).value);
  }
  if (flag == TimestampFlag::prespecified) {
    const std::size_t at = byte_at(option, kOptionPointerOffset) - 1U;
    const Ipv4Address wanted{load_be<std::uint32_t>(option, at)};
    // RFC 1812 section 5.3.13.6: any address of the router counts.
    if (!stamp.addresses.is_local(wanted)) return;
    fill_slot(option, wanted.value);
  }
  fill_slot(option, milliseconds_since_midnight(stamp.now));
}

void record_options(MutBytes header, const Options& options, const OptionStamp& stamp) {
  if (options.record_route != 0) record_route(option_at(header, options.record_route), stamp);
  if (options.timestamp != 0) record_time(option_at(header, options.timestamp), stamp);
}

}  // namespace hop
