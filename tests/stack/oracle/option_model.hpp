#pragma once
// What IPv4 options are right, and what a router makes of them, in the plainest way: RFC 791
// section 3.1, RFC 1812 sections 5.2.4.1, 5.3.13.5 and 5.3.13.6. Options are bytes as they stand in
// a header; offsets count from its start.

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace hop::oracle {

using OptionBytes = std::vector<std::uint8_t>;

inline constexpr int kRecordRoute = 7, kTimestamp = 68, kLoose = 131, kStrict = 137, kAlert = 148;
inline constexpr int kHeader = 20, kDestination = 16;

/// An option of the list: where it stands and its bytes.
struct Option {
  int offset;
  OptionBytes bytes;
};

/// The list as far as it can be read, and where its reading stopped because of a length.
struct List {
  std::vector<Option> options;  ///< without no-operations, up to the end of list
  std::optional<int> stopped_at;
};

inline List read_list(const OptionBytes& bytes) {
  List list;
  std::size_t at = 0;
  while (at < bytes.size() && bytes[at] != 0) {
    if (bytes[at] == 1) {
      ++at;
      continue;
    }
    const int offset = kHeader + static_cast<int>(at);
    const bool has_length = at + 1 < bytes.size();
    if (!has_length || bytes[at + 1] < 2 || at + bytes[at + 1] > bytes.size()) {
      list.stopped_at = offset;
      return list;
    }
    const std::size_t length = bytes[at + 1];
    list.options.push_back(
        {offset, OptionBytes(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                             bytes.begin() + static_cast<std::ptrdiff_t>(at + length))});
    at += length;
  }
  return list;
}

/// Where a record route or source route is wrong, as an index into it. "The pointer is relative to
/// this option, and the smallest legal value for the pointer is 4"; "if there is some room but not
/// enough room for a full address to be inserted, the original datagram is considered to be in
/// error".
inline std::optional<int> route_fault(const OptionBytes& option) {
  const int length = option[1];
  if (length < 3) return 0;
  const int pointer = option[2];
  if (pointer < 4) return 2;
  const int room = length - (pointer - 1);
  if (room > 0 && room < 4) return 2;
  return std::nullopt;
}

/// The same of a timestamp: "the smallest legal value is 5"; flags 0, 1 and 3; "if there is some
/// room but not enough room for a full timestamp to be inserted, or the overflow count itself
/// overflows, the original datagram is considered to be in error".
inline std::optional<int> timestamp_fault(const OptionBytes& option) {
  const int length = option[1];
  if (length < 4) return 0;
  const int pointer = option[2];
  if (pointer < 5) return 2;
  const int flag = option[3] % 16;
  const int overflow = option[3] / 16;
  if (flag == 2 || flag > 3) return 3;
  const int room = length - (pointer - 1);
  const int slot = flag == 0 ? 4 : 8;
  if (room <= 0) return overflow == 15 ? std::optional{3} : std::nullopt;
  return room < slot ? std::optional{2} : std::nullopt;
}

/// Where the header is wrong, if it is: the pointer of the parameter problem. Of a packet that is
/// on its way to somebody else.
inline std::optional<int> fault_of(const OptionBytes& bytes) {
  const List list = read_list(bytes);
  std::set<int> seen;
  bool strict = false;
  for (const auto& [offset, option] : list.options) {
    const int type = option[0];
    const bool is_route = type == kRecordRoute || type == kLoose || type == kStrict;
    std::optional<int> at;
    if (is_route || type == kTimestamp) {
      const int kind = type == kStrict ? kLoose : type;  // only one source route, of either kind
      if (!seen.insert(kind).second) return offset;
      at = is_route ? route_fault(option) : timestamp_fault(option);
    }
    if (type == kAlert && option.size() != 4) at = 0;
    if (at) return offset + *at;
    strict = strict || type == kStrict;
  }
  if (list.stopped_at) return list.stopped_at;
  if (strict) return kDestination;  // RFC 1812 section 5.2.2: it must not lead through us
  return std::nullopt;
}

/// A router: the address it sends from, all its addresses, and the time of day.
struct Router {
  std::uint32_t out;
  std::set<std::uint32_t> own;
  std::uint32_t milliseconds;
};

inline void put(OptionBytes& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
}

inline std::uint32_t get(const OptionBytes& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | bytes[at + i];
  return value;
}

/// The options of a packet that is right as they leave the router.
inline OptionBytes recorded(OptionBytes bytes, const Router& router) {
  for (const auto& [offset, option] : read_list(bytes).options) {
    if (option[0] != kRecordRoute && option[0] != kTimestamp) continue;
    const auto start = static_cast<std::size_t>(offset - kHeader);
    std::uint8_t& pointer = bytes[start + 2];
    const std::size_t slot = start + pointer - 1;
    const bool full = pointer > option.size();
    if (option[0] == kRecordRoute && !full) {
      put(bytes, slot, router.out);
      pointer = static_cast<std::uint8_t>(pointer + 4);
    }
    if (option[0] != kTimestamp) continue;
    const int flag = option[3] % 16;
    if (full) {
      bytes[start + 3] = static_cast<std::uint8_t>(bytes[start + 3] + 16);
    } else if (flag == 0) {
      put(bytes, slot, router.milliseconds);
      pointer = static_cast<std::uint8_t>(pointer + 4);
    } else if (flag == 1 || router.own.contains(get(bytes, slot))) {
      if (flag == 1) put(bytes, slot, router.out);
      put(bytes, slot + 4, router.milliseconds);
      pointer = static_cast<std::uint8_t>(pointer + 8);
    }
  }
  return bytes;
}

/// The options of every fragment but the first: those with the copied flag, padded.
inline OptionBytes copied(const OptionBytes& bytes) {
  OptionBytes kept;
  for (const auto& [offset, option] : read_list(bytes).options) {
    if (option[0] >= 128) kept.insert(kept.end(), option.begin(), option.end());
  }
  while (kept.size() % 4 != 0) kept.push_back(0);
  return kept;
}

}  // namespace hop::oracle
