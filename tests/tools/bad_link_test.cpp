// Mistakes in links and routes.

#include "tests/tools/bad_files.hpp"

namespace hop {
namespace {

class BadLinks : public testing::TestWithParam<BadFile> {};

TEST_P(BadLinks, AreToldByLineAndColumn) {
  EXPECT_EQ(mistakes_in(GetParam().text), GetParam().mistakes);
}

INSTANTIATE_TEST_SUITE_P(
    Links, BadLinks,
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
        BadFile{"tun_with_interface_name",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {} }\n"
                "links: [{ endpoints: [{ node: tun0, name: eth0 }, r1] }]\n",
                {"3:43: a TUN has its name under 'tuns'"}},
        BadFile{"tun_with_labels",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {} }\n"
                "links: [{ endpoints: [{ node: tun0, mpls: [{ label: 1 }] }, r1] }]\n",
                {"3:31: TUN 'tun0' has no labels; a node's interface has them"}},
        BadFile{"component_without_a_place",
                with_link("endpoints: [{ node: r1, component: { index: 0 } }, r2]"),
                {"5:49: expected an index from 1 to 4294967295, found '0'"}},
        BadFile{"component_name",
                with_link("endpoints: [{ node: r1, component: { name: 'a b' } }, r2]"),
                {"5:48: expected a name of 1 to 63 bytes without spaces, found 'a b'"}},
        BadFile{"label_too_large",
                with_link("endpoints: [{ node: r1, mpls: [{ label: 1048576 }] }, r2]"),
                {"5:45: expected a label from 0 to 1048575, found '1048576'"}},
        BadFile{"label_missing",
                with_link("endpoints: [{ node: r1, mpls: [{ tc: 1 }] }, r2]"),
                {"5:36: key 'label' is missing"}},
        BadFile{"traffic_class",
                with_link("endpoints: [{ node: r1, mpls: [{ label: 1, tc: 8 }] }, r2]"),
                {"5:52: expected a traffic class from 0 to 7, found '8'"}},
        BadFile{"label_ttl",
                with_link("endpoints: [{ node: r1, mpls: [{ label: 1, ttl: 256 }] }, r2]"),
                {"5:53: expected a TTL from 0 to 255, found '256'"}},
        BadFile{"extended_echo_of_an_interface",
                with_link("endpoints: [{ node: r1, extended-echo: [eth0] }, r2]"),
                {"5:44: expected true or false, found a list"}},
        BadFile{"interface_name_with_space",
                with_link("endpoints: [{ node: r1, name: 'eth 0' }, r2]"),
                {"5:35: expected a name of 1 to 63 bytes without spaces, found 'eth 0'"}},
        BadFile{"interface_name_too_long",
                with_link("endpoints: [{ node: r1, name: " + std::string(64, 'x') + " }, r2]"),
                {"5:35: expected a name of 1 to 63 bytes without spaces, found '" +
                 std::string(64, 'x') + "'"}},
        BadFile{"address_without_length",
                with_link("endpoints: [{ node: r1, address: 192.0.2.1 }, r2]"),
                {"5:38: address 192.0.2.1 lacks its prefix length: write 192.0.2.1/24, for "
                 "example, or give the link a 'subnet'"}},
        BadFile{"address",
                with_link("endpoints: [{ node: r1, address: 192.0.2.256/24 }, r2]"),
                {"5:38: expected an address such as 192.0.2.1/24, found '192.0.2.256/24'"}},
        BadFile{"addresses",
                with_link("{ endpoints: [{ node: r1, addresses: [192.0.2.1] }, r2] }"),
                {"5:43: address 192.0.2.1 lacks its prefix length: write 192.0.2.1/24, for "
                 "example, or give the link a 'subnet'"}},
        BadFile{"addresses_not_a_list",
                with_link("{ endpoints: [{ node: r1, addresses: 192.0.2.1/24 }, r2] }"),
                {"5:42: expected a list of addresses such as [192.0.2.1/24], found "
                 "'192.0.2.1/24'"}},
        BadFile{"tun_with_addresses",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {} }\n"
                "links: [{ endpoints: [{ node: tun0, addresses: [198.18.0.9/24] }, r1] }]\n",
                {"3:48: TUN 'tun0' has one address, under 'tuns'"}},
        BadFile{"tun_with_discovery",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r1: {} }\n"
                "links: [{ endpoints: [{ node: tun0, router-discovery: true }, r1] }]\n",
                {"3:55: 'router-discovery' is for nodes, and 'tun0' is a TUN"}},
        BadFile{"endpoint_without_name",
                with_link("endpoints: [{ address: 192.0.2.1/24 }, r2]"),
                {"5:17: key 'node' is missing"}},
        BadFile{"unknown_key_of_an_endpoint",
                with_link("endpoints: [{ node: r1, colour: red }, r2]"),
                {"5:29: unknown key 'colour'; expected one of: node, address, addresses, name, "
                 "component, mpls, forwarding, extended-echo, router-discovery, mtu, limit, ecn, "
                 "rate, delay, jitter, loss, duplicate, corrupt, reorder, drop, cost"}},
        BadFile{"unknown_key",
                with_link("{ endpoints: [r1, r2], colour: red }"),
                {"5:28: unknown key 'colour'; expected one of: endpoints, name, up, subnet, mtu, "
                 "limit, ecn, rate, delay, jitter, loss, duplicate, corrupt, reorder, drop, cost"}},
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
                {"5:35: expected a number of packets from 1, or of bytes such as 64kB, found "
                 "'0'"}},
        BadFile{"limit_in_no_bytes",
                with_link("{ endpoints: [r1, r2], limit: 0B }"),
                {"5:35: expected a number of packets from 1, or of bytes such as 64kB, found "
                 "'0B'"}},
        BadFile{"limit_in_units_of_tc",
                with_link("{ endpoints: [r1, r2], limit: 64kb }"),
                {"5:35: expected a number of packets from 1, or of bytes such as 64kB, found "
                 "'64kb'"}},
        BadFile{"rate_unit",
                with_link("{ endpoints: [r1, r2], rate: 10mbps }"),
                {"5:34: expected a rate such as 10mbit (units bit, kbit, mbit, gbit, per second) "
                 "or unlimited, "
                 "found '10mbps'"}},
        BadFile{"delay_unit",
                with_link("{ endpoints: [r1, r2], delay: 5 ms }"),
                {"5:35: expected a duration such as 5ms or 1.5s (units ns, us, ms, s, min; at most "
                 "24 hours), found '5 ms'"}},
        BadFile{"jitter_above_the_delay",
                with_link("{ endpoints: [r1, r2], delay: 5ms, jitter: 6ms }"),
                {"5:5: a jitter of 6ms is more than the delay of 5ms"}},
        BadFile{"jitter_above_the_delay_of_one_end",
                with_link("{ endpoints: [r1, { node: r2, delay: 1ms }], delay: 5ms, jitter: 2ms }"),
                {"5:23: a jitter of 2ms is more than the delay of 1ms"}},
        BadFile{"loss_without_unit",
                with_link("{ endpoints: [r1, r2], loss: 0.1 }"),
                {"5:34: expected a share such as 1%, or a model such as { gilbert-elliott: { p: "
                 "1%, r: 10% } }, found '0.1'"}},
        BadFile{"loss_above_all",
                with_link("{ endpoints: [{ node: r1, loss: 100.1% }, r2] }"),
                {"5:37: expected a share such as 1%, or a model such as { gilbert-elliott: { p: "
                 "1%, r: 10% } }, found '100.1%'"}},
        BadFile{"loss_by_another_model",
                with_link("{ endpoints: [r1, r2], loss: { gemodel: { p: 1% } } }"),
                {"5:34: key 'gilbert-elliott' is missing",
                 "5:36: unknown key 'gemodel'; expected one of: gilbert-elliott"}},
        BadFile{"gilbert_elliott_without_p",
                with_link("{ endpoints: [r1, r2], loss: { gilbert-elliott: { r: 1% } } }"),
                {"5:53: key 'p' is missing"}},
        BadFile{"gilbert_elliott_with_h",
                with_link("{ endpoints: [r1, r2], loss: { gilbert-elliott: { p: 1%, h: 1% } } }"),
                {"5:62: unknown key 'h'; expected one of: p, r, 1-h, 1-k"}},
        BadFile{"duplicate",
                with_link("{ endpoints: [r1, r2], duplicate: often }"),
                {"5:39: expected a share such as 1% or 0.05%, at most 100%, found 'often'"}},
        BadFile{"corrupt",
                with_link("{ endpoints: [r1, r2], corrupt: -1% }"),
                {"5:37: expected a share such as 1% or 0.05%, at most 100%, found '-1%'"}},
        BadFile{"reorder",
                with_link("{ endpoints: [r1, r2], delay: 1ms, reorder: yes }"),
                {"5:49: expected a share such as 25%, or jitter, found 'yes'"}},
        BadFile{"reorder_without_delay",
                with_link("{ endpoints: [r1, r2], reorder: 25% }"),
                {"5:5: 'reorder' needs a 'delay', which the packets that go ahead do not take"}},
        BadFile{"reorder_by_no_jitter",
                with_link("{ endpoints: [r1, r2], delay: 1ms, reorder: jitter }"),
                {"5:5: 'reorder: jitter' needs a 'jitter'"}},
        BadFile{"ecn",
                with_link("{ endpoints: [r1, r2], ecn: true }"),
                {"5:33: expected a number of packets, or of bytes such as 30kB, found 'true'"}},
        BadFile{"ecn_behind_the_limit",
                with_link("{ endpoints: [r1, r2], limit: 20, ecn: 20 }"),
                {"5:5: the queue never gets as long as 'ecn' says: its 'limit' is no more"}},
        BadFile{"drop_not_a_list",
                with_link("{ endpoints: [r1, r2], drop: { nth: 3 } }"),
                {"5:34: expected a list such as [{ nth: 3 }], found a map"}},
        BadFile{"drop_of_nothing",
                with_link("{ endpoints: [r1, r2], drop: [{ protocol: udp }] }"),
                {"5:35: expected 'nth' or 'every', which packets to drop"}},
        BadFile{"drop_nth_zero",
                with_link("{ endpoints: [r1, r2], drop: [{ nth: 0 }] }"),
                {"5:42: expected a number from 1, found '0'"}},
        BadFile{"drop_more_than_every",
                with_link("{ endpoints: [r1, r2], drop: [{ every: 3, count: 4 }] }"),
                {"5:35: a 'count' of 4 does not fit into 'every' 3"}},
        BadFile{"drop_ports_without_protocol",
                with_link("{ endpoints: [r1, r2], drop: [{ nth: 1, ports: 53 }] }"),
                {"5:35: ports need 'protocol: tcp' or 'protocol: udp'"}},
        BadFile{"drop_icmp_type_of_udp",
                with_link("{ endpoints: [r1, r2], drop: [{ nth: 1, protocol: udp, icmp-type: "
                          "echo-request }] }"),
                {"5:35: only packets of 'protocol: icmp' have an 'icmp-type'"}},
        BadFile{"drop_icmp_type",
                with_link("{ endpoints: [r1, r2], drop: [{ nth: 1, icmp-type: time-exeeded }] }"),
                {"5:56: expected an ICMP type such as time-exceeded or dest-unreachable, found "
                 "'time-exeeded'; did you mean 'time-exceeded'?"}},
        BadFile{"links_a_map",
                "tuns: { tun0: { address: 198.18.0.1/24 } }\nlinks: { a: b }\n",
                {"2:8: expected a list of links, found a map"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Routes, BadLinks,
    testing::Values(
        BadFile{
            "route_without_to", with_route("{ via: 198.18.0.1 }"), {"4:16: key 'to' is missing"}},
        BadFile{"route_without_action",
                with_route("{ to: default }"),
                {"4:16: expected one of 'via', 'type' and 'reject', found none"}},
        BadFile{"route_with_two",
                with_route("{ to: default, via: 198.18.0.1, type: blackhole }"),
                {"4:16: expected one of 'via', 'type' and 'reject', found several"}},
        BadFile{
            "tos",
            with_route("{ to: default, tos: lowdelay, type: blackhole }"),
            {"4:36: expected minimize-delay, maximize-throughput, maximize-reliability, normal or "
             "an even number from 0 to 14 (the lowest bit is one of ECN), found 'lowdelay'"}},
        BadFile{
            "tos_above_four_bits",
            with_route("{ to: default, tos: 16, type: blackhole }"),
            {"4:36: expected minimize-delay, maximize-throughput, maximize-reliability, normal or "
             "an even number from 0 to 14 (the lowest bit is one of ECN), found '16'"}},
        BadFile{
            "tos_of_ecn",
            with_route("{ to: default, tos: 1, type: blackhole }"),
            {"4:36: expected minimize-delay, maximize-throughput, maximize-reliability, normal or "
             "an even number from 0 to 14 (the lowest bit is one of ECN), found '1'"}},
        BadFile{
            "tos_minimize_cost",
            with_route("{ to: default, tos: minimize-cost, type: blackhole }"),
            {"4:36: expected minimize-delay, maximize-throughput, maximize-reliability, normal or "
             "an even number from 0 to 14 (the lowest bit is one of ECN), found "
             "'minimize-cost'"}},
        BadFile{"via_nobody",
                with_route("{ to: default, via: [] }"),
                {"4:36: expected the address of a next hop or more, found a list"}},
        BadFile{"via_twice",
                with_route("{ to: default, via: [198.18.0.1, 198.18.0.1] }"),
                {"4:49: 198.18.0.1 stands here twice"}},
        BadFile{"via_nobody_knows",
                with_route("{ to: default, via: [198.18.0.1, 203.0.113.1] }"),
                {"4:31: 203.0.113.1 is on no link of 'r1'; 'via' is an address of a neighbour"}},
        BadFile{"route_preference_never",
                with_route("{ to: default, via: 198.18.0.1, preference: never }"),
                {"4:60: expected a preference from -2147483647 to 2147483647, found 'never'"}},
        BadFile{"route_preference_of_a_router",
                with_route("{ to: default, via: 198.18.0.1, preference: 1 }"),
                {"4:60: 'preference' is for the default routes of hosts, { to: default, via: "
                 "ADDRESS }"}},
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
    Resolved, BadLinks,
    testing::Values(
        BadFile{"address_outside_subnet",
                with_link("{ endpoints: [{ node: r1, address: 192.0.3.1/24 }, r2], subnet: "
                          "192.0.2.0/24 }"),
                {"5:40: 192.0.3.1/24 is not in the link's subnet 192.0.2.0/24"}},
        BadFile{"bare_address_outside_subnet",
                with_link("{ endpoints: [{ node: r1, address: 192.0.3.1 }, r2], subnet: "
                          "192.0.2.0/24 }"),
                {"5:40: 192.0.3.1/24 is not in the link's subnet 192.0.2.0/24"}},
        BadFile{"interface_name_twice",
                with_link("{ endpoints: [{ node: r1, name: eth0 }, r2] }"),
                {"5:37: 'r1' has an interface 'eth0' already"}},
        BadFile{"overlap",
                with_link("{ endpoints: [r1, r2], subnet: 198.18.0.128/25 }"),
                {"5:36: subnet 198.18.0.128/25 overlaps with 198.18.0.0/24 of link 1"}},
        BadFile{"secondary_overlap",
                with_link("{ endpoints: [{ node: r1, addresses: [198.18.0.77/32] }, r2] }"),
                {"5:31: subnet 198.18.0.77/32 overlaps with 198.18.0.0/24 of link 1"}},
        BadFile{"no_address_left",
                "tuns: { tun0: { address: 198.18.0.1/30 } }\nnodes: { r1: {}, r2: {} }\n"
                "links:\n  - endpoints: [tun0, r1, r2]\n",
                {"4:27: no address is left for this end in 198.18.0.0/30"}}),
    name_of);

}  // namespace
}  // namespace hop
