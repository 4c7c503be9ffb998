"""`hop check` and `hop replay`: topologies and captures, without a network."""

import json
import unittest

from support import hop, read_pcap, run, scratch, watch, write_pcap
from tour import NARROW_MTU

PAIR = """
name: pair
tuns: { tun0: { address: 10.1.0.1/24 } }
nodes: { a: {} }
links:
  - { endpoints: [tun0, a], subnet: 10.1.0.0/24 }
"""

ADVERTISING = PAIR.replace("a: {}", "a: { router-discovery: { interval: 4s } }")

MISTAKES = {
    "an unknown key": ("nodes: { a: {} }", "nodes: { a: { colour: red } }", "colour"),
    "a unit left out": ("subnet: 10.1.0.0/24", "subnet: 10.1.0.0/24, delay: 5", "5"),
    "an address outside its subnet": (
        "endpoints: [tun0, a]", "endpoints: [tun0, { node: a, address: 10.2.0.2 }]", "10.2.0.2"),
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

    def setUp(self):
        """A directory with the topology and a capture of what ping sent to the running network."""
        self.directory = self.enterContext(scratch())
        self.topology = self.directory / "pair.yaml"
        self.topology.write_text(PAIR, encoding="utf-8")
        seen = watch("ping", "-n", "-c", "3", "-i", "0.02", "10.1.0.2", file=self.topology)
        self.answers = [p.data for p in seen.packets if p.source == "10.1.0.2"]
        self.requests = self.directory / "requests.pcap"
        write_pcap(self.requests, [p for p in seen.packets if p.source == "10.1.0.1"])

    def replay(self, name: str):
        """The outcome and the file that it wrote."""
        out = self.directory / name
        return run(hop(), "replay", str(self.topology), str(self.requests), str(out)), out

    def test_answers_as_the_running_network_did(self):
        """The same bytes."""
        outcome, out = self.replay("out.pcap")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual([packet.data for packet in read_pcap(out)], self.answers)

    def test_same_file_every_time(self):
        """The same topology and capture give the same file."""
        (_, first), (_, second) = self.replay("1.pcap"), self.replay("2.pcap")
        self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_ends_though_a_router_advertises_itself_for_ever(self):
        """It ends when nothing else is left to happen."""
        self.topology.write_text(ADVERTISING, encoding="utf-8")
        outcome, out = self.replay("out.pcap")
        self.assertEqual(outcome.status, 0, outcome)
        answers = [p.data for p in read_pcap(out) if p.destination == "10.1.0.1"]
        self.assertEqual(answers, self.answers)

    def test_broken_capture(self):
        """2, and no file appears."""
        self.requests.write_bytes(b"this is no capture at all")
        outcome, out = self.replay("out.pcap")
        self.assertEqual(outcome.status, 2, outcome)
        self.assertRegex(outcome.err, "hop: .*requests.pcap", outcome)
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
        for words in ((), ("nope",), ("up", "--nope"), ("replay", "one"), ("run", "--ready-fd=x")):
            with self.subTest(words):
                outcome = run(hop(), *words)
                self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
                self.assertNotEqual(outcome.err, "")


if __name__ == "__main__":
    unittest.main()
