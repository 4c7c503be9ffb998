// The section `tunnels` of a topology file.

#include <gmock/gmock.h>

#include "tests/tools/bad_files.hpp"
#include "tools/explain/explain.hpp"

namespace hop {
namespace {

/// tun0 - r1 - r2 - r3 - web; the one item of `tunnels` begins at 9:5.
std::string with_tunnel(const std::string& tunnel) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: {}, r2: {}, r3: {}, web: { kind: host } }\n"
         "links:\n"
         "  - endpoints: [tun0, r1]\n"
         "  - endpoints: [r1, r2]\n"
         "  - { endpoints: [r2, r3] }\n"
         "  - { endpoints: [r3, web] }\n"
         "tunnels:\n"
         "  - " +
         tunnel + "\n";
}

Topology read(const std::string& tunnel) {
  auto topology = read_topology(with_tunnel(tunnel), "t.yaml");
  if (topology) return *std::move(topology);
  for (const ConfigError& error : topology.error()) ADD_FAILURE() << to_string(error);
  return {};
}

struct KindCase {
  std::string name;
  std::string keys;
  TunnelPolicy policy;
  bool pops_early;
};
void PrintTo(const KindCase& row, std::ostream* out) { *out << row.keys; }

class TunnelKinds : public testing::TestWithParam<KindCase> {};

TEST_P(TunnelKinds, ChooseWhatIsNotSaid) {
  const Topology topology = read("{ path: [r1, r2, r3]" + GetParam().keys + " }");
  ASSERT_EQ(topology.tunnels.size(), 1U);
  EXPECT_EQ(topology.tunnels[0].policy, GetParam().policy);
  EXPECT_EQ(topology.tunnels[0].pops_early, GetParam().pops_early);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TunnelKinds,
    testing::Values(KindCase{"none", "", {}, true},
                    KindCase{"explicit", ", kind: explicit", {}, true},
                    KindCase{"implicit", ", kind: implicit", {.tells_labels = false}, true},
                    KindCase{"opaque", ", kind: opaque", {.propagates_ttl = false}, false},
                    KindCase{"invisible",
                             ", kind: invisible",
                             {.propagates_ttl = false, .tells_labels = false},
                             true},
                    KindCase{
                        "finer",
                        ", propagate-ttl: true, tell-labels: false, pop: penultimate, kind: opaque",
                        {.tells_labels = false},
                        true},
                    KindCase{"other",
                             ", kind: implicit, label-ttl: 64, errors: direct, pop: egress",
                             {.label_ttl = 64, .tells_labels = false, .errors_along = false},
                             false}),
    [](const auto& row) { return row.param.name; });

TEST(TunnelFile, SaysWhatGoesInAndUnderWhichLabels) {
  const Topology topology = read(
      "{ path: [r1, r2, r3], to: [default, 192.0.2.0/24], pop: egress, labels: [16, 1048575] }");
  ASSERT_EQ(topology.tunnels.size(), 1U);
  EXPECT_THAT(topology.tunnels[0].to,
              testing::ElementsAre(Prefix{}, *Prefix::parse("192.0.2.0/24")));
  EXPECT_THAT(topology.tunnels[0].labels, testing::ElementsAre(16, 1048575));
}

TEST(TunnelFile, IsExplained) {
  EXPECT_THAT(explained(read("{ path: [r1, r2, r3], kind: opaque }")),
              testing::AllOf(testing::HasSubstr("tunnels (1)\n"
                                                "  r1 > r2 > r3  labels 16, 17  propagate-ttl "
                                                "false  pop egress\n"),
                             testing::HasSubstr("  web  198.18.0.2  198.18.1.6  198.18.1.10\n")));
  EXPECT_THAT(explained(read("{ path: [r1, r2, r3] }")),
              testing::HasSubstr("  web  198.18.0.2  198.18.1.2  198.18.1.6  198.18.1.10\n"));
}

class BadTunnels : public testing::TestWithParam<BadFile> {};

TEST_P(BadTunnels, AreToldByLineAndColumn) {
  EXPECT_EQ(mistakes_in(GetParam().text), GetParam().mistakes);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadTunnels,
    testing::Values(
        BadFile{"no_list",
                good_and("tunnels: r1\n"),
                {"4:10: expected a list of tunnels such as { path: [r1, r2, r3] }, found 'r1'"}},
        BadFile{"no_map",
                with_tunnel("r1"),
                {"9:5: expected a tunnel such as { path: [r1, r2, r3], kind: explicit }, found "
                 "'r1'"}},
        BadFile{"no_path", with_tunnel("{ kind: opaque }"), {"9:5: key 'path' is missing"}},
        BadFile{"unknown_key",
                with_tunnel("{ path: [r1, r2, r3], zzz: 1 }"),
                {"9:27: unknown key 'zzz'; expected one of: path, to, kind, propagate-ttl, "
                 "label-ttl, pop, tell-labels, errors, labels"}},
        BadFile{"kind",
                with_tunnel("{ path: [r1, r2, r3], kind: opake }"),
                {"9:33: expected explicit, implicit, opaque or invisible, found 'opake'; did you "
                 "mean 'opaque'?"}},
        BadFile{"label",
                with_tunnel("{ path: [r1, r2, r3], labels: [15] }"),
                {"9:36: expected a label from 16 to 1048575, found '15'"}},
        BadFile{"label_ttl",
                with_tunnel("{ path: [r1, r2, r3], label-ttl: 0 }"),
                {"9:38: expected a TTL from 1 to 255, found '0'"}},
        BadFile{
            "unknown_node", with_tunnel("{ path: [r1, r2, r9] }"), {"9:22: no node is named 'r9'"}},
        BadFile{"tun",
                with_tunnel("{ path: [tun0, r1, r2] }"),
                {"9:14: 'tun0' is a TUN; a tunnel leads through routers"}},
        BadFile{"no_name",
                with_tunnel("{ path: [r1, [r2], r3] }"),
                {"9:18: expected the name of a router, found a list"}},
        BadFile{"not_neighbours",
                with_tunnel("{ path: [r1, r3, r2] }"),
                {"9:18: 'r1' and 'r3' have no link in common"}},
        BadFile{"prefix",
                with_tunnel("{ path: [r1, r2, r3], to: [192.0.2.1/24] }"),
                {"9:32: expected a prefix such as 192.0.2.0/24, found '192.0.2.1/24', which has "
                 "host bits; did you mean 192.0.2.0/24?"}}),
    name_of);

}  // namespace
}  // namespace hop
