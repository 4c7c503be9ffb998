"""`hop check` and `hop replay`: topologies and captures, without a network."""

import json
import unittest

from support import hop, hop_run, read_pcap, run, scratch
from tour import NARROW_MTU

PAIR = """
name: pair
tuns: { tun0: { address: 10.1.0.1/24 } }
nodes: { a: {} }
links:
  - { endpoints: [tun0, a], subnet: 10.1.0.0/24 }
"""

MISTAKES = {
    "an unknown key": ("nodes: { a: {} }", "nodes: { a: { colour: red } }", "colour"),
    "a unit left out": ("subnet: 10.1.0.0/24", "subnet: 10.1.0.0/24, delay: 5", "5"),
    "an address outside its subnet": ("endpoints: [tun0, a]",
                                      "endpoints: [tun0, { node: a, address: 10.2.0.2 }]", "10.2.0.2"),
    "a node that nobody made": ("endpoints: [tun0, a]", "endpoints: [tun0, b]", "b"),
    "a name used twice": ("nodes: { a: {} }", "nodes: { a: {}, a: {} }", "a"),
    "an MTU below 68": ("subnet: 10.1.0.0/24", "subnet: 10.1.0.0/24, mtu: 67", "67"),
    "no YAML": ("nodes: { a: {} }", "nodes: { a: {}", ""),
}


class Check(unittest.TestCase):
    """0 for a topology that is right, 2 for one that is not, with every place that is wrong."""

    def check(self, text: str, *options: str):
        """hop check of a file with this text."""
        with scratch() as directory:
            file = directory / "lab.yaml"
            file.write_text(text, encoding="utf-8")
            return run(hop(), "check", *options, str(file))

    def test_right(self):
        """The network as it will be."""
        outcome = self.check(PAIR)
        self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
        self.assertIn("10.1.0.2/24", outcome.out, outcome)

    def test_json(self):
        """The same for programs."""
        outcome = self.check(PAIR, "--json")
        network = json.loads(outcome.out)
        self.assertEqual(network["name"], "pair", outcome)

    def test_tour(self):
        """Without a file the tour, which is right."""
        outcome = run(hop(), "check")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn(f"mtu {NARROW_MTU}", outcome.out, outcome)

    def test_mistakes(self):
        """Each is found where it stands, as FILE:LINE:COLUMN."""
        for name, (right, wrong, word) in MISTAKES.items():
            with self.subTest(name):
                self.assertIn(right, PAIR)
                outcome = self.check(PAIR.replace(right, wrong))
                self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
                self.assertRegex(outcome.err, rf"lab\.yaml:\d+:\d+: .*{word}", outcome)

    def test_mistakes_as_json(self):
        """A list of errors."""
        right, wrong, _ = MISTAKES["an unknown key"]
        outcome = self.check(PAIR.replace(right, wrong), "--json")
        self.assertEqual(outcome.status, 2, outcome)
        self.assertEqual(len(json.loads(outcome.out)["errors"]), 1, outcome)

    def test_no_such_file(self):
        """2, and its name."""
        outcome = run(hop(), "check", "/no/such/lab.yaml")
        self.assertEqual(outcome.status, 2, outcome)
        self.assertIn("/no/such/lab.yaml", outcome.err, outcome)

    def test_other_commands_refuse_it_too(self):
        """A topology that is wrong is never run."""
        with scratch() as directory:
            file = directory / "lab.yaml"
            file.write_text("nonsense: true\n", encoding="utf-8")
            for command in ("up", "run"):
                with self.subTest(command):
                    self.assertEqual(run(hop(), command, str(file)).status, 2)


class Replay(unittest.TestCase):
    """A capture through a network in virtual time."""

    def test_answers_as_the_running_network_did(self):
        """What ping sent to the running pair gets the same answers, at the times of the capture."""
        with scratch() as directory:
            topology, live, again = (directory / name for name in ("pair.yaml", "live.pcap", "again.pcap"))
            topology.write_text(PAIR, encoding="utf-8")
            hop_run("ping", "-n", "-c", "3", "-i", "0.02", "10.1.0.2", file=topology,
                    options=("--capture", str(live)))
            outcome = run(hop(), "replay", str(topology), str(live), str(again))
            self.assertEqual(outcome.status, 0, outcome)
            answers = [p for p in read_pcap(live) if p.source == "10.1.0.2"]
            replayed = [p for p in read_pcap(again) if p.source == "10.1.0.2"]
        self.assertEqual([p.data for p in replayed], [p.data for p in answers])

    def test_same_bytes_every_time(self):
        """The same topology and capture give the same file."""
        with scratch() as directory:
            live, first, second = (directory / name for name in ("live.pcap", "1.pcap", "2.pcap"))
            topology = directory / "pair.yaml"
            topology.write_text(PAIR, encoding="utf-8")
            hop_run("traceroute", "-n", "10.1.0.2", file=topology, options=("--capture", str(live)))
            for out in (first, second):
                outcome = run(hop(), "replay", "--quiet", str(topology), str(live), str(out))
                self.assertEqual((outcome.status, outcome.out), (0, ""), outcome)
            self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_broken_capture(self):
        """2, and no file appears."""
        with scratch() as directory:
            topology, broken, out = (directory / name for name in ("pair.yaml", "broken.pcap", "out.pcap"))
            topology.write_text(PAIR, encoding="utf-8")
            broken.write_bytes(b"this is no capture at all")
            outcome = run(hop(), "replay", str(topology), str(broken), str(out))
            self.assertEqual(outcome.status, 2, outcome)
            self.assertRegex(outcome.err, "hop: .*broken.pcap", outcome)
            self.assertFalse(out.exists())


class CommandLine(unittest.TestCase):
    """Usage."""

    def test_help(self):
        """0, on standard output, for the program and for each command."""
        for command in ((), ("up",), ("run",), ("check",), ("replay",)):
            with self.subTest(command):
                outcome = run(hop(), *command, "--help")
                self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
                self.assertIn("Usage:", outcome.out)

    def test_version(self):
        """0."""
        outcome = run(hop(), "--version")
        self.assertRegex(outcome.out, r"^hop \d+\.\d+\.\d+\n$", outcome)

    def test_mistakes(self):
        """2, on standard error."""
        for words in ((), ("nope",), ("up", "--nope"), ("replay", "one"), ("run", "--ready-fd", "x")):
            with self.subTest(words):
                outcome = run(hop(), *words)
                self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
                self.assertNotEqual(outcome.err, "")


if __name__ == "__main__":
    unittest.main()
