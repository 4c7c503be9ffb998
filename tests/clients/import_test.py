"""`hop import`: simulations of trippy and fakeroute, answered by the network as they say."""

import re
import unittest

from examples import EXAMPLES, path
from support import Outcome, hop, hop_run, run, scratch

SIMULATION = """
name = 'four "hops", one of them silent'
target = "10.0.0.104"
protocol = "Icmp"
icmp_identifier = 3

[[hops]]
ttl = 1
resp = { tag = "SingleHost", addr = "10.0.0.101", rtt_ms = 10 }

[[hops]]
ttl = 2
resp.tag = "NoResponse"

[[hops]]
ttl = 3
resp = { tag = "SingleHost", addr = "10.0.0.103", rtt_ms = 25 }

[[hops]]
ttl = 4
resp = { tag = "SingleHost", addr = "10.0.0.104", rtt_ms = 20 }
"""

TOPOLOGY = r"""# Imported from a simulation of trippy.
name: "four \"hops\", one of them silent"
tuns:
  tun0: { address: 198.18.0.1/24 }
nodes:
  hop1: { router-id: 10.0.0.101, icmp: { source: 10.0.0.101 } }
  hop2: { icmp: { silent: all } }
  hop3: { router-id: 10.0.0.103, icmp: { source: 10.0.0.103, delay: 5ms } }
  hop4: { kind: host, router-id: 10.0.0.104 }
links:
  - { endpoints: [tun0, hop1], delay: 5000us }
  - { endpoints: [hop1, hop2], delay: 5000us }
  - { endpoints: [hop2, hop3], delay: 0us }
  - { endpoints: [hop3, hop4], delay: 0us }
"""

LAST = 'addr = "10.0.0.104"'
MISTAKES = {
    "no TOML": ("protocol =", "protocol ==", r":4:\d+: not valid TOML: "),
    "IPv6": ('target = "10.0.0.104"', 'target = "fd00::1"',
             r":3:\d+: expected an IPv4 address, found 'fd00::1'"),
    "no target": ('target = "10.0.0.104"', "", "key 'target' is missing"),
    "another end": (LAST, 'addr = "10.0.0.105"', "expected the target, 10.0.0.104, as the last"),
    "a tag that is none": ("NoResponse", "Nobody", "expected the tag SingleHost or NoResponse"),
    "no time": (", rtt_ms = 25", "", "expected 'rtt_ms' from 0 to 65535"),
    "one address twice": ("10.0.0.103", "10.0.0.101", "10.0.0.101"),
}


class Trippy(unittest.TestCase):
    """TOML."""

    def test_becomes_a_row_of_routers(self):
        """Word by word."""
        outcome = run(hop(), "import", "/dev/stdin", text=SIMULATION)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertEqual(outcome.out, TOPOLOGY)

    def test_is_answered_as_it_says(self):
        """Addresses, silence, and times that are not shorter: hop 3 answers later than hop 4 behind it."""
        with scratch() as directory:
            file = directory / "lab.yaml"
            file.write_text(TOPOLOGY, encoding="utf-8")
            outcome = hop_run("traceroute", "-n", "-I", "-q1", "-w2", "10.0.0.104", file=file)
        hops = re.findall(r"^ *\d+  (\S+)(?:  ([0-9.]+) ms)?$", outcome.out, re.MULTILINE)
        self.assertEqual([hop[0] for hop in hops], ["10.0.0.101", "*", "10.0.0.103", "10.0.0.104"])
        for (_, time), least in zip(hops, (10, None, 25, 20), strict=True):
            if least:
                self.assertGreaterEqual(float(time), least)

    def test_mistakes(self):
        """Are told with their place."""
        for name, (right, wrong, message) in MISTAKES.items():
            with self.subTest(name):
                self.assertIn(right, SIMULATION)
                outcome = run(hop(), "import", "/dev/stdin",
                              text=SIMULATION.replace(right, wrong))
                self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
                self.assertRegex(outcome.err, message)


TARGET = "203.0.113.80"
NAME = f"{TARGET}-graph"  # of a file, with the target in front of the hyphen


def edge_list(*ways: str) -> str:
    """Lines of edges from chains such as "start a b": start a, a b."""
    chains = [way.split() for way in ways]
    return "".join(f"{one} {other}\n" for way in chains for one, other in zip(way, way[1:]))


DIAMOND = "#  DESC a \"diamond\" \n" + edge_list(
    "start 192.0.2.1", "192.0.2.1 192.0.2.11 192.0.2.2", "192.0.2.1 192.0.2.12 192.0.2.2 end")

# The subnets of links leave out those of the routers.
ODD = edge_list("start 198.18.0.2 198.18.0.14", "198.18.0.2 192.0.2.1", "192.0.2.1 end",
                "198.18.0.14 end")
