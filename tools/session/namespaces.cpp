#include "tools/session/namespaces.hpp"

#include <fcntl.h>

#include "tun/namespace.hpp"

namespace hop {

Namespaces Namespaces::fresh_for(const Topology& topology) {
  Namespaces namespaces;
  for (const TunSpec& tun : topology.tuns) {
    if (tun.netns.empty() || namespaces.fresh_.contains(tun.netns)) continue;
    namespaces.fresh_.emplace(tun.netns, make_network());
  }
  return namespaces;
}

int Namespaces::private_one(const std::string& name) const {
  const auto at = fresh_.find(name);
  return at == fresh_.end() ? -1 : at->second.get();
}

UniqueFd Namespaces::open(const std::string& name) const {
  const int ours = private_one(name);
  return ours < 0 ? open_network(name) : UniqueFd{::fcntl(ours, F_DUPFD_CLOEXEC, 0)};
}

}  // namespace hop
