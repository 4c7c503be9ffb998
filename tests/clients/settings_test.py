"""The same packets through every setting of the engine, and the same answers from each."""

import ipaddress
import json
import pathlib
import struct
import sys
import unittest

from exchange import LAST
from support import ROOT, hop_run, scratch

sys.path.append(str(ROOT / "tests/kernel"))
import packets as make  # noqa: E402  pylint: disable=wrong-import-position

SETTINGS = (
    ("--io", "epoll"),
    ("--io", "uring"),
    ("--io", "epoll", "--workers", "2"),
    ("--io", "uring", "--workers", "2"),
    ("--io", "epoll", "--workers", "3", "--busy-poll"),
    ("--io", "epoll", "--offload", "on"),
    ("--io", "uring", "--offload", "on", "--workers", "2"),
)

# Sources are none of this machine's, which therefore says nothing about what comes back to them.
LAB = """
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes:
  r1: { icmp: { rate: unlimited } }
  r2: { icmp: { rate: unlimited } }
  web: { kind: host, udp: { echo: [7] }, tcp: { open: [80] } }
links:
  - { endpoints: [tun0, { node: r1, address: 198.18.0.2/24 }] }
  - { endpoints: [r1, r2], subnet: 198.18.1.0/24, mtu: 600 }
  - { endpoints: [r2, { node: web, address: 198.18.2.80/24 }] }
routes: { r1: [{ to: 10.9.0.0/16, via: 198.18.0.1 }] }
"""
ROUTER, WEB, NOBODY = "198.18.1.2", "198.18.2.80", "203.0.113.9"
DF, MF = 2, 1
SYN, RST = 2, 4


def fragments(packet: bytes, *cuts: int) -> list[bytes]:
    """A datagram without options in pieces that begin at these offsets."""
    payload, ends = packet[20:], (*cuts[1:], len(packet) - 20)
    source, destination = (str(ipaddress.IPv4Address(packet[at:at + 4])) for at in (12, 16))
    return [make.ip(source, destination, payload[start:end], protocol=packet[9], offset=start,
                    flags=MF if end < len(payload) else 0, ident=int.from_bytes(packet[4:6], "big"))
            for start, end in zip(cuts, ends)]


def pings(source: str, to: str) -> list[bytes]:
    """Of sizes and kinds, in one flow: fragments of ICMP have no ports to tell them by."""
    def ping(number: int, size: int, **header) -> bytes:
        message = make.icmp(8, rest=7 << 16 | number, data=make.counting(size))
        return make.ip(source, to, message, protocol=1, ident=number, **header)

    return [ping(1, 0), ping(2, 56), ping(3, 1400), ping(4, 1000, flags=DF), ping(5, 56, ttl=2),
            *fragments(ping(6, 3000), 0, 1480, 2960), ping(7, 56, options=bytes((7, 11, 4)) + bytes(8)),
            ping(8, 56, bad_checksum=True), ping(9, 56, length=5000), ping(10, 56, version=5),
            ping(11, 56, options=bytes((7, 3, 2))), ping(12, 500), ping(LAST, 0, ttl=1)]


def datagrams(source: str, to: str, sport: int, dport: int) -> list[bytes]:
    """Numbered, some of them with a TTL that ends on the way, or too large for it."""
    def datagram(number: int, size: int = 20, **header) -> bytes:
        data = struct.pack("!I", number) + make.counting(size)
        return make.ip(source, to, make.udp(source, to, data, sport=sport, dport=dport), ident=number,
                       **header)

    return [datagram(1), datagram(2, ttl=1), datagram(3), datagram(4, 1000, flags=DF), datagram(5, ttl=2),
            datagram(6, 1000), datagram(7), datagram(8), datagram(LAST, ttl=1)]


def cut_datagrams(source: str, to: str) -> list[bytes]:
    """Datagrams that come in fragments: a flow by itself, since those have no ports."""
    data = make.udp(source, to, make.counting(1200), sport=4000, dport=7)
    cut = [fragments(make.ip(source, to, data, ident=number), 0, 400, 800) for number in (21, 22, 23)]
    last = make.ip(source, to, data[:400], flags=MF, ident=LAST, ttl=1)
    return [*cut[0], *reversed(cut[1]), *cut[2], last]


