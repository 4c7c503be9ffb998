"""traceroute(8), tracepath(8) and mtr(8) against the tour network."""

import json
import re
import unittest

from support import Outcome, hop_run, scratch, watch
from tour import NARROW_MTU, PATH, ROUTERS, WEB


def hops(outcome: Outcome) -> list[str]:
    """The address of every line "N  ADDRESS  TIME ms ..."; a hop that is silent is "*"."""
    return re.findall(r"^ *\d+ +([\d.]+|\*)", outcome.out, re.MULTILINE)


def traceroute(*arguments: str) -> tuple[str, ...]:
    """traceroute with numbers instead of names, and full five seconds of patience: by itself it
    gives up on a probe after three times the time of another, which on a busy machine is a *."""
    return ("traceroute", "-n", "-w", "5,0,0", *arguments)


class Modes(unittest.TestCase):
    """Every way of probing finds the same path."""

    def check(self, *arguments: str) -> Outcome:
        """Four routers and the host, each answering all of three probes."""
        outcome = hop_run(*traceroute(WEB, *arguments))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(hops(outcome), list(PATH), outcome)
        self.assertNotIn("*", outcome.out)
        self.assertNotRegex(outcome.out, r"![A-Z<\d]", "an annotation: some router refused")
        return outcome

    def test_udp(self):
        """The default: rising ports, ended by port unreachable."""
        self.check()

    def test_icmp(self):
        """-I: echo requests, ended by a reply."""
        self.check("-I")

    def test_tcp(self):
        """-T: SYN to port 80, ended by a reset."""
        self.check("-T")

    def test_tcp_to_another_port(self):
        """-T -p: the same to any port."""
        self.check("-T", "-p", "12345")

    def test_udp_to_one_port(self):
        """-U: port 53 for every probe."""
        self.check("-U")

    def test_udplite(self):
        """-UL: protocol 136, ended by protocol unreachable, which traceroute marks !P."""
        outcome = hop_run(*traceroute("-UL", WEB))
        self.assertEqual(hops(outcome), list(PATH), outcome)
        self.assertIn("!P", outcome.out)

    def test_raw_protocol(self):
        """-P 253: ended by protocol unreachable."""
        outcome = hop_run(*traceroute("-P", "253", WEB))
        self.assertEqual(hops(outcome), list(PATH), outcome)

    def test_method_by_name(self):
        """-M NAME is what the letters stand for."""
        for name in ("default", "icmp", "tcp", "udp", "tcpconn"):
            with self.subTest(name):
                self.check("-M", name)

    def test_dont_fragment(self):
        """-F: probes small enough for the narrow link go through."""
        self.check("-F")

    def test_one_probe_at_a_time(self):
        """-N 1 -q 1: no probe waits beside another."""
        outcome = hop_run(*traceroute("-N", "1", "-q", "1", WEB))
        self.assertEqual(hops(outcome), list(PATH), outcome)

    def test_all_probes_at_once(self):
        """-N 150: they come in one batch."""
        self.check("-N", "150")

    def test_back_ttl(self):
        """--back: the way back is as long as the way there, or traceroute would say otherwise."""
        outcome = hop_run(*traceroute("--back", WEB))
        self.assertNotRegex(outcome.out, r"'-\d+'", outcome)

    def test_first_and_last_hop(self):
        """-f and -m: only a part of the path."""
        outcome = hop_run(*traceroute("-f", "2", "-m", "3", WEB))
        self.assertEqual(hops(outcome), list(PATH[1:3]), outcome)

    def test_large_probes(self):
        """1400 bytes are fragmented on the narrow link and still answered."""
        self.check("1400")


class Annotations(unittest.TestCase):
    """What traceroute makes of a router that refuses."""

    def test_marks(self):
        """!N, !H, !X and so on: traceroute knows every code."""
        marks = {0: "!N", 1: "!H", 5: "!S", 6: "!N", 7: "!H", 8: "!N", 9: "!X", 10: "!X", 11: "!N",
                 12: "!H", 13: "!X", 14: "!V", 15: "!C"}
        for code, mark in marks.items():
            with self.subTest(mark):
                outcome = hop_run(*traceroute("-q", "1", f"198.19.{code}.1"))
                self.assertEqual(hops(outcome), list(ROUTERS[:2]), outcome)
                self.assertIn(f" {mark}\n", outcome.out, outcome)

    def test_loop(self):
        """Two routers that send a packet to each other alternate to the end."""
        outcome = hop_run(*traceroute("-q", "1", "-m", "8", "198.19.111.1"))
        self.assertEqual(len(hops(outcome)), 8, outcome)
        self.assertEqual(hops(outcome)[1::2], [ROUTERS[1]] * 4, outcome)
        self.assertEqual(len(set(hops(outcome)[2::2])), 1, outcome)

    def test_blackhole(self):
        """A route that drops without a word: stars after the last router that speaks."""
        outcome = hop_run(*traceroute("-q", "1", "-w", "0.2", "-m", "4", "198.19.100.1"))
        self.assertEqual(hops(outcome), [ROUTERS[0], "*", "*", "*"], outcome)


