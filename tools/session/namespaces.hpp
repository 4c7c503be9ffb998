#pragma once
// The network namespaces that the TUNs of a session are in.

#include <map>
#include <string>

#include "stack/net/topology.hpp"
#include "tun/unique_fd.hpp"

namespace hop {

/// Those of `ip netns` by their names, or private ones that are gone with the session.
class Namespaces {
 public:
  /// Of `ip netns`.
  Namespaces() = default;
  /// A fresh one for every name that TUNs of `topology` have. Throws TunError.
  [[nodiscard]] static Namespaces fresh_for(const Topology& topology);

  /// The private namespace of that name; -1 if it is one of `ip netns`, or the current one.
  [[nodiscard]] int private_one(const std::string& name) const;
  /// A descriptor of the namespace of that name. Throws TunError.
  [[nodiscard]] UniqueFd open(const std::string& name) const;

 private:
  std::map<std::string, UniqueFd> fresh_;
};

}  // namespace hop
