"""`hop up|run --offload`: with super-packets or without, the network is the same.

The kernel's own TCP and UDP at both ends, each in a namespace of its own; what the receiver's device
shows is what left the network.
"""

import json
import pathlib
import sys
import unittest

from support import Outcome, hop, read_pcap, run, scratch

import bulk

BULK = pathlib.Path(__file__).resolve().parent / "bulk.py"
RIGHT = "198.18.9.1"
WHOLE, SINGLE = 10_000, 1500  # bytes: more than any single packet has; what a link takes


def lab(middle: str = "", left: str = "") -> str:
    """tunA - r1 - r2 - tunB, with these keys of the link in the middle and of r1. Errors quote all."""
    icmp = "icmp: { rate: unlimited, quote: 1500 }"
    return f"""
seed: 3
tuns:
  tunA: {{ address: 198.18.0.1/24, netns: left }}
  tunB: {{ address: {RIGHT}/24, netns: right }}
nodes: {{ r1: {{ {icmp}{left} }}, r2: {{ {icmp} }} }}
links:
  - endpoints: [tunA, r1]
  - {{ endpoints: [r1, r2]{middle} }}
  - endpoints: [r2, tunB]
"""


class WithBothEnds(unittest.TestCase):
    """Commands at both ends; `right` runs one at tunB, and `bulk` is bulk.py."""

    def shell(self, script: str, topology: str, *options: str, cwd: pathlib.Path | None = None) -> Outcome:
        """A script for bash(1) at tunA."""
        with scratch() as directory:
            file = directory / "lab.yaml"
            file.write_text(topology, encoding="utf-8")
            done = run(hop(), "run", *options, str(file), "--", "bash", "-c",
                       f'hop() {{ "{hop()}" "$@"; }}; right() {{ hop exec tunB -- "$@"; }}; '
                       f'python={sys.executable}; bulk={BULK}; {script}', cwd=cwd)
        self.assertEqual(done.status, 0, done)
        return done

    def tcp(self, topology: str, offload: str, *more: str, during: str = "") -> dict:
        """What tunB shows of a transfer from tunA; the bytes are the same."""
        done = self.shell("right $python $bulk receive tunB 5201 | { read ready; "
                          f"$python $bulk send {RIGHT} 5201 {during}; cat; }}", topology,
                          "--offload", offload, *more)
        told = json.loads(done.out)
        self.assertTrue(told["same"], done)
        self.assertEqual(told["wrong"], 0, done)
        self.assertGreater(told["seen"], 0, done)
        self.assertEqual(told["ttls"], [62], done)
        return told


class Tcp(WithBothEnds):
    """The same bytes come, in packets that are right."""

    def test_whole(self):
        """Only with offload, which is the default with two TUNs."""
        for offload, is_whole in (("on", True), ("auto", True), ("off", False)):
            with self.subTest(offload):
                largest = self.tcp(lab(), offload)["largest"]
                self.assertTrue(largest > WHOLE if is_whole else largest <= SINGLE, largest)

    def test_cut(self):
        """Where the path needs single packets."""
        for name, link, left in (("rate", ", rate: 400mbit", ""),
                                 ("loss", ", loss: 0.5%", ""),
                                 ("reordering", ", delay: 1ms, reorder: 5%", ""),
                                 ("filter", "", ", filter: [{ protocol: icmp }]")):
            for offload in ("on", "off"):
                with self.subTest(name, offload=offload):
                    self.assertLessEqual(self.tcp(lab(link, left), offload)["largest"], SINGLE)

    def test_narrow(self):
        """What does not fit is cut, and told; once TCP knows of it (RFC 1191) all passes whole again."""
        for offload, is_whole in (("on", True), ("off", False)):
            with self.subTest(offload):
                largest = self.tcp(lab(", mtu: 1000"), offload)["largest"]
                self.assertTrue(largest > WHOLE if is_whole else largest <= 1000, largest)

    def test_nat(self):
        """Whose translation needs every checksum."""
        nat = lab("", ", nat: { external: r1-r2 }")
        for offload in ("on", "off"):
            with self.subTest(offload):
                self.assertLessEqual(self.tcp(nat, offload)["largest"], SINGLE)

    def test_change(self):
        """The path becomes narrow while TCP goes on, which finds out (RFC 1191)."""
        for offload in ("on", "off"):
            with self.subTest(offload):
                done = self.shell(
                    "right $python $bulk receive tunB 5201 | { read ready; $python $bulk send "
                    f"{RIGHT} 5201 {hop()} set link r1-r2 mtu=700; cat; }}; hop stats --json", lab(),
                    "--offload", offload)
                told, stats = map(json.loads, done.out.splitlines())
                self.assertTrue(told["same"], done)
                self.assertEqual(told["wrong"], 0, done)
                self.assertGreater(stats["nodes"]["r1"]["drop.frag-needed"], 0, done)

    def test_capture(self):
        """Has single packets, with their checksums."""
        for offload in ("on", "auto", "off"):
            with self.subTest(offload), scratch() as directory:
                capture = directory / "both.pcap"
                self.tcp(lab(), offload, "--capture", str(capture))
                packets = [packet for packet in read_pcap(capture) if packet.protocol == 6]
                self.assertLessEqual(max(len(packet.data) for packet in packets), SINGLE)
                self.assertGreater(len(packets), 2 * bulk.SIZE / SINGLE)
                self.assertEqual([packet for packet in packets if not bulk.is_right(packet.data)], [])

    def test_engines(self):
        """Both, sleeping and not."""
        for engine in ("uring", "epoll"):
            for more in ((), ("--busy-poll",)):
                with self.subTest(engine=engine, more=more):
                    self.assertGreater(self.tcp(lab(), "on", "--io", engine, *more)["largest"], WHOLE)


