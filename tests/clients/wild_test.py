"""Hops as they are in the wild: slow, hidden, lying, silent and refusing ones, and black holes."""

import json
import re
import unittest
from typing import NamedTuple

from support import Outcome, Packet, hop, hop_run, read_pcap, run, scratch, write_pcap

TUN, NEAR, HOP, WEB = "198.18.0.1", "198.18.0.2", "198.18.1.2", "203.0.113.80"
NOWHERE = "192.0.2.1"
ECHO_REPLY, NET_UNREACHABLE, FRAG_NEEDED, TTL_EXCEEDED = (0, 0), (3, 0), (3, 4), (11, 0)
MILLISECOND = 10**6  # nanoseconds
ANSWERED, NEAR_ONLY = [(WEB, ECHO_REPLY), (NEAR, ECHO_REPLY)], [(NEAR, ECHO_REPLY)]
HEADERS = 28  # bytes before the data of a ping


def chain(far: str = "{}", link: str = "", *, web: str = "", web_sends: str = "",
          routes: str = "{}") -> str:
    """tun0 - near - far - web: what `far` is, what the link behind it does, what the host is and what
    becomes of what it sends."""
    return f"""
tuns: {{ tun0: {{ address: {TUN}/24, routes: [default] }} }}
nodes: {{ near: {{}}, far: {far}, web: {{ kind: host, {web} }} }}
links:
  - endpoints: [tun0, near]
  - endpoints: [near, far]
    subnet: 198.18.1.0/30
  - {{ endpoints: [far, {{ node: web, address: {WEB}/24, {web_sends} }}], {link} }}
routes: {routes}
"""


class Seen(NamedTuple):
    """What a client said, what came to it over the TUN, and what the nodes counted."""

    outcome: Outcome
    packets: list[Packet]
    nodes: dict[str, dict[str, int]]

    def answers(self) -> list[tuple[str, tuple[int, int]]]:
        """Senders, types and codes of the ICMP messages that came back, in order."""
        return [(packet.source, packet.icmp) for packet in self.packets
                if packet.destination == TUN and packet.icmp]


def seen(topology: str, *command: str) -> Seen:
    """A client behind a network."""
    with scratch() as directory:
        file, capture, counters = (directory / name for name in ("lab.yaml", "pcap", "json"))
        file.write_text(topology, encoding="utf-8")
        outcome = hop_run(*command, file=file, options=("--capture", str(capture), "--counters",
                                                        str(counters)))
        return Seen(outcome, read_pcap(capture), json.loads(counters.read_text())["nodes"])


def ping(address: str, *options: str) -> tuple[str, ...]:
    """One request."""
    return ("ping", "-n", "-c", "1", *options, address)


def ping_and_near(address: str, *options: str) -> tuple[str, ...]:
    """One that may be lost: nobody waits for it, but for a reply to another one behind it."""
    first = " ".join(ping(address, "-W", "0.01", *options))
    return ("sh", "-c", f"{first}; {' '.join(ping(NEAR))}")


def sized(length: int) -> tuple[str, str]:
    """Makes the request a packet of so many bytes."""
    return ("-s", str(length - HEADERS))


class Slow(unittest.TestCase):
    """`delay` of `icmp`: a router that forwards at once and answers late."""

    def test_replayed(self):
        """Errors and replies are late by exactly so much, and what is forwarded is not late at all."""
        packets = []
        for command in (ping(WEB, "-t", "2"), ping(HOP), ping(WEB)):
            packets += seen(chain(), *command).packets
        requests = [packet for packet in packets if packet.source == TUN]
        with scratch() as directory:
            file, asked, out = (directory / name for name in ("lab.yaml", "asked.pcap", "out.pcap"))
            file.write_text(chain("{ icmp: { delay: 30ms } }"), encoding="utf-8")
            write_pcap(asked, requests)
            done = run(hop(), "replay", str(file), str(asked), str(out))
            self.assertEqual(done.status, 0, done)
            answers = {(answer.source, answer.icmp): answer.when for answer in read_pcap(out)}
        late = [answers[key] - request.when for key, request in
                zip(((HOP, TTL_EXCEEDED), (HOP, ECHO_REPLY), (WEB, ECHO_REPLY)), requests)]
        self.assertEqual(late, [30 * MILLISECOND, 30 * MILLISECOND, 0])

    def test_live(self):
        """As ping measures it, for replies and errors."""
        told = seen(chain("{ icmp: { delay: 300ms } }"), *ping(HOP))
        self.assertGreaterEqual(float(re.search(r"time=([\d.]+)", told.outcome.out)[1]), 300, told)
        told = seen(chain("{ icmp: { delay: 300ms } }"), *ping(WEB, "-t", "2"))
        request, answer = (packet for packet in told.packets if packet.icmp)
        self.assertEqual((answer.source, answer.icmp), (HOP, TTL_EXCEEDED), told)
        self.assertGreaterEqual(answer.when - request.when, 300 * MILLISECOND, told)


