#pragma once
// Fragments for the tests of reassembly, and what becomes of them.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "stack/ip/reassembly.hpp"
#include "tests/stack/ip/cut.hpp"
#include "tests/support/packet_dsl.hpp"

namespace hop {

inline constexpr Duration kTimeout = std::chrono::seconds{60};
inline constexpr ReassemblyPolicy kDefaultPolicy{};
inline constexpr Instant kStart{std::chrono::hours{1}};

/// A piece of a datagram's payload, which is pattern() from its start.
struct Range {
  std::size_t begin, end;
  bool more = true;
};

/// The fragment that carries this piece.
[[nodiscard]] inline testing::Packet fragment_of(const Range& range, testing::Ip header) {
  static const std::vector<std::byte> kPayload = pattern(65536);
  if (range.more) header.mf();
  return header.offset(range.begin) /
         testing::raw(Bytes{kPayload}.subspan(range.begin, range.end - range.begin));
}
[[nodiscard]] inline testing::Packet fragment_of(const Range& range, std::uint16_t id = 1) {
  return fragment_of(range, testing::ip().id(id));
}

/// What a test sees of a ReassemblyResult.
struct Outcome {
  std::string what;          ///< "held", "whole" or the name of a drop reason
  testing::Packet datagram;  ///< if it is whole
};

class ReassemblyTest : public ::testing::Test {
 protected:
  Outcome add(const testing::Packet& fragment, Instant now = kStart) {
    const auto header = Ipv4View::parse(fragment).value();
    ReassemblyResult result = reassembler_->add(header, {.now = now});
    if (const auto* const why = std::get_if<DropReason>(&result)) {
      return {std::string{name(*why)}, {}};
    }
    if (const auto* const whole = std::get_if<Whole>(&result)) {
      return {"whole", testing::Packet{whole->packet.bytes()}};
    }
    return {"held", {}};
  }
  std::string add(const Range& range, Instant now = kStart) {
    return add(fragment_of(range), now).what;
  }
  /// Starts anew by another policy.
  void use(const ReassemblyPolicy& policy) { reassembler_.emplace(pool_, policy); }
  [[nodiscard]] Reassembler& reassembler() { return *reassembler_; }
  [[nodiscard]] PacketPool& pool() { return pool_; }

 private:
  PacketPool pool_;
  std::optional<Reassembler> reassembler_{std::in_place, pool_,
                                          ReassemblyPolicy{.timeout = kTimeout}};
};

}  // namespace hop
