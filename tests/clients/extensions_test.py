"""Extensions of ICMP errors, as traceroute(8), mtr(8) and tshark(1) show them."""

import contextlib
import json
import pathlib
import unittest
from collections.abc import Iterator

from support import Outcome, hop_run, read_pcap, run, scratch, write_pcap

WEB = "203.0.113.80"
NODES = ("r1", "r2", "web")
PATH = ("198.18.0.2", "10.0.1.2", WEB)

TOPOLOGY = """
tuns: {{ tun0: {{ address: 198.18.0.1/24 }} }}
nodes:
  r1: {{ icmp: {{ {icmp} }} }}
  r2: {{ icmp: {{ {icmp} }} }}
  web: {{ kind: host, icmp: {{ {icmp} }} }}
links:
  - endpoints: [tun0, r1]
  - endpoints:
      - {{ node: r1, address: 10.0.1.1/24 }}
      - node: r2
        name: ge-0/0/1
        mpls: [{{ label: 16004, tc: 5 }}, {{ label: 24, ttl: 255 }}]
  - {{ endpoints: [{{ node: r2, address: 203.0.113.1/24 }}, {{ node: web, address: {web}/24 }}] }}
"""


@contextlib.contextmanager
def topology(icmp: str) -> Iterator[pathlib.Path]:
    """A file with a path of two routers and a host that all have these settings."""
    with scratch() as directory:
        file = directory / "lab.yaml"
        file.write_text(TOPOLOGY.format(icmp=icmp, web=WEB))
        yield file


def traceroute(icmp: str, *arguments: str) -> list[str]:
    """What traceroute -e prints of each hop."""
    with topology(icmp) as file:
        outcome = hop_run("traceroute", "-n", "-e", "-q", "1", "-w", "5,0,0", WEB, *arguments,
                          file=file)
    lines = outcome.out.splitlines()[1:]
    if outcome.status != 0 or len(lines) != len(PATH):
        raise AssertionError(outcome)
    return lines


class Traceroute(unittest.TestCase):
    """traceroute -e."""

    LABELS = "<MPLS:L=16004,E=5,S=0,T=1/L=24,E=0,S=1,T=255>"

    def test_labels(self):
        """RFC 4950: the router they arrive at tells them, and nobody else."""
        first, second, third = traceroute("extensions: [mpls]")
        self.assertIn(self.LABELS, second)
        self.assertNotIn("<", first + third)

    def test_interfaces(self):
        """RFC 5837: where the probe came in, and where it would have gone."""
        first, second, third = traceroute("extensions: [interface]")
        self.assertIn('<INC:1,198.18.0.2,"eth0",mtu=1500>', first)
        self.assertIn('<OUT:2,10.0.1.1,"eth1",mtu=1500>', first)
        self.assertIn("<NXT:10.0.1.2>", first)
        self.assertIn('<INC:1,10.0.1.2,"ge-0/0/1",mtu=1500>', second)
        self.assertIn('<INC:1,203.0.113.80,"eth0",mtu=1500>', third)
        self.assertNotIn("<OUT", third)

    def test_long_probes(self):
        """The quote is longer than 128 bytes, and its length is told (RFC 4884 section 4)."""
        for size in ("128", "129", "500", "1400"):
            with self.subTest(size):
                self.assertIn(self.LABELS, traceroute("extensions: [mpls]", size)[1])

    def test_old_layout(self):
        """Behind 128 bytes without a length, which this traceroute understands, too."""
        for size in ("60", "1000"):
            with self.subTest(size):
                icmp = "extensions: [mpls], extension-layout: non-compliant"
                self.assertIn(self.LABELS, traceroute(icmp, size)[1])

    def test_none(self):
        """None unless it is switched on."""
        self.assertNotIn("<", "".join(traceroute("")))


class Mtr(unittest.TestCase):
    """mtr --mpls."""

    def test_labels(self):
        """The labels below the hop that they arrive at."""
        with topology("extensions: [interface, mpls]") as file:
            outcome = hop_run("mtr", "-n", "-e", "-r", "-c", "1", WEB, file=file)
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("10.0.1.2", outcome.out)
        self.assertRegex(outcome.out, r"Lbl 16004 .*TTL 1\b", outcome)
        self.assertRegex(outcome.out, r"Lbl 24 .*TTL 255\b", outcome)


class Dissected(unittest.TestCase):
    """tshark about what crossed the TUN."""

    def errors(self, icmp: str, *arguments: str) -> tuple[list[dict], Outcome]:
        """The ICMP errors as tshark reads them, and those it finds something wrong with."""
        with topology(icmp) as file, scratch() as directory:
            capture = directory / "tun0.pcap"
            hop_run("traceroute", "-n", "-q", "1", "-w", "5,0,0", WEB, *arguments, file=file,
                    options=("--capture", str(capture)))
            errors = [packet for packet in read_pcap(capture) if packet.icmp in ((11, 0), (3, 3))]
            write_pcap(capture, errors)
            wrong = run("tshark", "-r", str(capture), "-Y",
                        "_ws.malformed || _ws.expert.severity >= warning")
            seen = run("tshark", "-r", str(capture), "-T", "json", "-J", "icmp")
        return [packet["_source"]["layers"]["icmp"] for packet in json.loads(seen.out)], wrong

    def test_nothing_is_malformed(self):
        """Lengths, checksums and objects are right for every length of a probe."""
        for size in ("28", "60", "131", "1400"):
            with self.subTest(size):
                errors, wrong = self.errors("extensions: [interface, mpls]", size)
                self.assertEqual((wrong.status, wrong.out), (0, ""), wrong)
                self.assertEqual(len(errors), len(PATH))
                for error in errors:
                    self.assertIn("icmp.ext", error)
                    self.assertEqual(error["icmp.ext"]["icmp.ext.checksum.status"], "1")

    def test_names_are_read(self):
        """tshark finds the names and labels where they are."""
        errors, _ = self.errors("extensions: [interface, mpls]")
        second = json.dumps(errors[1])
        self.assertIn("ge-0/0/1", second)
        self.assertIn("16004", second)


if __name__ == "__main__":
    unittest.main()
