// Mistakes in the settings of nodes.

#include "tests/tools/bad_files.hpp"

namespace hop {
namespace {

class BadNodes : public testing::TestWithParam<BadFile> {};

TEST_P(BadNodes, AreToldByLineAndColumn) {
  EXPECT_EQ(mistakes_in(GetParam().text), GetParam().mistakes);
}

INSTANTIATE_TEST_SUITE_P(
    Nodes, BadNodes,
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
        BadFile{"directed_broadcast",
                with_node("{ directed-broadcast: on }"),
                {"2:36: expected true or false, found 'on'"}},
        BadFile{"rpf",
                with_node("{ rpf: stric }"),
                {"2:21: expected off, loose or strict, found 'stric'; did you mean 'strict'?"}},
        BadFile{"host_model",
                with_node("{ host-model: big }"),
                {"2:28: expected weak or strong, found 'big'"}},
        BadFile{"host_model_of_a_router",
                with_node("{ host-model: strong }"),
                {"2:10: 'host-model: strong' is for hosts: a router takes what is for any of its "
                 "addresses by any interface (RFC 1812 section 5.2.3)"}},
        BadFile{"router_id",
                with_node("{ router-id: 192.0.2.1/32 }"),
                {"2:27: expected an address such as 192.0.2.1, found '192.0.2.1/32'"}},
        BadFile{"router_id_of_the_tun",
                with_node("{ router-id: 198.18.0.1 }"),
                {"2:27: 198.18.0.1 is the address of 'tun0' already"}},
        BadFile{"martians",
                with_node("{ martians: none }"),
                {"2:26: expected rfc1812 or linux, found 'none'"}},
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
        BadFile{"tcp_ports",
                with_node("{ tcp: { open: [80, 79-81], sink: [80, 70000], filtered: none } }"),
                {"2:34: TCP port 79-81 of this node is taken already",
                 "2:49: TCP port 80 of this node is taken already",
                 "2:53: expected a port or a range of ports such as 53 or 1024-65535, found "
                 "'70000'",
                 "2:71: expected all, or a list of ports such as [25, 8000-8080], found 'none'"}},
        BadFile{"unknown_key",
                with_node("{ sctp: { open: [80] } }"),
                {"2:16: unknown key 'sctp'; expected one of: kind, up, router-id, decrement-ttl, "
                 "source-routing, options, require-option, directed-broadcast, rpf, host-model, "
                 "filter, nat, ecmp, "
                 "precedence-cutoff, "
                 "router-discovery, icmp, martians, reassembly-timeout, reassembly-limits, "
                 "overlap, tiny-fragments, tcp, udp"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    AddressTranslation, BadNodes,
    testing::Values(
        BadFile{"nat_a_word",
                with_node("{ nat: on }"),
                {"2:21: expected off, or a map such as { external: r1-r2 }, found 'on'"}},
        BadFile{"nat_key",
                with_node("{ nat: { outside: tun0-r1 } }"),
                {"2:23: unknown key 'outside'; expected one of: external, address, mapping, "
                 "filtering, ports, port-assignment, timeout, errors, hairpinning, forward, "
                 "one-to-one, limit"}},
        BadFile{"nat_settings",
                with_node("{ nat: { mapping: cone, filtering: none, ports: 9-1, "
                          "port-assignment: any, errors: translated, hairpinning: 1, limit: 0 } }"),
                {"2:32: expected endpoint-independent, address-dependent or "
                 "address-and-port-dependent, found 'cone'",
                 "2:49: expected endpoint-independent, address-dependent or "
                 "address-and-port-dependent, found 'none'",
                 "2:62: expected a port or a range of ports such as 53 or 1024-65535, found '9-1'",
                 "2:84: expected preserving, sequential or random, found 'any'",
                 "2:97: expected translate, stale-checksums, outer-only or drop, found "
                 "'translated'; did you mean 'translate'?",
                 "2:122: expected true or false, found '1'",
                 "2:132: expected a number of sessions from 1 to 1000000, found '0'"}},
        BadFile{"nat_timeout",
                with_node("{ nat: { timeout: { tcp: 1min, udp: 30 } } }"),
                {"2:34: unknown key 'tcp'; expected one of: udp, tcp-established, tcp-transitory, "
                 "icmp",
                 "2:50: expected a duration such as 5ms or 1.5s (units ns, us, ms, s, min; at most "
                 "24 hours), found '30'"}},
        BadFile{"nat_forward",
                with_node("{ nat: { forward: [{ protocol: gre, port: 0, to: 10.0.0.2:0 }] } }"),
                {"2:45: expected tcp or udp, found 'gre'",
                 "2:56: expected a port from 1 to 65535, found '0'",
                 "2:63: expected a unicast address, or one with a port such as 10.0.0.2:8080, "
                 "found '10.0.0.2:0'"}},
        BadFile{
            "nat_address_of_no_host",
            with_node("{ nat: { address: 224.0.0.1, one-to-one: [{ internal: 127.0.0.1, "
                      "external: 255.255.255.255 }, { internal: 10.0.0.2, external: 0.0.0.0 }], "
                      "forward: [{ protocol: tcp, port: 80, to: '239.1.1.1:80' }, "
                      "{ protocol: tcp, port: 81, to: 169.254.1.1 }] } }"),
            {"2:32: expected a unicast address such as 192.0.2.1, found '224.0.0.1'",
             "2:68: expected a unicast address such as 192.0.2.1, found '127.0.0.1'",
             "2:89: expected a unicast address such as 192.0.2.1, found '255.255.255.255'",
             "2:140: expected a unicast address such as 192.0.2.1, found '0.0.0.0'",
             "2:193: expected a unicast address, or one with a port such as 10.0.0.2:8080, "
             "found '239.1.1.1:80'",
             "2:242: expected a unicast address, or one with a port such as 10.0.0.2:8080, "
             "found '169.254.1.1'"}},
        BadFile{"nat_forward_twice",
                with_node("{ nat: { forward: [{ protocol: tcp, port: 80, to: 10.0.0.2 }, "
                          "{ protocol: tcp, port: 80, to: 10.0.0.3 }] } }"),
                {"2:76: port 80 is taken already"}},
        BadFile{"nat_forward_to_one_port_twice",
                with_node("{ nat: { forward: [{ protocol: tcp, port: 80, to: 10.0.0.2 }, "
                          "{ protocol: tcp, port: 8080, to: 10.0.0.2:80 }] } }"),
                {"2:76: port 80 of 10.0.0.2 is taken already"}},
        BadFile{"nat_forward_to_nobody",
                with_node("{ nat: { forward: [{ protocol: tcp, port: 80 }] } }"),
                {"2:33: key 'to' is missing"}},
        BadFile{"nat_pair_twice",
                with_node("{ nat: { one-to-one: [{ internal: 10.0.0.2, external: 10.9.0.2 }, "
                          "{ internal: 10.0.0.3, external: 10.9.0.2 }] } }"),
                {"2:80: one of these addresses is taken already"}},
        BadFile{"nat_of_a_host",
                with_node("{ kind: host, nat: { external: tun0-r1 } }"),
                {"2:10: 'nat' is for routers: it is about what is forwarded"}},
        BadFile{
            "nat_without_external",
            with_node("{ nat: {} }"),
            {"2:16: 'nat' of 'r1' lacks 'external': the link behind which the addresses that it "
             "translates are not known"}},
        BadFile{"nat_on_no_such_link",
                with_node("{ nat: { external: r1-isp } }"),
                {"2:33: no link is named 'r1-isp' that 'r1' is on; a link is called by its 'name', "
                 "or its ends such as r1-r2"}},
        BadFile{
            "nat_address_of_nobody",
            with_node("{ nat: { external: r1-tun0, address: 198.18.0.77 } }"),
            {"2:51: 198.18.0.77 is not an address of 'r1'; give it that one with 'addresses' of "
             "its end of the link"}},
        BadFile{"nat_address_is_a_broadcast",
                with_node("{ nat: { external: tun0-r1, address: 198.18.0.255 } }"),
                {"2:51: 198.18.0.255 is the network or broadcast address of 198.18.0.0/24; "
                 "expected one that a host can have"}},
        BadFile{"nat_pair_of_a_network",
                with_node("{ nat: { external: tun0-r1, one-to-one: [{ internal: 10.0.0.2, "
                          "external: 198.18.0.0 }] } }"),
                {"2:42: 198.18.0.0 is the network or broadcast address of 198.18.0.0/24; "
                 "expected one that a host can have"}},
        BadFile{"nat_forward_to_a_broadcast",
                with_node("{ nat: { external: tun0-r1, forward: [{ protocol: udp, port: 7, to: "
                          "198.18.0.255 }] } }"),
                {"2:42: 198.18.0.255 is the network or broadcast address of 198.18.0.0/24; "
                 "expected one that a host can have"}},
        BadFile{"nat_pair_of_the_shared_address",
                with_node("{ nat: { external: tun0-r1, one-to-one: [{ internal: 10.0.0.2, "
                          "external: 198.18.0.2 }] } }"),
                {"2:42: 198.18.0.2 is an address of 'r1' that others share; give it one more with "
                 "'addresses' of its end of the link"}},
        BadFile{"nat_forward_to_itself",
                with_node("{ nat: { external: tun0-r1, forward: [{ protocol: udp, port: 7, to: "
                          "198.18.0.2 }] } }"),
                {"2:42: 198.18.0.2 is an address of 'r1' itself, not of a host behind it"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    OptionsAndFragments, BadNodes,
    testing::Values(
        BadFile{"options",
                with_node("{ options: allow }"),
                {"2:25: expected process, ignore, reject or drop, found 'allow'"}},
        BadFile{"options_a_list",
                with_node("{ options: [drop] }"),
                {"2:25: expected an action, or a map from options to actions, found a list"}},
        BadFile{"option_named_twice",
                with_node("{ options: { record-route: drop, 7: ignore } }"),
                {"2:47: '7': option 7 is named twice"}},
        BadFile{"option_name",
                with_node("{ options: { record-root: drop, 1: drop, 256: drop } }"),
                {"2:27: unknown option 'record-root'; did you mean 'record-route'?",
                 "2:46: unknown option '1'; expected a number or one of: record-route, timestamp, "
                 "source-route, loose-source-route, strict-source-route, router-alert, traceroute, "
                 "security, extended-security, stream-id, other",
                 "2:55: unknown option '256'; expected a number or one of: record-route, "
                 "timestamp, source-route, loose-source-route, strict-source-route, router-alert, "
                 "traceroute, security, extended-security, stream-id, other"}},
        BadFile{"option_action",
                with_node("{ options: { timestamp: droop } }"),
                {"2:38: expected process, ignore, reject or drop, found 'droop'; did you mean "
                 "'drop'?"}},
        BadFile{"required_option",
                with_node("{ require-option: no-operation }"),
                {"2:32: expected an option such as security, or its number from 2 to 255, found "
                 "'no-operation'"}},
        BadFile{"ecmp",
                with_node("{ ecmp: flows }"),
                {"2:22: expected flow, destination, packet or off, found 'flows'; did you mean "
                 "'flow'?"}},
        BadFile{"ecmp_settings",
                with_node("{ ecmp: { by: random, hash: [dscp], seed: -1 } }"),
                {"2:28: expected flow, destination, packet or off, found 'random'",
                 "2:43: expected source, destination, protocol, ports, icmp or tos, found 'dscp'",
                 "2:56: expected a number from 0 to 4294967295, found '-1'"}},
        BadFile{"overlap",
                with_node("{ overlap: latest }"),
                {"2:25: expected drop, first or last, found 'latest'; did you mean 'last'?"}},
        BadFile{"tiny_fragments",
                with_node("{ tiny-fragments: true }"),
                {"2:32: expected pass or drop, found 'true'"}},
        BadFile{"reassembly_limits",
                with_node("{ reassembly-limits: { datagrams: 0, per-source: 257, fragments: 1 } }"),
                {"2:48: expected a number of datagrams from 1 to 256, found '0'",
                 "2:63: expected a number of datagrams from 1 to 256, found '257'",
                 "2:79: expected a number of fragments from 2 to 8192, found '1'"}},
        BadFile{
            "bad_length",
            with_icmp("{ bad-length: { code: 1, pointer: value } }"),
            {"2:44: expected 0 or 2, found '1'", "2:56: expected type or length, found 'value'"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Filter, BadNodes,
    testing::Values(
        BadFile{"filter_not_a_list",
                with_node("{ filter: { to: default } }"),
                {"2:24: expected a list of rules, found a map"}},
        BadFile{"filter_protocol",
                with_node("{ filter: [{ protocol: gre }] }"),
                {"2:37: expected icmp, tcp, udp or a protocol number from 0 to 255, found 'gre'"}},
        BadFile{"filter_ports",
                with_node("{ filter: [{ protocol: tcp, ports: 20-10 }] }"),
                {"2:49: expected a port or a range of ports such as 53 or 1024-65535, found "
                 "'20-10'"}},
        BadFile{"filter_ports_of_no_protocol",
                with_node("{ filter: [{ ports: 53 }] }"),
                {"2:25: ports need 'protocol: tcp' or 'protocol: udp'"}},
        BadFile{"filter_precedence",
                with_node("{ filter: [{ precedence: [8] }] }"),
                {"2:40: expected a precedence from 0 to 7, found '8'"}},
        BadFile{"filter_no_precedence",
                with_node("{ filter: [{ precedence: [] }] }"),
                {"2:39: expected at least one precedence"}},
        BadFile{"filter_empty_rule",
                with_node("{ filter: [{}] }"),
                {"2:25: an empty rule would be about every packet; if so, say 'action: drop' or "
                 "'reject'"}},
        BadFile{"filter_null_rule",
                with_node("{ filter: [~] }"),
                {"2:16: an empty rule would be about every packet; if so, say 'action: drop' or "
                 "'reject'"}},
        BadFile{"filter_of_a_host",
                with_node("{ kind: host, filter: [{ action: drop }] }"),
                {"2:10: 'filter' and 'precedence-cutoff' are for routers: they are about what is "
                 "forwarded"}},
        BadFile{"filter_action",
                with_node("{ filter: [{ action: acept }] }"),
                {"2:35: expected accept or drop, found 'acept'; did you mean 'accept'?"}},
        BadFile{"filter_action_and_reject",
                with_node("{ filter: [{ action: drop, reject: net-prohibited }] }"),
                {"2:25: expected one of 'action' and 'reject', found both"}},
        BadFile{"filter_reject",
                with_node("{ filter: [{ reject: 13 }] }"),
                {"2:35: expected a code of destination unreachable, such as net-prohibited, found "
                 "'13'"}},
        BadFile{"filter_from",
                with_node("{ filter: [{ from: 10.0.0.1/8 }] }"),
                {"2:33: expected a prefix such as 192.0.2.0/24, found '10.0.0.1/8', which has host "
                 "bits; did you mean 10.0.0.0/8?"}},
        BadFile{"cutoff_of_control_traffic",
                with_node("{ precedence-cutoff: 7 }"),
                {"2:35: expected a precedence from 0 to 6, below which nothing is forwarded, found "
                 "'7'"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Discovery, BadNodes,
    testing::Values(
        BadFile{"discovery",
                with_node("{ router-discovery: on }"),
                {"2:34: expected true or false, found 'on'"}},
        BadFile{"discovery_address",
                with_node("{ router-discovery: { address: 224.0.0.1 } }"),
                {"2:45: expected multicast or broadcast, found '224.0.0.1'"}},
        BadFile{"discovery_interval",
                with_node("{ router-discovery: { interval: 31min } }"),
                {"2:46: expected an interval from 4s to 30min, found '31min'"}},
        BadFile{"discovery_min_interval",
                with_node("{ router-discovery: { min-interval: 2s } }"),
                {"2:50: expected an interval from 3s to 30min, found '2s'"}},
        BadFile{"discovery_min_above_max",
                with_node("{ router-discovery: { min-interval: 5s, interval: 4s } }"),
                {"2:34: 'min-interval' is above 'interval' (10min by default)"}},
        BadFile{"discovery_lifetime",
                with_node("{ router-discovery: { lifetime: 1800.5s } }"),
                {"2:46: expected whole seconds from 4s to 150min, found '1800.5s'"}},
        BadFile{"discovery_lifetime_below_interval",
                with_node("{ router-discovery: { lifetime: 599s } }"),
                {"2:34: 'lifetime' is below 'interval' (10min by default)"}},
        BadFile{"discovery_preference_octal",
                with_node("{ router-discovery: { preference: -010 } }"),
                {"2:48: expected a preference from -2147483648 to 2147483647, or never, found "
                 "'-010'"}},
        BadFile{"discovery_preference",
                with_node("{ router-discovery: { preference: 2147483648 } }"),
                {"2:48: expected a preference from -2147483648 to 2147483647, or never, found "
                 "'2147483648'"}},
        BadFile{"discovery_addresses",
                with_node("{ router-discovery: { addresses: { 198.18.0.2: 1, tun0: 2 } } }"),
                {"2:64: expected an address, found 'tun0'"}},
        BadFile{"discovery_address_of_another",
                with_node("{ router-discovery: { addresses: { 198.18.0.1: 1 } } }"),
                {"2:36: 198.18.0.1 is not an address of 'r1'"}},
        BadFile{"discovery_of_a_host",
                with_node("{ kind: host, router-discovery: { preference: 1 } }"),
                {"2:10: hosts do not advertise themselves: of 'router-discovery' they know "
                 "'address' only"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Icmp, BadNodes,
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
        BadFile{"rate_of_class",
                with_icmp("{ rate: { redirect: 5, default: 1/s } }"),
                {"2:42: expected a rate of errors such as 100/s, or unlimited, found '5'"}},
        BadFile{"rate_of_no_class",
                with_icmp("{ rate: { echo: 5/s, redirects: 1/s } }"),
                {"2:32: unknown key 'echo'; expected one of: default, dest-unreachable, "
                 "source-quench, redirect, time-exceeded, parameter-problem, echo-reply, "
                 "timestamp-reply, info-reply, address-mask-reply, extended-echo-reply",
                 "2:43: unknown key 'redirects'; did you mean 'redirect'?"}},
        BadFile{"burst_of_class",
                with_icmp("{ burst: { time-exceeded: 0 } }"),
                {"2:48: expected a number of errors from 1, or unlimited, found '0'"}},
        BadFile{"peer_rate",
                with_icmp("{ peer-rate: 10 }"),
                {"2:35: expected a rate of errors such as 10/s, or unlimited, found '10'"}},
        BadFile{"peer_burst",
                with_icmp("{ peer-burst: 0 }"),
                {"2:36: expected a number of errors from 1, found '0'"}},
        BadFile{"error_tos",
                with_icmp("{ error-tos: 0x1e }"),
                {"2:35: expected the bits of the TOS that errors keep, a number from 0 to 31, or "
                 "by-kind, "
                 "found '0x1e'"}},
        BadFile{"truncated",
                with_icmp("{ truncated: true }"),
                {"2:35: expected report or silent, found 'true'"}},
        BadFile{"redirect_backoff",
                with_icmp("{ redirect-backoff: 9 }"),
                {"2:42: expected true or false, found '9'"}},
        BadFile{"source",
                with_icmp("{ source: 198.18.0.1/24 }"),
                {"2:32: expected egress, ingress or an address, found '198.18.0.1/24'"}},
        BadFile{"source_not_own",
                with_icmp("{ source: 192.0.2.1 }"),
                {"2:32: 192.0.2.1 is not an address of 'r1'; take one that it has, or give it this "
                 "one with 'router-id: 192.0.2.1'"}},
        BadFile{"quote",
                with_icmp("{ quote: 65508 }"),
                {"2:31: expected a number of bytes from 8 to 65507, or full, found '65508'"}},
        BadFile{"ttl", with_icmp("{ ttl: 0 }"), {"2:29: expected a TTL from 1 to 255, found '0'"}},
        BadFile{"id",
                with_icmp("{ id: randon }"),
                {"2:28: expected counter, random or zero, found 'randon'; did you mean 'random'?"}},
        BadFile{"tos_redirects",
                with_icmp("{ tos-redirects: 3 }"),
                {"2:39: expected true or false, found '3'"}},
        BadFile{"silent",
                with_icmp("{ silent: [echo-reply, time-exceded] }"),
                {"2:45: expected an ICMP type such as time-exceeded, or a code of dest-unreachable "
                 "such as frag-needed, found 'time-exceded'; did you mean 'time-exceeded'?"}},
        BadFile{"silent_none",
                with_icmp("{ silent: none }"),
                {"2:32: expected a list of ICMP messages, or all, found 'none'"}},
        BadFile{"next_hop_mtu",
                with_icmp("{ next-hop-mtu: never }"),
                {"2:38: expected honest, zero, or what to say instead, from 1 to 65535, found "
                 "'never'"}},
        BadFile{"delay",
                with_icmp("{ delay: { time: 3ms, jitter: 4ms } }"),
                {"2:31: a jitter of 4ms is more than the delay of 3ms"}},
        BadFile{"unknown_key",
                with_icmp("{ lateness: 3ms }"),
                {"2:24: unknown key 'lateness'; expected one of: profile, rate, burst, peer-rate, "
                 "peer-burst, delay, source, answer-as-asked, quote, ttl, id, error-tos, "
                 "records-in-errors, records-on-arrival, truncated, redirects, tos-redirects, "
                 "redirect-backoff, source-quench, silent, next-hop-mtu, extensions, "
                 "extension-layout, interface-information, bad-length, answer, extended-echo"}},
        BadFile{"answer",
                with_icmp("{ answer: [echo, adress-mask] }"),
                {"2:39: expected echo, broadcast-echo, timestamp, information, address-mask or "
                 "extended-echo, found 'adress-mask'"}},
        BadFile{"extensions",
                with_icmp("{ extensions: [interface, mlps] }"),
                {"2:48: expected interface or mpls, found 'mlps'; did you mean 'mpls'?"}},
        BadFile{"extensions_not_a_list",
                with_icmp("{ extensions: mpls }"),
                {"2:36: expected a list of extensions such as [interface, mpls], found 'mpls'"}},
        BadFile{"extension_layout",
                with_icmp("{ extension-layout: old }"),
                {"2:42: expected rfc4884 or non-compliant, found 'old'"}},
        BadFile{"interface_roles",
                with_icmp("{ interface-information: { roles: [ingoing] } }"),
                {"2:57: expected incoming, component, outgoing or next-hop, found 'ingoing'; did "
                 "you mean "
                 "'incoming'?"}},
        BadFile{
            "interface_parts",
            with_icmp("{ interface-information: { parts: [ifname] } }"),
            {"2:57: expected index, address, name or mtu, found 'ifname'; did you mean 'name'?"}},
        BadFile{"extended_echo_not_a_list",
                with_icmp("{ extended-echo: { name: true } }"),
                {"2:47: expected a list of prefixes, [default] for all, found 'true'"}},
        BadFile{"extended_echo_prefix",
                with_icmp("{ extended-echo: { local: [10.0.0.1/8] } }"),
                {"2:49: expected a prefix such as 192.0.2.0/24, found '10.0.0.1/8', which has host "
                 "bits; did you mean 10.0.0.0/8?"}},
        BadFile{"extended_echo_rate",
                with_icmp("{ extended-echo: { rate: 100 } }"),
                {"2:47: expected a rate of requests such as 100/s, found '100'"}}),
    name_of);

}  // namespace
}  // namespace hop
