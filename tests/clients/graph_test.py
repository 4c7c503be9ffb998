"""`hop graph`: the drawing of a network, as graphviz and Mermaid take it."""

import os
import pathlib
import re
import shlex
import unittest

import yaml
from support import ROOT, hop, run, scratch

TOUR = yaml.safe_load((ROOT / "tools" / "tour.yaml").read_text(encoding="utf-8"))

TOUR_DOT = r"""graph "tour" {
  graph [label="tour", rankdir=LR, nodesep=0.6, ranksep=1.6];
  node [fontname="sans-serif"];
  edge [fontname="sans-serif", fontsize=9];
  "tun0" [shape=house, label="tun0"];
  "r1" [shape=ellipse, label="r1"];
  "r2" [shape=ellipse, label="r2", tooltip="icmp.source-quench true"];
  "r3" [shape=ellipse, label="r3"];
  "r4" [shape=ellipse, label="r4"];
  "gw2" [shape=ellipse, label="gw2"];
  "side" [shape=box, label="side"];
  "slow" [shape=box, label="slow"];
  "web" [shape=box, label="web", tooltip="reassembly-timeout 500ms\nudp.echo [7]\nudp.sink [9]"];
  "old" [shape=box, label="old", tooltip="icmp.profile legacy"];
  "link 0" [shape=box, style="rounded,dashed", label="198.18.0.0/24"];
  "link 4" [shape=box, style="rounded,dashed", label="198.18.4.0/24"];
  "tun0" -- "link 0" [label="", taillabel="198.18.0.1"];
  "link 0" -- "r1" [label="", headlabel="198.18.0.2"];
  "link 0" -- "gw2" [label="", headlabel="198.18.0.3"];
  "r1" -- "r2" [label="198.18.1.0/30", taillabel="198.18.1.1", headlabel="198.18.1.2"];
  "r2" -- "r3" [label="198.18.2.0/30", taillabel="198.18.2.1", headlabel="198.18.2.2"];
  "r3" -- "r4" [label="198.18.3.0/30\nmtu 600", taillabel="198.18.3.1", headlabel="198.18.3.2"];
  "r4" -- "link 4" [label="", taillabel="198.18.4.1"];
  "link 4" -- "web" [label="", headlabel="198.18.4.80"];
  "link 4" -- "old" [label="", headlabel="198.18.4.81"];
  "r2" -- "slow" [label="198.19.104.0/24\nlimit 2\nrate 64kbit", taillabel="198.19.104.1", \
headlabel="198.19.104.80"];
  "gw2" -- "side" [label="198.19.105.0/24", taillabel="198.19.105.1", headlabel="198.19.105.80"];
}
""".replace("\\\n", "")

# Names that mean something to the languages, words and signs alike.
ODD = r"""
name: 'a "title" with \N and <b> # and é'
tuns: { tun0: { address: 10.0.0.1/24, netns: left } }
nodes:
  graph: {}
  end: { kind: host, icmp: { silent: all } }
  1.2-x_y: { kind: host }
links:
  - { endpoints: [tun0, { node: graph, name: 'ge-0/0/1"\N<i>#', addresses: [10.9.0.1/32] }], delay: 5ms }
  - { endpoints: [graph, end, { node: 1.2-x_y, mpls: [{ label: 7 }] }], subnet: 10.0.1.0/24, mtu: 68 }
"""
ODD_MERMAID = r"""%% a #quot;title#quot; with #92;N and #lt;b#gt; #35; and é
flowchart LR
  v0(["tun0<br/>netns left"])
  v1(("graph"))
  v2["end"]
  v3["1.2-x_y"]
  v4[["10.0.1.0/24<br/>mtu 68"]]
  v0 ---|"tun0 10.0.0.1<br/>10.0.0.0/24<br/>delay 5ms<br/>graph 10.0.0.2 10.9.0.1/32 \
ge-0/0/1#quot;#92;N#lt;i#gt;#35;"| v1
  v1 ---|"graph 10.0.1.1"| v4
  v4 ---|"end 10.0.1.2"| v2
  v4 ---|"1.2-x_y 10.0.1.3 mpls [{ label: 7, tc: 0, ttl: 1 }]"| v3
""".replace("\\\n", "")

# Two tunnels, one of which leads by nobody.
TUNNELS = """
tuns: { tun0: { address: 10.0.0.1/24 } }
nodes: { a: {}, b: {}, c: {} }
links:
  - { endpoints: [tun0, a], subnet: 10.0.0.0/24 }
  - { endpoints: [a, b], subnet: 10.0.1.0/24 }
  - { endpoints: [b, c], subnet: 10.0.2.0/24 }
tunnels:
  - { path: [a, b, c], kind: opaque, to: [10.7.0.0/16] }
  - { path: [c, b], pop: egress }
"""


def graph(*options: str, text: str | None = None):
    """`hop graph` of the tour, or of a file with this text."""
    return run(hop(), "graph", *options, *(("/dev/stdin",) if text else ()), text=text or "")


def plain(dot: str) -> tuple[list[str], list[tuple[str, str]]]:
    """The nodes and edges that graphviz finds in a drawing."""
    outcome = run("dot", "-Tplain", text=dot)
    if (outcome.status, outcome.err) != (0, ""):
        raise AssertionError(outcome)
    words = [shlex.split(line) for line in outcome.out.replace("\\\n", "").splitlines()]
    return ([line[1] for line in words if line[0] == "node"],
            [(line[1], line[2]) for line in words if line[0] == "edge"])


