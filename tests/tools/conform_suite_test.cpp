// The cases of the conformance suite, its configuration and its reports.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/tools/temporary_directory.hpp"
#include "tools/conform/error.hpp"
#include "tools/conform/expect.hpp"
#include "tools/conform/report.hpp"

namespace hop::conform {
namespace {

TEST(Catalogue, HasAClauseARuleAndAJudgeForEachCase) {
  const std::vector<Case> cases = all_cases(Scenario::standard());
  EXPECT_GE(cases.size(), 1100U);
  std::set<std::string> ids;
  for (const Case& one : cases) {
    EXPECT_TRUE(ids.insert(one.id).second) << one.id << " is there twice";
    EXPECT_THAT(one.id, ::testing::MatchesRegex("[a-z-]+\\.[a-z0-9.-]+"));
    EXPECT_THAT(one.clause, ::testing::MatchesRegex("RFC [0-9]+.*")) << one.id;
    EXPECT_FALSE(one.rule.empty() || one.inputs.empty() || one.expected.text.empty()) << one.id;
  }
}

TEST(Catalogue, NeedsNothingThatTheConfigurationCannotSay) {
  for (const Case& one : all_cases(Scenario::standard())) {
    for (std::string_view need : one.needs) {
      if (need.starts_with('!')) need.remove_prefix(1);
      const bool known = known_facts().contains(need) || known_features().contains(need) ||
                         known_routes().contains(need);
      EXPECT_TRUE(known) << one.id << ": " << need;
    }
  }
}

TEST(Catalogue, HasTheSameCasesForASystemOfOneInterface) {
  Scenario small = Scenario::standard();
  small.interfaces.resize(1);
  const auto ids = [](const Scenario& scenario) {
    std::set<std::string> all;
    for (const Case& one : all_cases(scenario)) all.insert(one.id);
    return all;
  };
  EXPECT_EQ(ids(small), ids(Scenario::standard()));
}

TEST(Catalogue, IsTheSameEveryTime) {
  const Scenario scenario = Scenario::standard();
  EXPECT_EQ(json_of(all_cases(scenario), scenario), json_of(all_cases(scenario), scenario));
}

// A case that expects silence or anything must not be what every case is.
TEST(Catalogue, IsNotSatisfiedBySilence) {
  const std::vector<Case> cases = all_cases(Scenario::standard());
  const auto silent =
      std::ranges::count_if(cases, [](const Case& one) { return one.expected.judge({}).empty(); });
  EXPECT_GT(cases.size() - static_cast<std::size_t>(silent), 450U);
}

struct BadFile {
  const char* name;
  const char* text;
  const char* message;  ///< behind the name of the file
};

class BadScenario : public InTemporaryDirectory, public testing::WithParamInterface<BadFile> {};
using GoodScenario = InTemporaryDirectory;
using KnownFailures = InTemporaryDirectory;

TEST_P(BadScenario, IsRefusedWithItsPlace) {
  const std::string file = path("bad.yaml");
  std::ofstream(file) << GetParam().text;
  try {
    (void)Scenario::load(file);
    FAIL() << "it was taken";
  } catch (const UsageError& error) {
    EXPECT_EQ(error.what(), file + GetParam().message);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Suite, BadScenario,
    testing::Values(
        BadFile{"NoMap", "[]", ":1:1: expected a map with 'interfaces'"},
        BadFile{"UnknownKey", "kinds: host",
                ":1:1: unknown key 'kinds'; expected kind, interfaces, routes, features, "
                "reassembly-timeout, closed-port or shared-name"},
        BadFile{"Twice", "kind: host\nkind: host", ":2:1: 'kind' twice"},
        BadFile{"Kind", "kind: switch", ":1:7: expected router or host"},
        BadFile{"Seconds", "reassembly-timeout: 30", ":1:21: expected seconds, such as 30s"},
        BadFile{"Features", "features: [flying]", ":1:12: unknown feature 'flying'"},
        BadFile{"Route", "routes: { home: 10.0.0.0/8 }", ":1:11: unknown route 'home'"},
        BadFile{"Prefix", "routes: { remote: 10.0.0.1/8 }",
                ":1:19: expected a prefix such as 198.18.20.0/24"},
        BadFile{"OnlyB", "interfaces: { b: { device: x, address: 10.0.0.1/8 } }",
                ":1:13: expected the interfaces a, or a and b, or a, b and c, each once"},
        BadFile{"NoAddress", "interfaces: { a: { device: x } }", ":1:18: 'address' is missing"},
        BadFile{"SmallSubnet", "interfaces: { a: { device: x, address: 10.0.0.1/30 } }",
                ":1:40: expected a subnet of length 8 to 24: the suite plays its other hosts"},
        BadFile{"Mtu", "interfaces: { a: { device: x, address: 10.0.0.1/8, mtu: 67 } }",
                ":1:57: expected a number from 68 to 65535"},
        BadFile{"Index", "interfaces: { a: { device: x, address: 10.0.0.1/8, index: 0 } }",
                ":1:59: expected a number from 1 to 2147483647"},
        BadFile{"InterfaceKey", "interfaces: { a: { device: x, speed: 9 } }",
                ":1:31: unknown key 'speed'; expected device, address, mtu, name or index"}),
    [](const auto& one) { return one.param.name; });

TEST_F(GoodScenario, MayNameItsInterfaces) {
  const std::string file = path("named.yaml");
  std::ofstream(file) << R"(interfaces:
  a: { device: x, address: 10.1.2.1/16, name: ge0, index: 7 }
  b: { device: y, address: 10.2.2.1/16, name: ge1 }
shared-name: bond
)";
  const Scenario scenario = Scenario::load(file);
  EXPECT_EQ(scenario.at(Side::a).name, "ge0");
  EXPECT_EQ(scenario.at(Side::a).index, 7U);
  EXPECT_TRUE(scenario.has("names") && scenario.has("shared-name") && !scenario.has("indexes"));
}

TEST_F(GoodScenario, SaysWhatTheSystemIs) {
  const std::string file = path("good.yaml");
  std::ofstream(file) << R"(kind: host
interfaces: { a: { device: tun7, address: 10.1.2.1/16, mtu: 1400 } }
routes: {}
features: [timestamp]
reassembly-timeout: 30s
)";
  const Scenario scenario = Scenario::load(file);
  EXPECT_EQ(to_string(scenario.at(Side::a).subnet), "10.1.0.0/16");
  EXPECT_TRUE(scenario.has("host") && scenario.has("timestamp") && scenario.has("!router"));
  EXPECT_FALSE(scenario.has("b") || scenario.has("remote") || scenario.has("source-routing"));
  EXPECT_EQ(scenario.reassembly_timeout, std::chrono::seconds(30));
}

TEST_F(GoodScenario, SaysAllThatTheSystemHas) {
  const std::string file = path("bare.yaml");
  std::ofstream(file) << "interfaces: { a: { device: tun7, address: 10.1.2.1/16 } }\n";
  const Scenario scenario = Scenario::load(file);
  for (const auto& [route, what] : known_routes()) EXPECT_FALSE(scenario.has(route)) << route;
  for (const auto& [feature, what] : known_features())
    EXPECT_FALSE(scenario.has(feature)) << feature;
}

/// Two cases: one that fails with words that need escaping, one that passes.
struct TwoResults {
  Case bad{.id = "x.bad",
           .clause = "RFC 1 2",
           .level = Level::must,
           .rule = "<\"&\\>",
           .inputs = {{Side::a, {0x45}}},
           .expected = silence()};
  Case good{.id = "x.good",
            .clause = "RFC 1 3",
            .level = Level::may,
            .rule = "none",
            .inputs = {{Side::b, {0x46}}},
            .expected = silence()};
  std::vector<Result> results{{&bad, Outcome::failed, "1 packets came", {{Side::a, {0x00}}}},
                              {&good, Outcome::passed, "", {}}};
  Scenario scenario = Scenario::standard();
};

TEST(Report, IsGoodWhenExactlyTheKnownFailuresFail) {
  const TwoResults two;
  EXPECT_FALSE(is_good({two.scenario, two.results, {}}));
  EXPECT_TRUE(is_good({two.scenario, two.results, {"x.bad"}}));
  EXPECT_FALSE(is_good({two.scenario, two.results, {"x.bad", "x.good"}}));
}

TEST(Report, CountsByGroupClauseAndLevel) {
  const TwoResults two;
  const Report report{two.scenario, two.results, {}};
  const Tallies clauses = tally_clauses(report);
  ASSERT_EQ(clauses.size(), 2U);
  EXPECT_EQ(clauses[0].first, "RFC 1 2");
  EXPECT_EQ(clauses[0].second.failed, 1U);
  EXPECT_EQ(tally_groups(report).front().second.passed, 1U);
  EXPECT_EQ(tally_levels(report).back().first, "MAY");
}

TEST(Report, EscapesWhatItShows) {
  const TwoResults two;
  const Report report{two.scenario, two.results, {}};
  EXPECT_NE(json_of(report).find(R"("rule":"<\"&\\>")"), std::string::npos);
  EXPECT_NE(html_of(report).find("<dd>&lt;&quot;&amp;\\&gt;</dd>"), std::string::npos);
}

TEST_F(KnownFailures, AreReadFromTheTablesOfAFile) {
  const std::string file = path("known.md");
  std::ofstream(file) << "# `x.text`\n\n| case |\n|---|\n| `x.bad` | why |\n";
  const TwoResults two;
  const std::vector<Case> cases{two.bad, two.good};
  EXPECT_EQ(read_known(file, cases), (std::set<std::string, std::less<>>{"x.bad"}));
  std::ofstream(file) << "| `x.gone` | |\n";
  EXPECT_THROW((void)read_known(file, cases), UsageError);
  EXPECT_THROW((void)read_known(file + ".not", cases), UsageError);
}

}  // namespace
}  // namespace hop::conform
