#pragma once
// What is to be different, of a link or a node: an entry of `timeline:`, and what `hop set` sends.

#include "stack/net/topology.hpp"
#include "tools/config/fields.hpp"

namespace hop {

/// A change while it is read, a part of what has such keys.
struct ChangeDraft {
  YamlNode link;
  YamlNode from;
  YamlNode node;
  YamlNode set;
};

/// `link`, `from`, `node`, `set`.
extern const Field<ChangeDraft> kChangeFields[4];

/// What the draft of the map at `at` says, for a topology that is as `before` when it is made: that
/// is changed, too, so that what contradicts itself later is found now. Names are looked up in it.
[[nodiscard]] Change read_change(Findings& findings, const YAML::Mark& at, const ChangeDraft& draft,
                                 Topology& before);

}  // namespace hop
