#include "stack/net/change.hpp"

#include "stack/net/topology.hpp"

namespace hop {

// What is for the whole link is for those ends, too, that had something of their own.
void apply(const LinkChange& change, Topology& topology) {
  LinkSpec& link = topology.links[change.link];
  link.up = change.up.value_or(link.up);
  if (!change.set) return;
  if (!change.end) change.set(link);
  for (std::uint32_t end = 0; end < link.endpoints.size(); ++end) {
    EndpointSpec& endpoint = link.endpoints[end];
    if (change.end && *change.end != end) continue;
    if (change.end && !endpoint.sends) endpoint.sends = link.sent_by(endpoint);
    if (endpoint.sends) change.set(*endpoint.sends);
  }
}

void apply(const NodeChange& change, Topology& topology) {
  change.set(topology.nodes[change.node]);
}

}  // namespace hop
