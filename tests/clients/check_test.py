"""`hop check` explains the network: what it says is what clients see, and nothing is left out."""

import collections
import json
import re
import unittest
from typing import Any

from schema_test import PUT, SCHEMA, VALIDATOR, places
from support import ROOT, hop, hop_run, run, scratch

# Every way to answer and not to answer, and a way back that is not the way there.
WAYS = """
tuns: { tun0: { address: 10.0.0.1/24, routes: [10.9.0.0/16] } }
nodes:
  plain: {}
  ingress: { icmp: { source: ingress } }
  fixed: { router-id: 10.8.8.8, icmp: { source: 10.8.8.8 } }
  mute: { icmp: { silent: [time-exceeded] } }
  short: {}
  wall: {}
  web: { kind: host }
  still: { kind: host, icmp: { silent: all } }
links:
  - { endpoints: [tun0, plain], subnet: 10.0.0.0/24 }
  - { endpoints: [plain, ingress], subnet: 10.0.1.0/24 }
  - { endpoints: [ingress, fixed], subnet: 10.0.2.0/24 }
  - { endpoints: [fixed, mute], subnet: 10.0.3.0/24 }
  - { endpoints: [mute, web, still, wall], subnet: 10.0.4.0/24 }
  - { endpoints: [mute, short], subnet: 10.0.5.0/24 }
  - { endpoints: [short, { node: plain, cost: 2 }], subnet: 10.0.6.0/24 }
routes:
  plain:
    - { to: 10.0.4.0/24, via: 10.0.1.2 }      # the long way there; the short way back
    - { to: 10.9.1.0/24, reject: admin-prohibited }
    - { to: 10.9.2.0/24, via: 10.0.1.2 }
    - { to: 10.9.3.0/24, via: 10.0.1.2 }
    - { to: 10.9.4.0/24, type: blackhole }
    - { to: 10.9.5.0/24, via: 10.0.1.2 }
  ingress:
    - { to: 10.0.4.0/24, via: 10.0.2.2 }
    - { to: 10.9.2.0/24, via: 10.0.1.1 }
    - { to: 10.9.3.0/24, type: prohibit }
"""

# Tunnels of each kind, each with a host at its end. Routers inside know no way to anywhere; q is no
# hop, and from "end" nothing comes back.
KINDS = {
    "explicit": "path: [in, p1, p2, out], kind: explicit",
    "egress": "path: [in, p1, p2, out], kind: explicit, pop: egress",
    "direct": "path: [in, p1, p2, out], kind: explicit, errors: direct",
    "implicit": "path: [in, p1, p2, out], kind: implicit",
    "opaque": "path: [in, p1, p2, out], kind: opaque",
    "invisible": "path: [in, p1, p2, out], kind: invisible",
    "around": "path: [in, p1, q, out], kind: explicit",
    "brief": "path: [in, p1, p2, out], kind: opaque, label-ttl: 2",
    "briefer": "path: [in, p1, q, out], kind: opaque, label-ttl: 2",
}


def tunnels() -> str:
    """A file with these."""
    numbered = list(enumerate(KINDS, 1))
    hosts = "".join(f", {name}: {{ kind: host }}" for name in KINDS)
    links = "".join(f"  - {{ endpoints: [out, {name}], subnet: 10.1.{i}.0/24 }}\n"
                    for i, name in numbered)
    ways = "".join(f"  {name}: [{{ to: default, via: 10.1.{i}.1 }}]\n" for i, name in numbered)
    led = "".join(f"  - {{ {KINDS[name]}, to: [10.1.{i}.0/24] }}\n" for i, name in numbered)
    return f"""
routing: static
tuns: {{ tun0: {{ address: 10.0.0.1/24, routes: [10.1.0.0/16] }} }}
nodes: {{ in: {{}}, p1: {{}}, p2: {{ icmp: {{ source: ingress }} }}, q: {{ decrement-ttl: false }},
          out: {{}}, end: {{}}{hosts} }}
links:
  - {{ endpoints: [tun0, in], subnet: 10.0.0.0/24 }}
  - {{ endpoints: [in, p1], subnet: 10.0.1.0/24 }}
  - {{ endpoints: [p1, p2], subnet: 10.0.2.0/24 }}
  - {{ endpoints: [p1, q], subnet: 10.0.3.0/24 }}
  - {{ endpoints: [p2, out], subnet: 10.0.4.0/24 }}
  - {{ endpoints: [q, out], subnet: 10.0.5.0/24 }}
  - {{ endpoints: [p2, end], subnet: 10.0.6.0/24 }}
  - {{ endpoints: [in, out], subnet: 10.0.7.0/24 }}
{links}routes:
  out: [{{ to: default, via: 10.0.7.1 }}]
  end: [{{ to: 10.1.99.0/24, type: blackhole }}]
{ways}tunnels:
{led}  - {{ path: [in, p1, p2, end], to: [10.1.99.0/24] }}
"""


