// Every mistake in a topology file is told with its place, what was found and what was expected.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tools/config/topology_file.hpp"

namespace hop {
namespace {

using Lines = std::vector<std::string>;

/// The mistakes in a file, without its name in front.
Lines mistakes_in(const std::string& text) {
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

void PrintTo(const BadFile& file, std::ostream* out) { *out << file.text; }

class BadFiles : public testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, AreToldByLineAndColumn) {
  EXPECT_EQ(mistakes_in(GetParam().text), GetParam().mistakes);
}

std::string name_of(const testing::TestParamInfo<BadFile>& info) { return info.param.name; }

/// A file that is right, with `more` behind it.
std::string good_and(const std::string& more) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: {} }\n"
         "links: [{ endpoints: [tun0, r1] }]\n" +
         more;
}

/// A file whose node r1 has `settings`, which begin at 2:14.
std::string with_node(const std::string& settings) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: " +
         settings +
         " }\n"
         "links: [{ endpoints: [tun0, r1] }]\n";
}

/// A file whose node r1 has these ICMP `settings`, which begin at 2:22.
std::string with_icmp(const std::string& settings) {
  return with_node("{ icmp: " + settings + " }");
}

/// A file with a second link, from r1 to r2, of these `settings`, which begin at 5:5.
std::string with_link(const std::string& settings) {
  return "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
         "nodes: { r1: {}, r2: {} }\n"
         "links:\n"
         "  - endpoints: [tun0, r1]\n"
         "  - " +
         settings + "\n";
}

