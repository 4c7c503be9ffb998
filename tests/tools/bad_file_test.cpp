// Every mistake in a topology file is told with its place, what was found and what was expected.

#include "tests/tools/bad_files.hpp"

namespace hop {
namespace {

class BadFiles : public testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, AreToldByLineAndColumn) {
  EXPECT_EQ(mistakes_in(GetParam().text), GetParam().mistakes);
}

INSTANTIATE_TEST_SUITE_P(
    Whole, BadFiles,
    testing::Values(
        BadFile{
            "empty", "", {"1:1: the file is empty; expected at least 'tuns', 'nodes' and 'links'"}},
        BadFile{"only_comments",
                "# nothing\n\n",
                {"1:1: the file is empty; expected at least 'tuns', 'nodes' and 'links'"}},
        BadFile{"syntax",
                "tuns: {\nnodes: [\n",
                {"3:1: not valid YAML: end of sequence flow not found"}},
        BadFile{"tab",
                "tuns:\n\ttun0: {}\n",
                {"2:1: a tab in the indentation; YAML takes spaces only"}},
        BadFile{"unknown_alias",
                "tuns: *x\n",
                {"1:7: not valid YAML: the referenced anchor is not "
                 "defined"}},
        BadFile{"list",
                "- tuns\n",
                {"1:1: expected a map with 'tuns', 'nodes' and 'links', found a list"}},
        BadFile{"scalar",
                "tuns\n",
                {"1:1: expected a map with 'tuns', 'nodes' and 'links', found 'tuns'"}},
        BadFile{"two_documents",
                good_and("---\n" + good_and("")),
                {"4:1: expected the end of the file, found a second document or a stray bracket"}},
        BadFile{"stray_bracket", good_and("}\n"), {"4:1: not valid YAML: illegal flow end"}},
        BadFile{"nothing_but_brackets",
                ",} # ",
                {"1:1: expected the end of the file, found a second document or a stray bracket"}},
        BadFile{"missing_sections",
                "name: lab\n",
                {"1:1: key 'tuns' is missing", "1:1: key 'links' is missing"}},
        BadFile{"no_tun",
                "tuns: {}\nnodes: {r1: {}, r2: {}}\nlinks: [{endpoints: [r1, r2]}]\n",
                {"1:7: expected one TUN or more, found none"}},
        BadFile{"unknown_key",
                good_and("rooting: static\n"),
                {"4:1: unknown key 'rooting'; did you mean 'routing'?"}},
        BadFile{
            "unknown_key_without_neighbour",
            good_and("version: 3\n"),
            {"4:1: unknown key 'version'; expected one of: name, seed, pool, routing, tuns, nodes, "
             "links, routes, tunnels, timeline"}},
        BadFile{"duplicate_key",
                good_and("seed: 1\nseed: 2\n"),
                {"5:1: duplicate key 'seed', which stands on line 4 already"}},
        BadFile{"key_that_is_a_list",
                good_and("[a, b]: 2\n"),
                {"4:1: expected a key that is a plain word, found a list"}},
        BadFile{
            "merge_key",
            "base: &base {}\n" + with_node("{ <<: *base }"),
            {"1:1: unknown key 'base'; expected one of: name, seed, pool, routing, tuns, nodes, "
             "links, routes, tunnels, timeline",
             "3:16: merge keys ('<<') are not supported; write the keys out"}},
        BadFile{"empty_name",
                good_and("name:\n"),
                {"4:1: expected a name for the network, found nothing"}},
        BadFile{"negative_seed",
                good_and("seed: -1\n"),
                {"4:7: expected a seed from 0 to 18446744073709551615, found '-1'"}},
        BadFile{"routing",
                good_and("routing: shortes\n"),
                {"4:10: expected shortest or static, found 'shortes'; did you mean 'shortest'?"}},
        BadFile{"several_in_order",
                "routing: none\nseed: x\n" + with_node("{ kind: switch }"),
                {"1:10: expected shortest or static, found 'none'",
                 "2:7: expected a seed from 0 to 18446744073709551615, found 'x'",
                 "4:22: expected router or host, found 'switch'"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Tuns, BadFiles,
    testing::Values(
        BadFile{"tun_without_address",
                "tuns: { tun0: {} }\nnodes: { r1: {} }\nlinks: [{ endpoints: [tun0, r1] }]\n",
                {"1:15: key 'address' is missing"}},
        BadFile{"tun_null",
                "tuns: { tun0: }\nnodes: { r1: {} }\nlinks: [{ endpoints: [tun0, r1] }]\n",
                {"1:9: key 'address' is missing"}},
        BadFile{"tun_address",
                "tuns: { tun0: { address: 198.18.0.1 } }\nnodes: { r1: {} }\n"
                "links: [{ endpoints: [tun0, r1] }]\n",
                {"1:26: expected an address with its prefix length, such as 198.18.0.1/24, found "
                 "'198.18.0.1'"}},
        BadFile{"tun_name",
                "tuns: { tun0123456789abc: { address: 198.18.0.1/24 } }\nnodes: { r1: {} }\n"
                "links: [{ endpoints: [tun0123456789abc, r1] }]\n",
                {"1:9: expected a name of 1 to 15 letters, digits, '-', '_' and '.', found "
                 "'tun0123456789abc'"}},
        BadFile{"tun_routes_and_netns",
                "tuns: { tun0: { address: 198.18.0.1/24, routes: [10.0.0.1/8], netns: a/b } }\n"
                "nodes: { r1: {} }\nlinks: [{ endpoints: [tun0, r1] }]\n",
                {"1:50: expected a prefix such as 192.0.2.0/24, found '10.0.0.1/8', which has host "
                 "bits; did you mean 10.0.0.0/8?",
                 "1:70: expected the name of a network namespace, as in 'ip netns', found 'a/b'"}},
        BadFile{"tuns_a_list",
                "tuns: [tun0]\nnodes: { r1: {}, r2: {} }\nlinks: []\n",
                {"1:7: expected a map from the names of TUN devices to their settings, found a "
                 "list",
                 "2:10: node 'r1' is on no link", "2:18: node 'r2' is on no link"}}),
    name_of);

}  // namespace
}  // namespace hop