class Hidden(unittest.TestCase):
    """`decrement-ttl: false`: a router that leaves no trace."""

    HIDING = "{ decrement-ttl: false }"

    def test_traceroute(self):
        """Lists the others; pings of the router itself are answered."""
        told = seen(chain(self.HIDING), "traceroute", "-n", "-q", "1", "-w", "5,0,0", WEB)
        hops = re.findall(r"(?m)^ *\d+  (\S+)", told.outcome.out)
        self.assertEqual(hops, [NEAR, WEB], told)
        self.assertEqual(seen(chain(self.HIDING), *ping(HOP)).answers(), [(HOP, ECHO_REPLY)])

    def test_ttl(self):
        """Of a reply is less by one, not two; and a request with two gets there."""
        told = seen(chain(self.HIDING), *ping(WEB, "-t", "2"))
        self.assertIn(" ttl=63 ", told.outcome.out, told)

    def test_loop(self):
        """Of such routers alone ends all the same, in silence, and is counted."""
        told = seen(f"""
tuns: {{ tun0: {{ address: {TUN}/24, routes: [default] }} }}
nodes: {{ a: {self.HIDING}, b: {self.HIDING} }}
links: [{{ endpoints: [tun0, a] }}, {{ endpoints: [a, b], subnet: 198.18.1.0/30 }}]
routes: {{ a: [{{ to: {NOWHERE}/32, via: {HOP} }}], b: [{{ to: {NOWHERE}/32, via: 198.18.1.1 }}] }}
""", *ping_and_near(NOWHERE))
        self.assertEqual(told.answers(), NEAR_ONLY, told)
        # 255 times it was passed on; the 256th router drops it.
        self.assertEqual((told.nodes["a"]["forwarded"], told.nodes["b"]["forwarded"]), (128, 127))
        self.assertEqual(told.nodes["b"]["drop.hidden-hops"], 1)


class Liar(unittest.TestCase):
    """`next-hop-mtu: NUMBER`: frag-needed with an MTU that is not that of the link, 1000."""

    def lie(self, mtu: int, *command: str) -> Seen:
        """About a link of 1000."""
        return seen(chain(f"{{ icmp: {{ next-hop-mtu: {mtu} }} }}", "mtu: 1000"), *command)

    def test_ping(self):
        """Prints what it is told, in the last two bytes of the header (RFC 1191, section 4)."""
        for mtu in (700, 1400):
            with self.subTest(mtu):
                told = self.lie(mtu, *ping(WEB, "-M", "do", *sized(1450)))
                self.assertIn(f"Frag needed and DF set (mtu = {mtu})", told.outcome.out, told)
                (error,) = (packet for packet in told.packets if packet.icmp == FRAG_NEEDED)
                self.assertEqual(error.rest, mtu.to_bytes(4, "big"))

    def test_too_little(self):
        """tracepath believes it and gets there."""
        told = self.lie(700, "tracepath", "-n", WEB)
        self.assertIn("Resume: pmtu 700 hops 3 back 3", told.outcome.out, told)

    def test_too_much(self):
        """Who believes it is told the same again, and never gets there."""
        told = self.lie(1400, "tracepath", "-n", "-m", "6", WEB)
        self.assertIn("Too many hops: pmtu 1400", told.outcome.out, told)
        self.assertGreaterEqual(told.answers().count((HOP, FRAG_NEEDED)), 2, told)


