#pragma once
// The keys of links that are about a direction; an endpoint has them too, for what it sends.

#include "stack/net/topology.hpp"
#include "tools/config/fields.hpp"

namespace hop {

/// `mtu`, `limit`, `ecn`, `rate`, `delay`, `jitter`, `loss`, `duplicate`, `corrupt`, `reorder`,
/// `drop`.
extern const Field<DirectionSpec> kDirectionFields[12];

/// Says what in a direction that was read contradicts itself.
void check_direction(Findings& findings, const YAML::Mark& at, const DirectionSpec& direction);

}  // namespace hop
