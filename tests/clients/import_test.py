"""`hop import`: simulations of trippy, answered by the network as they say."""

import re
import unittest

from support import hop, hop_run, run, scratch

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


if __name__ == "__main__":
    unittest.main()