ODD_TOPOLOGY = """# Imported from an edge list of fakeroute.
tuns:
  tun0: { address: 198.18.0.5/30 }
nodes:
  r1: { router-id: 198.18.0.2, icmp: { source: 198.18.0.2 } }
  r2: { router-id: 198.18.0.14, icmp: { source: 198.18.0.14 } }
  r3: { router-id: 192.0.2.1, icmp: { source: 192.0.2.1 } }
  target: { kind: host, router-id: 203.0.113.80 }
links:
  - { endpoints: [tun0, r1] }
  - { endpoints: [r1, r2], subnet: 198.18.0.8/30 }
  - { endpoints: [r1, r3], subnet: 198.18.0.16/30 }
  - { endpoints: [r3, target], subnet: 198.18.0.20/30 }
  - { endpoints: [r2, target], subnet: 198.18.0.24/30 }
routes:
  r1: [{ to: 203.0.113.80/32, via: [198.18.0.10, 198.18.0.18] }]
  r2: [{ to: 203.0.113.80/32, via: [198.18.0.26] }]
  r3: [{ to: 203.0.113.80/32, via: [198.18.0.22] }]
"""

# The graph and how many flows find all of it. The ports are fixed, so each run takes the same ways.
GRAPHS = {
    "line": (edge_list("start 192.0.2.1 192.0.2.2 198.51.100.3 192.0.2.4 end"), 1),
    "the target alone": (edge_list("start end"), 1),
    "diamond": (DIAMOND, 4),
    "unequal": (edge_list("start 192.0.2.1 192.0.2.11 192.0.2.12 192.0.2.13 192.0.2.2 end",
                          "192.0.2.1 192.0.2.21 192.0.2.2", "192.0.2.1 192.0.2.2"), 8),
    "meshed": (edge_list("start 192.0.2.1 192.0.2.11 192.0.2.21 192.0.2.2 end",
                         "192.0.2.1 192.0.2.12 192.0.2.22 192.0.2.2",
                         "192.0.2.1 192.0.2.13 192.0.2.23 192.0.2.2",
                         "192.0.2.11 192.0.2.22", "192.0.2.12 192.0.2.23",
                         "192.0.2.13 192.0.2.21"), 16),
    "wide": (edge_list("start 192.0.2.1", "192.0.2.2 end", *(
        f"192.0.2.1 198.51.100.{way} 192.0.2.{way} 192.0.2.2" for way in range(101, 126))), 100),
    "two ends": (edge_list("start 192.0.2.1 192.0.2.11 end", "192.0.2.1 192.0.2.12 end"), 4),
    "no words": (edge_list(f"127.0.0.1 192.0.2.1 192.0.2.11 {TARGET}",
                           f"192.0.2.1 192.0.2.12 {TARGET}"), 4),
    "odd": (ODD, 4),
} | {file.name: (file.read_text(encoding="utf-8"), 12)
     for file in sorted((EXAMPLES / "fakeroute").iterdir())}

# Text in place of that of the diamond, the line and column, and what is said.
GRAPH_MISTAKES = {
    "three words": ("192.0.2.2 end", "192.0.2.2 end 1 1", "7:15: expected two words, 'FROM TO'"),
    "one word": ("2.2 end", "2.2 end\n  end", "8:3: expected two words, 'FROM TO'"),
    "a name": ("192.0.2.2 end", "lyon end", "7:1: expected an IPv4 address, found 'lyon'"),
    "IPv6": ("192.0.2.2 end", "\t2001:db8::1 end", "7:2: expected .* found '2001:db8::1'"),
    "a second start": ("192.0.2.2 end", "192.0.2.2 end\nstart 192.0.2.11", "8:1: a second start"),
    "a start again": ("192.0.2.2 end", "192.0.2.2 end\n127.0.0.1 192.0.2.12", "8:1: a second s"),
    "to the start": ("192.0.2.2 end", "192.0.2.2 start", "7:1: nothing leads to this machine"),
    "behind the end": ("192.0.2.2 end", "192.0.2.2 end\nend 192.0.2.9", "8:1: nothing follows"),
    "no start": ("start 192.0.2.1\n", "", "1:1: nothing begins at this machine"),
    "an edge twice": ("2.2 end", "2.2 end\n192.0.2.1 192.0.2.11", "8:1: this edge stands twice"),
    "to itself": ("192.0.2.2 end", "192.0.2.2 192.0.2.2", "7:1: an edge of a node to itself"),
    "leads nowhere": ("2.2 end", "2.2 end\n192.0.2.1 192.0.2.9", "8:11: 192.0.2.9 leads nowhere"),
    "round and round": ("2.2 end", "2.2 end\n192.0.2.1 192.0.2.8\n192.0.2.8 192.0.2.9\n"
                        "192.0.2.9 192.0.2.8", "8:11: 192.0.2.8 leads nowhere"),
    "not reached": ("2.2 end", "2.2 end\n192.0.2.9 192.0.2.2", "8:1: no way leads to 192.0.2.9 "),
    "two ends": ("192.0.2.2 end", f"192.0.2.2 {TARGET}\n192.0.2.2 192.0.2.9",
                 "8:11: 192.0.2.9 leads nowhere, and is not the only one"),
    "no end": ("192.0.2.2 end", "192.0.2.2 192.0.2.1", "1:1: no target"),
    "a target that is a router": ("192.0.2.12", TARGET, "5:11: the target, .*, is a router, too"),
    "a router that cannot be": ("192.0.2.12", "224.0.0.1", "5:11: 224.0.0.1 is no address of a"),
    "a target of this machine": ("192.0.2.2 end", "192.0.2.2 127.1.1.7",
                                 "7:11: packets to the target, 127.1.1.7, never leave .*--target"),
}