class Udp(WithBothEnds):
    """UDP_SEGMENT: many datagrams by one call."""

    SIZE, SEGMENT, COUNT = 10_500, 1000, 11

    def test_datagrams(self):
        """Each comes as it is, and is counted."""
        for middle in ("", ", rate: 100mbit", ", mtu: 600"):
            for offload in ("on", "off"):
                with self.subTest(middle, offload=offload):
                    done = self.shell(
                        f"right $python $bulk receive-datagrams 9000 {self.COUNT} | {{ read ready; "
                        f"$python $bulk send-datagrams {RIGHT} 9000 {self.SIZE} {self.SEGMENT}; cat; }}; "
                        "hop stats --json", lab(middle), "--offload", offload)
                    told, stats = map(json.loads, done.out.splitlines())
                    self.assertEqual(told, {"sizes": [1000] * 10 + [500], "same": True}, done)
                    self.assertEqual(stats["nodes"]["r1"]["forwarded"], self.COUNT, done)
                    fragments = 21 if "mtu" in middle else self.COUNT
                    self.assertEqual(stats["tuns"]["tunB"]["written"], fragments, done)

    def test_time_exceeded(self):
        """Each datagram is told, and quoted as it would have been sent."""
        for offload in ("on", "off"):
            with self.subTest(offload):
                done = self.shell(f"$python $bulk send-datagrams {RIGHT} 9000 {self.SIZE} "
                                  f"{self.SEGMENT} 2", lab(), "--offload", offload)
                errors = json.loads(done.out)
                self.assertEqual([(error["type"], error["code"], error["right"]) for error in errors],
                                 [(11, 0, True)] * self.COUNT, done)
                self.assertEqual([error["length"] for error in errors], [1028] * 10 + [528], done)
                first = errors[0]["id"]
                self.assertEqual([error["id"] for error in errors],
                                 [(first + i) % 0x10000 for i in range(self.COUNT)], done)


class Option(unittest.TestCase):
    """--offload auto|on|off."""

    def test_unknown(self):
        """What there is stands in the message."""
        outcome = run(hop(), "run", "--offload", "yes", "--", "true")
        self.assertEqual(outcome.status, 2, outcome)
        self.assertIn("--offload: expected auto, on or off, found 'yes'", outcome.err)

    def test_one_tun(self):
        """Super-packets that end in the network are cut there."""
        outcome = run(hop(), "run", "--offload", "on", "--", "sh", "-c",
                      "ping -n -q -c 3 -i 0.01 198.18.0.2; python3 -c 'import socket; "
                      "socket.create_connection((\"198.18.0.2\", 9))'")
        self.assertIn("3 received", outcome.out, outcome)
        self.assertIn("ConnectionRefusedError", outcome.err, outcome)


if __name__ == "__main__":
    unittest.main()