/// A file with one route of r1, which begins at 4:15.
std::string with_route(const std::string& route) {
  return good_and("routes: { r1: [" + route + "] }\n");
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
                {"5:1: a second YAML document; expected one topology in a file"}},
        BadFile{"missing_sections",
                "name: lab\n",
                {"1:1: key 'tuns' is missing", "1:1: key 'links' is missing"}},
        BadFile{"no_tun",
                "tuns: {}\nnodes: {r1: {}, r2: {}}\nlinks: [{endpoints: [r1, r2]}]\n",
                {"1:7: expected one TUN or more, found none"}},
        BadFile{"unknown_key",
                good_and("rooting: static\n"),
                {"4:1: unknown key 'rooting'; did you mean 'routing'?"}},
        BadFile{"unknown_key_without_neighbour",
                good_and("version: 3\n"),
                {"4:1: unknown key 'version'; expected one of: name, seed, routing, tuns, nodes, "
                 "links, routes"}},
        BadFile{"duplicate_key",
                good_and("seed: 1\nseed: 2\n"),
                {"5:1: duplicate key 'seed', which stands on line 4 already"}},
        BadFile{"key_that_is_a_list",
                good_and("[a, b]: 2\n"),
                {"4:1: expected a key that is a plain word, found a list"}},
        BadFile{"merge_key",
                "base: &base {}\n" + with_node("{ <<: *base }"),
                {"1:1: unknown key 'base'; expected one of: name, seed, routing, tuns, nodes, "
                 "links, routes",
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

INSTANTIATE_TEST_SUITE_P(
    Nodes, BadFiles,
    testing::Values(
        BadFile{"name_used_twice",
                "tuns: { a: { address: 198.18.0.1/24 } }\nnodes: { a: {}, b: {} }\n"
                "links: [{ endpoints: [a, b] }]\n",
                {"2:10: name 'a' is used twice: line 1 has a TUN of that name"}},
        BadFile{"node_twice",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {}, r1: {} }\n"
                "links: [{ endpoints: [tun0, r1] }]\n",
                {"2:18: duplicate key 'r1', which stands on line 2 already"}},
        BadFile{"node_on_no_link",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {}, r2: {} }\n"
                "links: [{ endpoints: [tun0, r1] }]\n",
                {"2:18: node 'r2' is on no link"}},
        BadFile{"node_a_word",
                with_node("router"),
                {"2:14: expected a map of settings; {} for the defaults, found 'router'"}},
        BadFile{"kind",
                with_node("{ kind: ruoter }"),
                {"2:22: expected router or host, found 'ruoter'; did you mean 'router'?"}},
        BadFile{"source_routing_key",
                with_node("{ source_routing: true }"),
                {"2:16: unknown key 'source_routing'; did you mean 'source-routing'?"}},
        BadFile{"source_routing",
                with_node("{ source-routing: yes }"),
                {"2:32: expected true or false, found 'yes'"}},
        BadFile{"timeout_without_unit",
                with_node("{ reassembly-timeout: 60 }"),
                {"2:36: expected a duration such as 5ms or 1.5s (units ns, us, ms, s, min; at most "
                 "24 hours), found '60'"}},
        BadFile{"timeout_zero",
                with_node("{ reassembly-timeout: 0s }"),
                {"2:36: expected a duration such as 5ms or 1.5s (units ns, us, ms, s, min; at most "
                 "24 hours), found '0s'"}},
        BadFile{"ports",
                with_node("{ udp: { echo: [0, 7, 7, 65536], sink: 9 } }"),
                {"2:30: expected a port from 1 to 65535, found '0'",
                 "2:36: UDP port 7 of this node is taken already",
                 "2:39: expected a port from 1 to 65535, found '65536'",
                 "2:53: expected a list of ports such as [7], found '9'"}},
        BadFile{"port_echo_and_sink",
                with_node("{ udp: { echo: [7], sink: [7] } }"),
                {"2:41: UDP port 7 of this node is taken already"}},
        BadFile{"later_tcp",
                with_node("{ tcp: { open: [80] } }"),
                {"2:16: unknown key 'tcp'; expected one of: kind, source-routing, icmp, "
                 "reassembly-timeout, udp"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Icmp, BadFiles,
    testing::Values(
        BadFile{"profile",
                with_icmp("{ profile: Linux }"),
                {"2:33: expected rfc1812, linux or legacy, found 'Linux'; did you mean 'linux'?"}},
        BadFile{"rate_without_unit",
                with_icmp("{ rate: 100 }"),
                {"2:30: expected a rate of errors such as 100/s, or unlimited, found '100'"}},
        BadFile{"rate_zero",
                with_icmp("{ rate: 0/s }"),
                {"2:30: expected a rate of errors such as 100/s, or unlimited, found '0/s'"}},
        BadFile{"burst",
                with_icmp("{ burst: [1] }"),
                {"2:31: expected a number of errors from 1, or unlimited, found a list"}},
        BadFile{"source",
                with_icmp("{ source: 198.18.0.1/24 }"),
                {"2:32: expected egress, ingress or an address, found '198.18.0.1/24'"}},
        BadFile{"quote",
                with_icmp("{ quote: 65508 }"),
                {"2:31: expected a number of bytes from 8 to 65507, or full, found '65508'"}},
        BadFile{"ttl", with_icmp("{ ttl: 0 }"), {"2:29: expected a TTL from 1 to 255, found '0'"}},
        BadFile{"id",
                with_icmp("{ id: randon }"),
                {"2:28: expected counter, random or zero, found 'randon'; did you mean 'random'?"}},
        BadFile{"silent",
                with_icmp("{ silent: [echo-reply, time-exceded] }"),
                {"2:45: expected an ICMP type such as time-exceeded or dest-unreachable, found "
                 "'time-exceded'; did you mean 'time-exceeded'?"}},
        BadFile{"silent_none",
                with_icmp("{ silent: none }"),
                {"2:32: expected a list of ICMP types, or all, found 'none'"}},
        BadFile{"next_hop_mtu",
                with_icmp("{ next-hop-mtu: 1400 }"),
                {"2:38: expected honest or zero, found '1400'"}},
        BadFile{"later_delay",
                with_icmp("{ delay: 3ms }"),
                {"2:24: unknown key 'delay'; expected one of: profile, rate, burst, source, quote, "
                 "ttl, id, redirects, source-quench, silent, next-hop-mtu"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Links, BadFiles,
    testing::Values(
        BadFile{"no_endpoints", with_link("mtu: 1500"), {"5:5: key 'endpoints' is missing"}},
        BadFile{"one_endpoint",
                with_link("endpoints: [r1]"),
                {"5:16: expected two endpoints or more, found 1"}},
        BadFile{"unknown_endpoint",
                with_link("endpoints: [r1, web, roter]"),
                {"5:21: no TUN or node is named 'web'", "5:26: no TUN or node is named 'roter'"}},
        BadFile{"misspelt_endpoint",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { router: {} }\n"
                "links: [{ endpoints: [tun0, roter] }]\n",
                {"3:29: no TUN or node is named 'roter'; did you mean 'router'?"}},
        BadFile{"tun_on_two_links",
                with_link("endpoints: [tun0, r2]"),
                {"5:17: TUN 'tun0' is on a link already; it can be on one only"}},
        BadFile{"tun_on_none",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {}, r2: {} }\n"
                "links: [{ endpoints: [r1, r2] }]\n",
                {"1:9: TUN 'tun0' is on no link"}},
        BadFile{"tun_with_address",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {} }\n"
                "links: [{ endpoints: [{ node: tun0, address: 198.18.0.9/24 }, r1] }]\n",
                {"3:46: TUN 'tun0' has its address under 'tuns'"}},
        BadFile{"address_without_length",
                with_link("endpoints: [{ node: r1, address: 192.0.2.1 }, r2]"),
                {"5:38: address 192.0.2.1 lacks its prefix length: write 192.0.2.1/24, for "
                 "example, or give the link a 'subnet'"}},
        BadFile{"address",
                with_link("endpoints: [{ node: r1, address: 192.0.2.256/24 }, r2]"),
                {"5:38: expected an address such as 192.0.2.1/24, found '192.0.2.256/24'"}},
        BadFile{"endpoint_without_name",
                with_link("endpoints: [{ address: 192.0.2.1/24 }, r2]"),
                {"5:17: key 'node' is missing"}},
        BadFile{"later_loss",
                with_link("endpoints: [{ node: r1, loss: 10% }, r2]"),
                {"5:29: unknown key 'loss'; expected one of: node, address"}},
        BadFile{"later_jitter",
                with_link("{ endpoints: [r1, r2], jitter: 1ms }"),
                {"5:28: unknown key 'jitter'; expected one of: endpoints, subnet, mtu, limit, "
                 "delay, rate"}},
        BadFile{"misspelt_delay",
                with_link("{ endpoints: [r1, r2], dealy: 1ms }"),
                {"5:28: unknown key 'dealy'; did you mean 'delay'?"}},
        BadFile{"subnet_host_bits",
                with_link("{ endpoints: [r1, r2], subnet: 192.0.2.1/24 }"),
                {"5:36: expected a prefix such as 192.0.2.0/24, found '192.0.2.1/24', which has "
                 "host bits; did you mean 192.0.2.0/24?"}},
        BadFile{"subnet_default",
                with_link("{ endpoints: [r1, r2], subnet: default }"),
                {"5:36: expected a prefix such as 192.0.2.0/24, found 'default'"}},
        BadFile{"mtu_small",
                with_link("{ endpoints: [r1, r2], mtu: 67 }"),
                {"5:33: expected an MTU from 68 to 65535, found '67'"}},
        BadFile{"mtu_large",
                with_link("{ endpoints: [r1, r2], mtu: 65536 }"),
                {"5:33: expected an MTU from 68 to 65535, found '65536'"}},
        BadFile{"limit",
                with_link("{ endpoints: [r1, r2], limit: 0 }"),
                {"5:35: expected a number of packets from 1, found '0'"}},
        BadFile{"rate_unit",
                with_link("{ endpoints: [r1, r2], rate: 10mbps }"),
                {"5:34: expected a rate such as 10mbit (units bit, kbit, mbit, gbit, per second), "
                 "found '10mbps'"}},
        BadFile{"delay_unit",
                with_link("{ endpoints: [r1, r2], delay: 5 ms }"),
                {"5:35: expected a duration such as 5ms or 1.5s (units ns, us, ms, s, min; at most "
                 "24 hours), found '5 ms'"}},
        BadFile{"links_a_map",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nlinks: { a: b }\n",
                {"2:8: expected a list of links, found a map"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Routes, BadFiles,
    testing::Values(
        BadFile{
            "route_without_to", with_route("{ via: 198.18.0.1 }"), {"4:16: key 'to' is missing"}},
        BadFile{"route_without_action",
                with_route("{ to: default }"),
                {"4:16: expected one of 'via', 'type' and 'reject', found none"}},
        BadFile{"route_with_two",
                with_route("{ to: default, via: 198.18.0.1, type: blackhole }"),
                {"4:16: expected one of 'via', 'type' and 'reject', found several"}},
        BadFile{"via_a_name",
                with_route("{ to: default, via: tun0 }"),
                {"4:36: expected the address of the next hop, found 'tun0'"}},
        BadFile{"type",
                with_route("{ to: default, type: blakhole }"),
                {"4:37: expected unreachable, prohibit or blackhole, found 'blakhole'; did you "
                 "mean 'blackhole'?"}},
        BadFile{"reject",
                with_route("{ to: default, reject: host-prohibit }"),
                {"4:39: expected a code of destination unreachable, such as net-prohibited, found "
                 "'host-prohibit'; did you mean 'host-prohibited'?"}},
        BadFile{"to",
                with_route("{ to: 198.18.300.0/24, type: blackhole }"),
                {"4:22: expected a prefix such as 192.0.2.0/24, found '198.18.300.0/24'"}},
        BadFile{
            "route_of_nobody", good_and("routes: { r9: [] }\n"), {"4:11: no node is named 'r9'"}},
        BadFile{"route_of_tun",
                good_and("routes: { tun0: [] }\n"),
                {"4:11: 'tun0' is a TUN; routes of this machine into it stand under 'tuns' as "
                 "'routes: [PREFIX, ...]'"}},
        BadFile{"route_not_in_a_list",
                good_and("routes: { r1: { to: default, via: 198.18.0.1 } }\n"),
                {"4:15: expected a list of routes, found a map"}}),
    name_of);

// What resolve() finds is told at the value that its path leads to, or at the part before it.
INSTANTIATE_TEST_SUITE_P(
    Resolved, BadFiles,
    testing::Values(
        BadFile{"address_outside_subnet",
                with_link("{ endpoints: [{ node: r1, address: 192.0.3.1/24 }, r2], subnet: "
                          "192.0.2.0/24 }"),
                {"5:40: 192.0.3.1/24 is not in the link's subnet 192.0.2.0/24"}},
        BadFile{"bare_address_outside_subnet",
                with_link("{ endpoints: [{ node: r1, address: 192.0.3.1 }, r2], subnet: "
                          "192.0.2.0/24 }"),
                {"5:40: 192.0.3.1/24 is not in the link's subnet 192.0.2.0/24"}},
        BadFile{"overlap",
                with_link("{ endpoints: [r1, r2], subnet: 198.18.0.128/25 }"),
                {"5:36: subnet 198.18.0.128/25 overlaps with 198.18.0.0/24 of link 1"}},
        BadFile{"no_address_left",
                "tuns: { tun0: { address: 198.18.0.1/30 } }\nnodes: { r1: {}, r2: {} }\n"
                "links:\n  - endpoints: [tun0, r1, r2]\n",
                {"4:27: no address is left for this end in 198.18.0.0/30"}}),
    name_of);

}  // namespace
}  // namespace hop
