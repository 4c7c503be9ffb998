#pragma once
// Packets that a node has put on its interfaces, for the network to carry away.

#include <vector>

#include "stack/base/packet.hpp"
#include "stack/ip/received.hpp"

namespace hop {

struct Emit {
  Packet packet;
  InterfaceIndex out;
  LinkAddress to;
};

/// In the order they were sent. Cleared by the network, which keeps its memory.
using Outbox = std::vector<Emit>;

}  // namespace hop