class BlackHole(unittest.TestCase):
    """Packets that are too long vanish."""

    def test_silent_about_mtu(self):
        """`silent: [frag-needed]`: of that nothing is told, of other things it is."""
        lab = chain("{ icmp: { silent: [frag-needed] } }", "mtu: 1000",
                    routes=f"{{ near: [{{ to: {NOWHERE}/32, via: {HOP} }}] }}")
        for length, answers in ((1000, ANSWERED), (1001, NEAR_ONLY)):
            with self.subTest(length):
                told = seen(lab, *ping_and_near(WEB, "-M", "do", *sized(length)))
                self.assertEqual(told.answers(), answers, told)
        self.assertEqual(seen(lab, *ping(NOWHERE)).answers(), [(HOP, NET_UNREACHABLE)])

    def test_may_be_cut(self):
        """Without DF they are cut, and pass."""
        lab = chain("{ icmp: { silent: [frag-needed] } }", "mtu: 1000")
        self.assertIn("1 received", seen(lab, *ping(WEB, "-M", "dont", *sized(1001))).outcome.out)

    def test_filter_by_length(self):
        """A path MTU that nobody tells, for packets with and without DF."""
        lab = chain("{ filter: [{ length: 1301-65535, action: drop }] }")
        for length, answers in ((1300, ANSWERED), (1301, NEAR_ONLY)):
            for hint in ("do", "dont"):
                with self.subTest(length, hint=hint):
                    told = seen(lab, *ping_and_near(WEB, "-M", hint, *sized(length)))
                    self.assertEqual(told.answers(), answers, told)
                    self.assertEqual(told.nodes["far"].get("drop.filtered", 0), 2 - len(answers))

    def test_one_direction(self):
        """`drop` by length at one end: long requests arrive and long replies do not; or the requests
        do not, either."""
        rule = "drop: [{ every: 1, length: 1001-65535 }]"
        for lab, arrived in ((chain(web_sends=rule), 1), (self.on_the_way_there(rule), 0)):
            with self.subTest(arrived=arrived):
                told = seen(lab, *ping_and_near(WEB, *sized(1001)))
                self.assertEqual(told.answers(), NEAR_ONLY, told)
                self.assertEqual(told.nodes["web"].get("answered", 0), arrived, told)
                self.assertEqual(seen(lab, *ping(WEB, *sized(1000))).answers(), [(WEB, ECHO_REPLY)])

    def on_the_way_there(self, rule: str) -> str:
        """The chain, where the rule is about what the router sends to the host."""
        return chain().replace("endpoints: [far,", f"endpoints: [{{ node: far, {rule} }},")


class Refused(unittest.TestCase):
    """`tcp: { filtered: all, reject: admin-prohibited }`: as behind a firewall that says so."""

    LAB = chain(web="tcp: { filtered: all, reject: admin-prohibited }")

    def test_nmap(self):
        """Knows who said it."""
        told = seen(self.LAB, "nmap", "-n", "-Pn", "--reason", "-p", "80,443", WEB)
        for port in (80, 443):
            self.assertRegex(told.outcome.out, rf"(?m)^{port}/tcp +filtered \S+ +admin-prohibited ttl")

    def test_traceroute(self):
        """By TCP is refused at the end."""
        told = seen(self.LAB, "traceroute", "-n", "-T", "-q", "1", "-w", "5,0,0", WEB)
        self.assertRegex(told.outcome.out, rf"(?m)^ 3  {re.escape(WEB)}  [\d.]+ ms !X$", told)

    def test_others(self):
        """Are not: pings are answered, UDP has no such ports."""
        told = seen(self.LAB, "sh", "-c", f"ping -n -c 1 {WEB}; traceroute -n -q 1 -w 5,0,0 {WEB}")
        self.assertIn("1 received", told.outcome.out, told)
        self.assertRegex(told.outcome.out, rf"(?m)^ 3  {re.escape(WEB)}  [\d.]+ ms$", told)


if __name__ == "__main__":
    unittest.main()
