#pragma once
// What a received error says about the way to its destination.

#include <cstdint>

#include "stack/wire/icmp.hpp"

namespace hop {

enum class Severity : std::uint8_t {
  hint,       ///< may pass: no proof that the destination cannot be reached (a "soft" error)
  final,      ///< the destination does not want it, or nobody may reach it (a "hard" error)
  too_big,    ///< send less at once (RFC 1191)
  other_way,  ///< a redirect: the packet itself went on
};

/// RFC 1122 section 3.2.2.1: net unreachable, host unreachable and bad source route MUST be taken
/// for hints, and section 4.2.3.9 wants the same of time exceeded and parameter problem; protocol
/// and port unreachable are final. Of the later codes those for a type of service (11 and 12) are
/// like 0 and 1; somebody decided the others, so they are final.
[[nodiscard]] Severity severity_of(const IcmpMessage& error);

}  // namespace hop