# Its error says what the packet came in by and with.
TELLING = """
tuns: { tun0: { address: 10.0.0.1/24 } }
nodes: { r1: {}, r2: { icmp: { extensions: [interface, mpls] } }, web: { kind: host } }
links:
  - endpoints: [tun0, r1]
  - endpoints: [r1, { node: r2, mpls: [{ label: 7 }] }]
  - endpoints: [r2, web]
"""

MARKS = {"net-unreachable": "!N", "host-unreachable": "!H", "admin-prohibited": "!X"}


def explained(text: str | None = None, *options: str) -> Any:
    """`hop check --json` of the tour, or of a file with this text."""
    file = ("/dev/stdin",) if text else ()
    outcome = run(hop(), "check", "--json", *options, *file, text=text or "")
    if outcome.status != 0:
        raise AssertionError(outcome)
    return json.loads(outcome.out)


def traced(paths: list, text: str | None) -> dict[str, list[str]]:
    """What traceroute prints of the ways to all destinations: addresses and marks, by hop."""
    trace = "traceroute -n -q 1 -w 1 -m 9 "
    script = "; ".join(f"echo to {path['destination']}; {trace}{path['destination']}"
                       for path in paths)
    with scratch() as directory:
        file = directory / "lab.yaml"
        file.write_text(text or "", encoding="utf-8")
        outcome = hop_run("sh", "-c", script, file=file if text else None, options=("-q",))
    ways = {}
    for block in re.split(r"^to ", outcome.out, flags=re.MULTILINE)[1:]:
        name, *lines = block.splitlines()
        hops = [line.split()[1:] for line in lines if re.match(r" *\d+ ", line)]
        ways[name] = [" ".join([hop[0], *(word for word in hop if word.startswith("!"))])
                      for hop in hops]
    return ways


class Paths(unittest.TestCase):
    """What is said of paths is what traceroute prints."""

    def compare(self, text: str | None) -> None:
        """Of every path from the TUN."""
        paths = explained(text)["paths"]
        ways = traced(paths, text)
        for path in paths:
            with self.subTest(path["to"], path=path, way=ways[path["destination"]]):
                self.assert_way(path["forward"], ways[path["destination"]])

    def assert_way(self, forward: dict, way: list[str]) -> None:
        """Hop by hop; what goes round or is discarded goes on to the last hop."""
        told = [hop["address"] or "*" for hop in forward["hops"]]
        fault = forward["fault"]
        code = next((mark for word, mark in MARKS.items() if fault and f"says {word}" in fault), "")
        if fault and "says" in fault and not code:
            way = [re.sub(" !.*", "", hop) for hop in way]  # a code without a letter of its own
        if code:
            told[-1] += f" {code}"
        self.assertEqual(way[:len(told)], told)
        if fault is None or "says" in fault:
            rest = set(way[len(told):])
            self.assertFalse(rest - {"*"} if told[-1] == "*" else rest)

    def test_of_the_tour(self):
        """Straight ways, and a prefix for each code."""
        self.compare(None)

    def test_where_answers_come_from(self):
        """Other addresses, silence, ways back of their own, loops, refusals."""
        self.compare(WAYS)

    def test_through_tunnels(self):
        """Who is seen inside, and from where, and where a label ends."""
        self.compare(tunnels())
        paths = {path["to"]: path["forward"] for path in explained(tunnels())["paths"]}
        self.assertEqual(paths["brief"]["fault"],
                         "it comes no further than p2: its label began with a TTL of 2")
        seen = {name: "".join("*" if hop["address"] is None else hop["node"] + " "
                              for hop in paths[name]["hops"]) for name in KINDS}
        self.assertEqual(seen, {"explicit": "in p1 p2 out explicit ", "egress": "in p1 p2 out egress ",
                                "direct": "in **out direct ", "implicit": "in p1 p2 out implicit ",
                                "opaque": "in out opaque ", "invisible": "in out invisible ",
                                "around": "in p1 out around ", "brief": "in p2 ",
                                "briefer": "in out briefer "})

    def test_the_way_back_by_the_preferred_gateway(self):
        """Whichever stands first in the file."""
        routes = ["{ to: default, via: 10.9.0.1, preference: 10 }",
                  "{ to: default, via: 10.9.0.2, preference: 20 }"]
        for order in (routes, routes[::-1]):
            [path] = [path for path in explained(f"""
routing: static
tuns: {{ tun0: {{ address: 10.0.0.1/24 }} }}
nodes: {{ g1: {{}}, g2: {{}}, h: {{ kind: host }} }}
links:
  - {{ endpoints: [tun0, g1, g2], subnet: 10.0.0.0/24 }}
  - {{ endpoints: [{{ node: g1, address: 10.9.0.1/24 }}, {{ node: g2, address: 10.9.0.2/24 }}, h] }}
routes: {{ h: [{", ".join(order)}] }}
""")["paths"] if path["to"] == "h"]
            self.assertEqual([hop["node"] for hop in path["back"]["hops"]], ["g2"])

    def test_the_way_back(self):
        """Is told where it is another."""
        paths = {path["to"]: path for path in explained(WAYS)["paths"]}
        web = paths["web"]
        self.assertFalse(web["symmetric"])
        self.assertEqual([hop["node"] for hop in web["forward"]["hops"]],
                         ["plain", "ingress", "fixed", "mute", "web"])
        self.assertEqual([hop["node"] for hop in web["back"]["hops"]], ["mute", "short", "plain"])
        self.assertTrue(paths["plain"]["symmetric"])

    def test_why_it_ends(self):
        """In words."""
        faults = {path["to"]: path["forward"]["fault"] for path in explained(WAYS)["paths"]}
        self.assertEqual(faults["10.9.1.0/24"], "plain says admin-prohibited")
        self.assertEqual(faults["10.9.2.0/24"], "it comes to plain again: a loop")
        self.assertEqual(faults["10.9.3.0/24"], "ingress says admin-prohibited")
        self.assertEqual(faults["10.9.4.0/24"], "plain discards it")
        self.assertEqual(faults["10.9.5.0/24"], "ingress says net-unreachable: it has no route")


