#pragma once
// What is different from some moment on, while a network runs.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "stack/base/clock.hpp"

namespace hop {

struct DirectionSpec;
struct NodeSpec;

/// Of a link, or of what one of its ends sends.
struct LinkChange {
  std::uint32_t link = 0;                     ///< in Topology::links
  std::optional<std::uint32_t> end{};         ///< in LinkSpec::endpoints; without one all of them
  std::optional<bool> up{};                   ///< of the link
  std::function<void(DirectionSpec&)> set{};  ///< makes the new from the old; none for nothing
};

/// Of a node: all but its name, its kind, its router-id and the services that it runs.
struct NodeChange {
  std::uint32_t node = 0;                ///< in Topology::nodes
  std::function<void(NodeSpec&)> set{};  ///< makes the new from the old
};

struct Change {
  std::variant<LinkChange, NodeChange> of{};
  std::string text{};  ///< what it is, as the file says it: "link r1-r2: { mtu: 1280 }"
};

/// A change at its time.
struct TimedChange {
  Duration at{};     ///< since the network began
  Duration every{};  ///< and again so much later, for ever; zero for once
  Change change{};
};

struct Topology;
/// Makes a change in a description; what runs by it is Network::change()'s.
void apply(const LinkChange& change, Topology& topology);
void apply(const NodeChange& change, Topology& topology);

}  // namespace hop