def handshake(source: str, to: str, sport: int, dport: int) -> list[bytes]:
    """Half a handshake, and its end."""
    def segment(ident: int, flags: int, seq: int, **header) -> bytes:
        return make.ip(source, to, make.tcp(source, to, flags=flags, sport=sport, dport=dport, seq=seq),
                       protocol=6, ident=ident, **header)

    return [segment(1, SYN, 1000), segment(2, RST, 1001), segment(3, SYN, 5000, ttl=2),
            segment(LAST, SYN, 9000, ttl=1)]


def flows_from(source: str) -> list[list[bytes]]:
    """All kinds of flows, each with a last packet that r1 tells of."""
    return [pings(source, WEB), pings(source, ROUTER), cut_datagrams(source, WEB),
            *(datagrams(source, WEB, sport, 7) for sport in range(5000, 5008)),
            *(datagrams(source, WEB, sport, 9999) for sport in range(6000, 6004)),
            datagrams(source, ROUTER, 6100, 7), datagrams(source, NOBODY, 6200, 53),
            *(handshake(source, WEB, sport, 80) for sport in range(7000, 7004)),
            handshake(source, WEB, 7100, 81)]


def by_turns(of_source: list[list[bytes]]) -> list[bytes]:
    """A packet of each flow, the next of each, and so on."""
    longest = max(map(len, of_source))
    return [flow[at] for at in range(longest) for flow in of_source if at < len(flow)]


def flows() -> list[list[list[bytes]]]:
    """Of each source."""
    return [flows_from(f"10.9.0.{host}") for host in range(1, 9)]


def rounds() -> list[dict]:
    """What exchange.py gets."""
    return [{"packets": [packet.hex() for packet in by_turns(of_source)], "until": len(of_source)}
            for of_source in flows()]


def flow_of(packet: bytes) -> tuple:
    """Of whoever sent it: addresses, protocol and ports."""
    header = (packet[0] & 15) * 4
    return packet[12:16], packet[16:20], packet[9], b"" if packet[9] == 1 else packet[header:header + 4]


def asked_by(answer: bytes, parts: dict[bytes, tuple]) -> tuple:
    """The flow that an answer is for: of what an error quotes, or the way back. In `parts` are those of
    first fragments, by which later ones are known."""
    header = (answer[0] & 15) * 4
    datagram = answer[4:6] + answer[9:10] + answer[12:20]
    if int.from_bytes(answer[6:8], "big") & 0x1FFF:
        return parts[datagram]
    if answer[9] == 1 and answer[header] in (3, 11, 12):
        return flow_of(answer[header + 8:])
    source, destination, protocol, ports = flow_of(answer)
    parts[datagram] = destination, source, protocol, ports[2:] + ports[:2]
    return parts[datagram]


def comparable(answer: bytes) -> bytes:
    """All but what is not said to be the same. The Identification (and the checksum of the header with
    it) is a counter, of each worker its own. The initial sequence number of TCP has the time in it (RFC
    9293 section 3.4.1), and so has the checksum of the segment."""
    data = bytearray(answer)
    data[4:6] = data[10:12] = bytes(2)
    header = (data[0] & 15) * 4
    if data[9] == 6 and data[header + 13] & SYN:
        data[header + 4:header + 8] = bytes(4)
        data[header + 16:header + 18] = bytes(2)
    return bytes(data)


class Settings(unittest.TestCase):
    """Whatever moves the packets, they are the same."""

    def answers(self, options: tuple[str, ...]) -> dict[tuple, list[str]]:
        """What came back, of each flow in order."""
        with scratch() as directory:
            file = directory / "lab.yaml"
            file.write_text(LAB, encoding="utf-8")
            exchange = str(pathlib.Path(__file__).with_name("exchange.py"))
            outcome = hop_run(sys.executable, exchange, file=file, options=options,
                              text=json.dumps(rounds()))
        self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
        by_flow: dict[tuple, list[str]] = {}
        parts: dict[bytes, tuple] = {}
        for packet in map(bytes.fromhex, json.loads(outcome.out)):
            by_flow.setdefault(asked_by(packet, parts), []).append(comparable(packet).hex())
        return by_flow

    def test_all_answer_the_same(self):
        """Byte for byte, and in order within each flow."""
        first = self.answers(SETTINGS[0])
        self.assertEqual(len(first), sum(map(len, flows())))
        for options in SETTINGS[1:]:
            answers = self.answers(options)
            self.assertEqual(answers.keys(), first.keys(), options)
            for flow, expected in first.items():
                with self.subTest(options=options, flow=flow):
                    self.assertEqual(answers[flow], expected)


if __name__ == "__main__":
    unittest.main()
