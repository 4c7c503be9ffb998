#pragma once
// What a router needs to have tunnels begin, pass and end at it.

#include <vector>

#include "stack/ip/label_table.hpp"
#include "stack/wire/mpls.hpp"

namespace hop {

struct LabelSwitching {
  LabelTable routes;
  std::vector<Tunnel> tunnels;  // that begin here

  // Of the labelled packet that is on its walk, for errors about it; empty without one.
  LabelStack arrived{};
  LabelRoute route{};
};

}  // namespace hop