class Settings(unittest.TestCase):
    """Whatever is not as by default is told."""

    # Two that are right for every key that has not two words of its own.
    CANDIDATES = (True, False, 3, 5, 250, 1000, "2s", "8s", "9s", "40min", "50min", "7/s", "9/s",
                  "7mbit", "8mbit", "198.18.0.2", "192.0.2.1", "192.0.2.2", "198.18.0.7/24",
                  "198.18.0.9/24", "192.0.2.0/24", "unlimited", "never", "full", "left", "right",
                  ["192.0.2.0/24"], ["198.18.0.7/24"], ["echo-reply"], ["redirect"], [25], "1%",
                  "2%", "echo-request", "time-exceeded")
    # Told elsewhere: what the example has of them is all that goes with the rest of it.
    WITHOUT = ("/routes|/links[^/]*(/subnet|/endpoints[^/]*(/node)?)$|/nodes/r1/host-model|.*/icmp-type$"
               "|/nodes/r1/nat$|/nodes/r1/nat/external"
               "|/timeline[^/]*/(link|node|from|set)$|/tunnels[^/]*/path")

    def test_of_every_key(self):
        """Two values of a key that are right are told apart, in words and in JSON."""
        words = collections.defaultdict(list)
        for place in places(SCHEMA):
            if not {"properties", "additionalProperties", "items"} & set(place.schema):
                words[place.name] += place.schema.get("enum", [])
        for name, own in words.items():
            if re.match(self.WITHOUT, name):
                continue
            with self.subTest(name):
                documents = [PUT[name](value) for value in (*own, *self.CANDIDATES)]
                told = set()
                for document in filter(VALIDATOR.is_valid, documents):
                    told |= self.told(document)
                    if len(told) > 1:
                        break
                self.assertEqual({len(set(column)) for column in zip(*told)}, {2}, told)

    def test_of_the_strong_host(self):
        """Which is for hosts."""
        _, said = self.told({"tuns": {"t": {"address": "10.0.0.1/24"}}, "links": [
            {"endpoints": ["t", "h"]}], "nodes": {"h": {"kind": "host", "host-model": "strong"}}}
                            ).pop()
        self.assertIn('"settings":{"host-model":"strong"}', said)

    @staticmethod
    def told(document: Any) -> set[tuple[str, str]]:
        """What is said of a file, in words and in JSON; nothing if hop finds it wrong."""
        text = json.dumps(document)
        outcomes = [run(hop(), "check", *options, "/dev/stdin", text=text)
                    for options in ((), ("--json",))]
        return set() if outcomes[0].status else {(outcomes[0].out, outcomes[1].out)}


