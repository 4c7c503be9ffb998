#pragma once
// Entries of an MPLS label stack, as they stand in front of a packet and in errors about it (RFC
// 4950 section 5, RFC 3443 section 2.2).
//
//     0                   1                   2                   3
//     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//    +---------------------------------------+-----+-+---------------+
//    |                 Label                 | EXP |S|      TTL      |
//    +---------------------------------------+-----+-+---------------+

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "stack/base/bytes.hpp"

namespace hop {

inline constexpr std::size_t kLabelEntry = 4;
/// The deepest stack that is taken and told, so that every error has room for it.
inline constexpr std::size_t kMaxLabels = 16;

/// An entry. RFC 4950 calls the traffic class EXP.
struct MplsLabel {
  std::uint32_t label = 0;         ///< 20 bits
  std::uint8_t traffic_class = 0;  ///< 3 bits
  bool bottom = false;             ///< S: of the stack
  std::uint8_t ttl = 1;

  bool operator==(const MplsLabel&) const = default;
};

/// Writes an entry into the 4 bytes of `into`; what does not fit into its field is cut off.
void write_label(const MplsLabel& entry, MutBytes into) noexcept;
/// Reads the first 4 bytes of `from`.
[[nodiscard]] MplsLabel read_label(Bytes from) noexcept;

/// A stack that was read: a value, so that it can be kept while the packet changes.
class LabelStack {
 public:
  /// None.
  LabelStack() = default;
  /// All of `bytes` is the stack, the top first. Nothing if it is empty, deeper than kMaxLabels, or
  /// S is not set in the last entry and in no other.
  [[nodiscard]] static std::optional<LabelStack> parse(Bytes bytes) noexcept;

  [[nodiscard]] bool empty() const noexcept { return depth_ == 0; }
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }
  /// Of a stack that is not empty.
  [[nodiscard]] const MplsLabel& top() const noexcept { return entries_.front(); }
  [[nodiscard]] std::span<const MplsLabel> entries() const noexcept {
    return std::span{entries_}.first(depth_);
  }

 private:
  std::array<MplsLabel, kMaxLabels> entries_{};
  std::size_t depth_ = 0;
};

}  // namespace hop