class Dot(unittest.TestCase):
    """The default."""

    def test_tour(self):
        """Word by word."""
        outcome = graph()
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertEqual(outcome.out, TOUR_DOT)

    def test_graphviz_finds_every_endpoint(self):
        """A line between two, and one from each of more to the segment."""
        nodes, edges = plain(graph().out)
        expected = []
        for number, link in enumerate(TOUR["links"]):
            ends = [end["node"] if isinstance(end, dict) else end for end in link["endpoints"]]
            segment = f"link {number}"
            expected += ([tuple(ends)] if len(ends) == 2 else
                         [(ends[0], segment), *((segment, end) for end in ends[1:])])
        self.assertEqual(sorted(edges), sorted(expected))
        self.assertEqual(set(nodes), {end for edge in expected for end in edge})

    def test_odd_names(self):
        """Are quoted."""
        nodes, edges = plain(graph(text=ODD).out)
        self.assertEqual(nodes, ["tun0", "graph", "end", "1.2-x_y", "link 1"])
        self.assertEqual(edges, [("tun0", "graph"), ("graph", "link 1"), ("link 1", "end"),
                                 ("link 1", "1.2-x_y")])

    def test_tunnels(self):
        """Dashed, from end to end, with what leads into them."""
        drawn = graph(text=TUNNELS).out
        self.assertEqual(sorted(plain(drawn)[1]),
                         [("a", "b"), ("a", "c"), ("b", "c"), ("c", "b"), ("tun0", "a")])
        self.assertEqual(re.findall(r".*style=dashed.*", drawn), [
            r'  "a" -- "c" [label="opaque tunnel\nby b\nto 10.7.0.0/16", style=dashed, '
            "dir=forward, constraint=false];",
            '  "c" -- "b" [label="explicit tunnel", style=dashed, dir=forward, constraint=false];'])

    def test_all_topologies_of_the_project(self):
        """Are drawn without a complaint."""
        for file in (*ROOT.glob("tests/replay/*.yaml"), *ROOT.glob("tools/conform/hop*.yaml")):
            with self.subTest(file.name):
                plain(graph(text=file.read_text(encoding="utf-8")).out)


class Svg(unittest.TestCase):
    """Drawn by graphviz."""

    def test_has_every_name_and_address(self):
        """As text."""
        with scratch() as directory:
            file = directory / "tour.svg"
            outcome = graph("--format", "svg", "--output", str(file))
            self.assertEqual(outcome, (0, "", ""))
            drawn = file.read_text(encoding="utf-8")
        texts = set(re.findall(r">([^<>]+)</text>", drawn))
        addresses = set(re.findall(r'label="([0-9.]+)"', TOUR_DOT))
        self.assertLessEqual({"tun0", *TOUR["nodes"], "mtu 600"} | addresses, texts)

    def test_odd_names(self):
        """Appear as they were written."""
        drawn = graph("--format", "svg", text=ODD).out
        for text in ("a &quot;title&quot; with \\N and &lt;b&gt; # and é",
                     "ge&#45;0/0/1&quot;\\N&lt;i&gt;#"):
            self.assertIn(text, drawn)

    def test_without_graphviz(self):
        """Says what to install, and writes nothing."""
        with scratch() as directory:
            file = directory / "tour.svg"
            outcome = run("env", "PATH=" + str(directory), hop(), "graph", "--format", "svg",
                          "--output", str(file))
            self.assertEqual(outcome.status, 1, outcome)
            self.assertIn("apt-get install graphviz", outcome.err)
            self.assertEqual(os.listdir(directory), [])


class Mermaid(unittest.TestCase):
    """For Markdown."""

    def test_odd_names(self):
        """Word by word; names are no identifiers, and signs are entities."""
        outcome = graph("--format", "mermaid", text=ODD)
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertEqual(outcome.out, ODD_MERMAID)

    def test_tunnels(self):
        """As arrows of dashes."""
        out = graph("--format", "mermaid", text=TUNNELS).out
        self.assertIn('  v1 -.->|"opaque tunnel<br/>by b<br/>to 10.7.0.0/16"| v3\n', out)
        self.assertIn('  v3 -.->|"explicit tunnel"| v2\n', out)

    def test_tour_has_every_name(self):
        """In a shape of its kind."""
        out = graph("--format", "mermaid").out
        for name, node in TOUR["nodes"].items():
            self.assertIn(f'["{name}"]\n' if node.get("kind") == "host" else f'(("{name}"))\n', out)


class Usage(unittest.TestCase):
    """What can be wrong."""

    def test_format(self):
        """2."""
        outcome = graph("--format", "png")
        self.assertEqual((outcome.status, outcome.out), (2, ""))
        self.assertIn("--format: png not in {dot,svg,mermaid}", outcome.err)

    def test_output_that_cannot_be_written(self):
        """1, and its name."""
        for file in ("/no/such/directory/x.dot", "/dev/full"):
            with self.subTest(file):
                outcome = graph("--output", file)
                self.assertEqual(outcome.status, 1, outcome)
                self.assertIn(str(pathlib.Path(file).parent), outcome.err)

    def test_wrong_topology(self):
        """2, with its place."""
        outcome = graph(text="tuns: 3\nlinks: []\n")
        self.assertEqual((outcome.status, outcome.out), (2, ""))
        self.assertIn("/dev/stdin:1:7:", outcome.err)


if __name__ == "__main__":
    unittest.main()