def import_graph(text: str, *options: str, name: str = NAME) -> Outcome:
    """hop import of a file of that name."""
    with scratch() as directory:
        (directory / name).write_text(text, encoding="utf-8")
        return run(hop(), "import", *options, name, cwd=directory)


def edges_of(text: str) -> set[tuple[str, str]]:
    """What an edge list says, in addresses."""
    words = {"127.0.0.1": "start", "end": TARGET}
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {(words.get(one, one), words.get(other, other)) for one, other in lines}


def traced_edges(topology: str, flows: int) -> set[tuple[str, str]]:
    """Who answered one hop behind whom, in as many flows, each with a source port of its own."""
    trace = f"traceroute -n -U -q 1 -N 1 -w 5,0,0 --sport=$port {TARGET}"
    with scratch() as directory:
        file = directory / "lab.yaml"
        file.write_text(topology, encoding="utf-8")
        script = f"for port in $(seq 4000 {3999 + flows}); do {trace}; done"
        outcome = hop_run("sh", "-c", script, file=file)
    traces = outcome.out.split("traceroute to")[1:]
    paths = [["start", *path(Outcome(0, each, ""))] for each in traces]
    return {edge for hops in paths for edge in zip(hops, hops[1:])}


class Fakeroute(unittest.TestCase):
    """Edge lists."""

    def test_becomes_a_router_for_each_address(self):
        """Word by word."""
        outcome = import_graph(ODD)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertEqual(outcome.out, ODD_TOPOLOGY)

    def test_description_is_the_name(self):
        """In quotes."""
        self.assertIn('\nname: "a \\"diamond\\""\n', import_graph(DIAMOND).out)

    def test_flows_go_by_its_edges(self):
        """By each of them, and no others."""
        for name, (text, flows) in GRAPHS.items():
            with self.subTest(name), scratch() as directory:
                imported = import_graph(text)
                file = directory / "lab.yaml"
                file.write_text(imported.out, encoding="utf-8")
                check = run(hop(), "check", str(file))
                self.assertEqual((imported.err, check.status, check.err), ("", 0, ""), check)
                self.assertEqual(traced_edges(imported.out, flows), edges_of(text))

    def test_target_of_the_command_line(self):
        """In place of the name's, or of the address in the list."""
        listed = edge_list("127.0.0.1 192.0.2.1 127.1.1.7")
        for text, name in ((DIAMOND, "graph"), (DIAMOND, "127.1.1.7-graph"), (listed, "graph")):
            with self.subTest(name):
                outcome = import_graph(text, "--target", TARGET, name=name)
                self.assertIn(f"target: {{ kind: host, router-id: {TARGET} }}", outcome.out)
                self.assertNotIn("127.1.1.7", outcome.out)

    def test_mistakes(self):
        """Are told with their place."""
        for name, (right, wrong, message) in GRAPH_MISTAKES.items():
            with self.subTest(name):
                self.assertIn(right, DIAMOND)
                outcome = import_graph(DIAMOND.replace(right, wrong))
                self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
                self.assertRegex(outcome.err, f"^hop: {NAME}:{message}")

    def test_targets_that_are_none(self):
        """In the name of the file and by --target."""
        for name, options, message in (
                ("lyon-graph", (), "lyon-graph:7:11: no target: 'lyon-graph' does not begin with"),
                ("127.1.1.7", (), "127.1.1.7:7:11: packets to the target, 127.1.1.7, never leave"),
                (NAME, ("--target", "lyon"), "--target: expected an IPv4 address, found 'lyon'")):
            with self.subTest(message):
                outcome = import_graph(DIAMOND, *options, name=name)
                self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
                self.assertIn(message, outcome.err)

    def test_simulation_of_trippy_has_its_own_target(self):
        """So --target is refused."""
        outcome = import_graph(SIMULATION, "--target", TARGET)
        self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
        self.assertIn(f"--target is for edge lists; {NAME} has its own", outcome.err)


if __name__ == "__main__":
    unittest.main()
