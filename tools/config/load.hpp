#pragma once
// Topology files from the disk, and the one that is built in.

#include <expected>
#include <string>
#include <vector>

#include "stack/net/topology.hpp"
#include "tools/config/findings.hpp"
#include "tools/failure.hpp"

namespace hop {

/// A topology that is not as it has to be: a Failure that lists every mistake on a line of its own.
class InvalidTopology : public Failure {
 public:
  explicit InvalidTopology(std::vector<ConfigError> errors);
  [[nodiscard]] const std::vector<ConfigError>& errors() const { return errors_; }

 private:
  std::vector<ConfigError> errors_;
};

/// All of a file. Throws Failure when it cannot be read.
[[nodiscard]] std::string read_file(const std::string& path);

/// Reads and resolves the topology in `path`; without a path the tour. Throws Failure when the
/// file cannot be read, InvalidTopology when it is wrong.
[[nodiscard]] Topology load_topology(const std::string& path);

/// Gives the only TUN of a topology another name. Throws Failure when there are several, or the
/// name does not do.
void rename_tun(Topology& topology, const std::string& name);

}  // namespace hop
