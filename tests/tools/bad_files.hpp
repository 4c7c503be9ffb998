#pragma once
// Topology files with mistakes, as rows of tables.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tools/config/topology_file.hpp"

namespace hop {

using Lines = std::vector<std::string>;

/// The mistakes in a file, without its name in front.
inline Lines mistakes_in(const std::string& text) {
  const auto topology = read_topology(text, "lab.yaml");
  Lines lines;
  if (topology) return lines;
  for (const ConfigError& error : topology.error()) {
    lines.push_back(to_string(error).substr(std::string{"lab.yaml:"}.size()));
  }
  return lines;
}

struct BadFile {
  std::string name;
  std::string text;
  Lines mistakes;
};

inline void PrintTo(const BadFile& file, std::ostream* out) { *out << file.text; }

inline std::string name_of(const testing::TestParamInfo<BadFile>& info) { return info.param.name; }

/// A file that is right, with `more` behind it.
inline std::string good_and(const std::string& more) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: {} }\n"
         "links: [{ endpoints: [tun0, r1] }]\n" +
         more;
}

/// A file whose node r1 has `settings`, which begin at 2:14.
inline std::string with_node(const std::string& settings) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: " +
         settings +
         " }\n"
         "links: [{ endpoints: [tun0, r1] }]\n";
}

/// A file whose node r1 has these ICMP `settings`, which begin at 2:22.
inline std::string with_icmp(const std::string& settings) {
  return with_node("{ icmp: " + settings + " }");
}

/// A file with a second link, from r1 to r2, of these `settings`, which begin at 5:5.
inline std::string with_link(const std::string& settings) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: {}, r2: {} }\n"
         "links:\n"
         "  - endpoints: [tun0, r1]\n"
         "  - " +
         settings + "\n";
}

/// A file with one route of r1, which begins at 4:15.
inline std::string with_route(const std::string& route) {
  return good_and("routes: { r1: [" + route + "] }\n");
}

}  // namespace hop
