// stack/PROFILES.md says what the profiles are, and the code does it.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/tools/bad_files.hpp"

namespace hop {
namespace {

const std::vector<std::string> kProfiles{"rfc1812", "linux", "legacy"};

std::string text_of(const std::string& path) {
  std::ifstream file{std::string{HOP_SOURCE} + "/" + path};
  EXPECT_TRUE(file) << path;
  return (std::ostringstream{} << file.rdbuf()).str();
}

/// One line of a table of PROFILES.md.
struct Row {
  std::string key;
  std::vector<std::string> values;  // in the order of kProfiles
};

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in{line};
  std::string cell;
  while (std::getline(in, cell, '|')) {
    const std::size_t begin = cell.find_first_not_of(' ');
    cells.push_back(begin == std::string::npos
                        ? ""
                        : cell.substr(begin, cell.find_last_not_of(' ') + 1 - begin));
  }
  return cells;
}

/// The rows of the table below `heading`.
std::vector<Row> table(const std::string& heading) {
  std::istringstream in{text_of("stack/PROFILES.md")};
  std::string line;
  while (std::getline(in, line) && line != "## " + heading) {
  }
  std::vector<Row> rows;
  while (std::getline(in, line) && !line.starts_with("## ")) {
    const auto cells = cells_of(line);
    if (cells.size() < 5 || cells[1] == "key" || cells[1].starts_with("---")) continue;
    rows.push_back({.key = cells[1], .values = {cells[2], cells[3], cells[4]}});
  }
  return rows;
}

/// The node r1 with a profile and other keys of `icmp`, and keys of its own.
NodeSpec node(const std::string& profile, const std::string& icmp, const std::string& own = "") {
  const auto text = with_node("{ icmp: { profile: " + profile + icmp + " }" + own + " }");
  const auto topology = read_topology(text, "lab.yaml");
  if (topology) return topology->nodes.at(0);
  ADD_FAILURE() << text << to_string(topology.error().at(0));
  return {};
}

TEST(Profiles, SetTheSwitchesOfIcmpAsTheTableSays) {
  for (std::size_t p = 0; p < kProfiles.size(); ++p) {
    const IcmpPolicy policy = node(kProfiles[p], "").icmp;
    for (const Row& row : table("Keys of `icmp`")) {
      const auto said = node(kProfiles[p], ", " + row.key + ": " + row.values[p]).icmp;
      EXPECT_EQ(said, policy) << kProfiles[p] << ": " << row.key;
    }
  }
}

TEST(Profiles, AreNothingButTheirSwitches) {
  for (const std::string& from : kProfiles) {
    for (std::size_t to = 0; to < kProfiles.size(); ++to) {
      std::string switches;
      for (const Row& row : table("Keys of `icmp`")) {
        switches += ", " + row.key + ": " + row.values[to];
      }
      IcmpPolicy policy = node(from, switches).icmp;
      policy.profile = profile_of(kProfiles[to]).value();
      EXPECT_EQ(policy, IcmpPolicy::of(policy.profile)) << from << " made " << kProfiles[to];
    }
  }
}

TEST(Profiles, SetTheSwitchesOfANodeAsTheTableSays) {
  for (std::size_t p = 0; p < kProfiles.size(); ++p) {
    std::string keys;
    for (const Row& row : table("Keys of a node")) keys += ", " + row.key + ": " + row.values[p];
    const NodeSpec by_profile = node(kProfiles[p], "");
    for (const std::string& other : kProfiles) {
      const NodeSpec by_keys = node(other, "", keys);
      EXPECT_EQ(by_keys.martian_rules(), by_profile.martian_rules());
      EXPECT_EQ(by_keys.time_for_reassembly(), by_profile.time_for_reassembly());
    }
  }
}

TEST(Profiles, HaveEveryKeyOfIcmpInTheTableAndInTheManual) {
  // The message about an unknown key lists those that there are.
  const std::string told = mistakes_in(with_icmp("{ qqqqqqqqqqqq: 1 }")).at(0);
  std::istringstream keys{told.substr(told.rfind(": ") + 2)};
  const auto rows = table("Keys of `icmp`");
  const std::string manual = text_of("tools/hop.8");
  std::string key;
  while (std::getline(keys >> std::ws, key, ',')) {
    EXPECT_TRUE(manual.contains(key)) << key;
    EXPECT_EQ(std::ranges::count(rows, key, &Row::key), key == "profile" ? 0 : 1) << key;
  }
}

}  // namespace
}  // namespace hop
