#include "tools/config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "tools/config/topology_file.hpp"
#include "tools/tour.hpp"
#include "tun/error.hpp"

namespace hop {

namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

[[noreturn]] void cannot_read(const std::string& path) {
  throw Failure(kUsageError, fmt::format("cannot read {}: {}", path, reason_of(errno)));
}

std::string joined(const std::vector<ConfigError>& errors) {
  std::string lines;
  for (const ConfigError& error : errors) lines += to_string(error) + '\n';
  if (!lines.empty()) lines.pop_back();
  return lines;
}

}  // namespace

std::string read_file(const std::string& path) {
  const bool is_stdin = path == "-";
  const std::unique_ptr<std::FILE, CloseFile> file(is_stdin ? stdin
                                                            : std::fopen(path.c_str(), "rbe"));
  if (!file) cannot_read(path);
  std::string text;
  std::array<char, 4096> piece{};
  while (std::feof(file.get()) == 0 && std::ferror(file.get()) == 0) {
    text.append(piece.data(), std::fread(piece.data(), 1, piece.size(), file.get()));
  }
  if (std::ferror(file.get()) != 0) cannot_read(path);
  return text;
}

InvalidTopology::InvalidTopology(std::vector<ConfigError> errors)
    : Failure(kUsageError, joined(errors)), errors_(std::move(errors)) {}

Topology load_topology(const std::string& path) {
  auto topology =
      path.empty() ? read_topology(tour_yaml(), "tour.yaml") : read_topology(read_file(path), path);
  if (!topology) throw InvalidTopology(std::move(topology.error()));
  return *std::move(topology);
}

void rename_tun(Topology& topology, const std::string& name) {
  if (topology.tuns.size() != 1) {
    throw Failure(kUsageError, fmt::format("--tun names the only TUN of a topology, but this one "
                                           "has {}; name them in the file",
                                           topology.tuns.size()));
  }
  if (std::ranges::count(topology.nodes, name, &NodeSpec::name) > 0) {
    throw Failure(kUsageError, fmt::format("--tun {}: a node has this name", name));
  }
  for (LinkSpec& link : topology.links) {
    for (EndpointSpec& endpoint : link.endpoints) {
      if (endpoint.name == topology.tuns[0].name) endpoint.name = name;
    }
  }
  topology.tuns[0].name = name;
}

}  // namespace hop
