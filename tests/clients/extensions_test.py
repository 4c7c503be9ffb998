"""Extensions of ICMP errors, as traceroute(8), mtr(8) and tshark(1) show them."""

import contextlib
import json
import pathlib
import unittest
from collections.abc import Iterator

from support import Outcome, hop, hop_run, read_pcap, run, scratch, write_pcap

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
        """RFC 5837: where the probe came in (C-Type 15), and where it would have gone (143, 196).

        This traceroute prints the objects it does not know as class, C-Type and words: the index,
        the address with its family, the name with its length, the MTU.
        """
        first, second, third = traceroute("extensions: [interface]")
        self.assertIn("<2/15:00000001,00010000,c6120002,08657468,30000000,000005dc;"
                      "2/143:00000002,00010000,0a000101,08657468,31000000,000005dc;"
                      "2/196:00010000,0a000102>", first)
        self.assertIn("<2/15:00000001,00010000,0a000102,0c67652d,302f302f,31000000,000005dc;",
                      second)
        self.assertIn("<2/15:00000001,00010000,cb007150,08657468,30000000,000005dc>", third)

    def test_long_probes(self):
        """The quote is as long as 576 bytes allow, and its length is told (RFC 4884 section 4).

        traceroute(8) looks for the structure behind 128 bytes and at the end of what the kernel
        gives it, so it does not find it behind every length; hop traceroute does, and tshark below.
        """
        for size in ("128", "1400"):
            with self.subTest(size):
                self.assertIn(self.LABELS, traceroute("extensions: [mpls]", size)[1])
        for size in ("28", "128", "129", "131", "500", "1400"):
            with self.subTest(size), topology("extensions: [mpls]") as file:
                outcome = run(hop(), "traceroute", "-n", "-e", "-q", "1", "--file", str(file), "web",
                              size)
                self.assertIn(f" 1  10.0.1.2 {self.LABELS}", outcome.out)

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
    """mtr --mpls; its raw output, since its report leaves labels out."""

    def test_labels(self):
        """Label, traffic class, bottom of stack and TTL, at the hop that they arrive at."""
        with topology("extensions: [interface, mpls]") as file:
            outcome = hop_run("mtr", "-n", "-e", "-l", "-c", "1", WEB, file=file)
        self.assertEqual(outcome.status, 0, outcome)
        labels = {line for line in outcome.out.splitlines() if line.startswith("m ")}
        self.assertEqual(labels, {"m 1 16004 5 0 1", "m 1 24 0 1 255"}, outcome)


class Dissected(unittest.TestCase):
    """tshark about what crossed the TUN."""

    def errors(self, icmp: str, *arguments: str) -> tuple[list[dict], Outcome]:
        """The ICMP errors as tshark reads them, and those it finds something wrong with."""
        with topology(icmp) as file, scratch() as directory:
            capture = directory / "tun0.pcap"
            hop_run("traceroute", "-n", "-q", "1", "-N", "1", "-w", "5,0,0", WEB, *arguments,
                    file=file, options=("--capture", str(capture)))
            errors = [packet for packet in read_pcap(capture) if packet.icmp in ((11, 0), (3, 3))]
            write_pcap(capture, errors)
            wrong = run("tshark", "-r", str(capture), "-Y",
                        "_ws.malformed || _ws.expert.severity >= warning")
            seen = run("tshark", "-r", str(capture), "-T", "json", "--no-duplicate-keys")
        return [packet["_source"]["layers"]["icmp"] for packet in json.loads(seen.out)], wrong

    def test_nothing_is_malformed(self):
        """Lengths, checksums and objects are right for every length of a probe."""
        for size in ("28", "60", "128", "131", "1400"):
            with self.subTest(size):
                errors, wrong = self.errors("extensions: [interface, mpls]", size)
                self.assertEqual((wrong.status, wrong.out), (0, ""), wrong)
                self.assertEqual(len(errors), len(PATH))
                # Behind a longer quote this tshark shows no structure.
                for error in errors if int(size) <= 128 else ():
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