def chain(length: int) -> str:
    """A file with so many routers in a row."""
    links = "".join(f"  - {{ endpoints: [r{i}, r{i + 1}], delay: 1ms }}\n"
                    for i in range(1, length))
    nodes = "".join(f"  r{i}: {{}}\n" for i in range(1, length + 1))
    return ("tuns: { tun0: { address: 10.0.0.1/24 } }\nnodes:\n" + nodes +
            "links:\n  - { endpoints: [tun0, r1] }\n" + links)


class Large(unittest.TestCase):
    """Networks that do not fit a screen."""

    def test_are_summed_up(self):
        """In a few lines, unless all is asked for."""
        text = chain(65)
        short = run(hop(), "check", "/dev/stdin", text=text)
        self.assertLess(len(short.out.splitlines()), 30, short)
        self.assertIn("65 routers, 0 hosts", short.out)
        self.assertIn("delay of 64 links", short.out)
        self.assertIn("reaches 65 nodes, 1 to 65 hops away", short.out)
        self.assertIn("the farthest is r65", short.out)
        full = run(hop(), "check", "--all", "/dev/stdin", text=text)
        self.assertIn("paths from tun0", full.out)
        self.assertEqual(len(explained(text)["paths"]), 65)

    def test_a_sample_of_the_paths_of_very_large_ones(self):
        """Every third of 1001 nodes, since each would take a computation over the whole network."""
        text = run(hop(), "generate", "tree", "--routers", "1001").out
        short = run(hop(), "check", "/dev/stdin", text=text)
        self.assertIn("of 1001 nodes and prefixes 334 were looked for:", short.out)
        self.assertIn("reaches 334 nodes, 1 to 10 hops away", short.out)

    def test_of_a_screenful_are_not(self):
        """64 nodes are told one by one."""
        self.assertIn("paths from tun0", run(hop(), "check", "/dev/stdin", text=chain(64)).out)


def members(value: Any) -> set[str]:
    """The names of all members, but of settings, which are the keys of the topology."""
    if isinstance(value, list):
        return set().union(*map(members, value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(members(inner) for key, inner in value.items() if key != "settings"))


class Manual(unittest.TestCase):
    """What --json prints is described, member by member."""

    def assert_described(self, page: str, value: Any) -> None:
        """In a section of the manual page."""
        text = (ROOT / "tools" / page).read_text(encoding="utf-8")
        section = re.search(r"^\.S[hs] JSON$(.*?)^\.Sh ", text, re.DOTALL | re.MULTILINE)[1]
        words = set(re.findall(r"[a-z_]+", " ".join(
            line for line in section.splitlines() if line.startswith((".It Li", ".Li")))))
        self.assertEqual(members(value) - words, set())

    def test_of_check(self):
        """hop(8)."""
        self.assert_described("hop.8", [explained(), explained(WAYS)])

    def test_of_clients(self):
        """hop-ping(8) and hop-traceroute(8)."""
        for page, *words in (
                ("hop-ping.8", "ping", "-c1", "web"), ("hop-ping.8", "ping", "-c1", "-R", "web"),
                ("hop-ping.8", "ping", "-c1", "-T", "tsandaddr", "web"),
                ("hop-ping.8", "ping", "-c1", "-t1", "web"),
                ("hop-ping.8", "ping", "-c2", "-M", "do", "-s", "1000", "web"),
                ("hop-traceroute.8", "traceroute", "web"),
                ("hop-traceroute.8", "traceroute", "-T", "web"),
                ("hop-traceroute.8", "traceroute", "--mtu", "web"),
                ("hop-traceroute.8", "traceroute", "198.19.100.1", "-w1", "-m3"),
                ("hop-traceroute.8", "traceroute", "198.19.13.1")):
            with self.subTest(" ".join(words)):
                outcome = run(hop(), *words, "--json")
                self.assert_described(page, json.loads(outcome.out))

    def test_of_extensions(self):
        """Of errors that have them."""
        outcome = run(hop(), "traceroute", "--json", "--file", "/dev/stdin", "web", text=TELLING)
        told = json.loads(outcome.out)
        self.assertLess({"mpls", "interface", "bottom"}, members(told))
        self.assert_described("hop-traceroute.8", told)


if __name__ == "__main__":
    unittest.main()
