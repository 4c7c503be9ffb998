#pragma once
// `drop:` of a link or an endpoint.

#include <vector>

#include "stack/net/impairment.hpp"
#include "tools/config/fields.hpp"

namespace hop {

/// Reads a list of rules, each about exactly certain packets.
void read_drop(Findings& findings, const YamlNode& node, std::vector<DropRule>& into);

}  // namespace hop