LINE = """
tuns: { tun0: { address: 10.1.0.1/24 } }
nodes: { a: { source-routing: true }, b: { source-routing: true }, c: { source-routing: true } }
links:
  - { endpoints: [tun0, a], subnet: 10.1.0.0/24 }
  - { endpoints: [a, b], subnet: 10.2.0.0/30 }
  - { endpoints: [b, c], subnet: 10.3.0.0/30 }
"""


class SourceRoute(unittest.TestCase):
    """traceroute -g asks for loose source routing."""

    def test_refused_by_default(self):
        """A router forwards a source route only when it is told to (RFC 7126 section 4.3)."""
        seen = watch(*traceroute("-q", "1", "-m", "2", "-w", "0.5", "-g", ROUTERS[1], WEB))
        self.assertTrue(any(0x83 in packet.options for packet in seen.packets), seen)
        self.assertEqual({error.source for error in seen.icmp(3, 5)}, {ROUTERS[1]}, seen)

    def test_followed_where_allowed(self):
        """Every router does as it is told. The kernel names the destination twice in the route, so
        that the last host finds its own address as the next one. (Echo requests, because the kernel
        computes the checksum of a source-routed UDP datagram over the first stop in place of the
        last, against RFC 768. traceroute itself prints stars: it is shown no errors that quote
        another destination than the one it asked for.)
        """
        with scratch() as directory:
            file = directory / "line.yaml"
            file.write_text(LINE, encoding="utf-8")
            probes = traceroute("-I", "-q", "1", "-m", "3", "-w", "0.5", "-g", "10.2.0.2", "10.3.0.2")
            seen = watch(*probes, file=file)
        exceeded, arrived = seen.icmp(11, 0), seen.icmp(0, 0)
        self.assertEqual({error.source for error in exceeded}, {"10.1.0.2", "10.2.0.2"}, seen)
        self.assertEqual({reply.source for reply in arrived}, {"10.3.0.2"}, seen)


class PathMtu(unittest.TestCase):
    """The narrow link is found, and where it is."""

    def test_tracepath(self):
        """pmtu 600 from the router in front of the link; five hops there, five back."""
        outcome = hop_run("tracepath", "-n", WEB)
        self.assertEqual(outcome.status, 0, outcome)
        self.assertRegex(outcome.out, rf"{ROUTERS[2]} .*pmtu {NARROW_MTU}|pmtu {NARROW_MTU}")
        self.assertRegex(outcome.out, rf"{WEB} .*reached", outcome)
        self.assertRegex(outcome.out, rf"Resume: pmtu {NARROW_MTU} hops 5 back 5", outcome)

    def test_traceroute(self):
        """traceroute --mtu prints F=600 where it changes."""
        outcome = hop_run(*traceroute("--mtu", WEB))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn(f"F={NARROW_MTU}", outcome.out, outcome)
        self.assertEqual(hops(outcome)[-1], WEB, outcome)

    def test_nothing_narrow_before_it(self):
        """As far as r3 the path carries 1500 bytes."""
        outcome = hop_run("tracepath", "-n", ROUTERS[2])
        self.assertIn("Resume: pmtu 1500 hops 3 back 3", outcome.out, outcome)


class Mtr(unittest.TestCase):
    """mtr finds the path and loses nothing."""

    def report(self, *arguments: str) -> list[dict]:
        """The hops of mtr --json."""
        outcome = hop_run("mtr", "-n", "--json", "-c", "3", "-i", "0.1", *arguments, WEB)
        self.assertEqual(outcome.status, 0, outcome)
        return json.loads(outcome.out)["report"]["hubs"]

    def check(self, *arguments: str) -> None:
        """Every hop answers every probe."""
        hubs = self.report(*arguments)
        self.assertEqual([hub["host"] for hub in hubs], list(PATH), hubs)
        self.assertEqual([hub["Loss%"] for hub in hubs], [0] * 5, hubs)

    def test_icmp(self):
        """The default: echo requests."""
        self.check()

    def test_udp(self):
        """--udp."""
        self.check("--udp")

    def test_tcp(self):
        """--tcp."""
        self.check("--tcp")

    def test_text_report(self):
        """--report is for people."""
        outcome = hop_run("mtr", "-n", "--report", "-c", "2", "-i", "0.1", WEB)
        self.assertEqual(re.findall(r"\|-- ([\d.]+) +0\.0%", outcome.out), list(PATH), outcome)


if __name__ == "__main__":
    unittest.main()
