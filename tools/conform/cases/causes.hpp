#pragma once
// What brings an ICMP error, one packet each.

#include "tools/conform/cases/kit.hpp"

namespace hop::conform {

struct Cause {
  const char* name;
  unsigned type, code;
  const char* clause;
  Level level;
  const char* rule;
  Needs needs;
  /// The packet, with so many bytes of payload at least.
  Datagram (*packet)(Kit& kit, std::size_t size);
};

[[nodiscard]] const std::vector<Cause>& causes();

}  // namespace hop::conform
