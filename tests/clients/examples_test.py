"""tools/examples: each does what its comment says, with the commands that stand there."""

import re
import unittest

from examples import EXAMPLES, addresses, commands, execute, links, losses, outcomes, path
from support import ROOT, Outcome, hop, read_pcap, run, scratch

WEB = "203.0.113.80"


def round_trip(ping: Outcome) -> float:
    """The shortest of ping, in ms."""
    return float(re.search(r"= ([\d.]+)/", ping.out)[1])


class All(unittest.TestCase):
    """Every file."""

    def test_is_right(self):
        """hop check has nothing to say against it."""
        for file in sorted(EXAMPLES.glob("*.yaml")):
            with self.subTest(file.name):
                outcome = run(hop(), "check", str(file))
                self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)

    def test_is_in_the_index_and_tested(self):
        """With a command of its comment, and by name below."""
        index = (EXAMPLES / "README.md").read_text(encoding="utf-8")
        tests = (ROOT / "tests/clients/examples_test.py").read_text(encoding="utf-8")
        for file in sorted(EXAMPLES.glob("*.yaml")):
            with self.subTest(file.name):
                row = re.search(rf"\[{file.name}\].*\| `(.*)` \|", index)
                self.assertIsNotNone(row)
                self.assertIn(f"hop run tools/examples/{file.name} -- {row[1]}",
                              commands(file.stem))
                self.assertIn(f'outcomes("{file.stem}")', tests)


class Paths(unittest.TestCase):
    """What a trace shows."""

    def test_chain(self):
        """Three routers and the host; 61 is 64 less three; 20 ms there and back."""
        trace, ping, short, mtr = outcomes("chain")
        hops = ["198.18.0.2", "198.18.1.2", "198.18.2.2", WEB]
        self.assertEqual(path(trace), hops, trace)
        self.assertIn("3 received", ping.out, ping)
        self.assertEqual(ping.out.count("ttl=61"), 3, ping)
        self.assertGreaterEqual(round_trip(ping), 20, ping)
        self.assertIn("From 198.18.1.2 icmp_seq=1 Time to live exceeded", short.out)
        self.assertEqual(losses(mtr), dict.fromkeys(hops, 0.0), mtr)

    def test_silent(self):
        """Who says what to whom."""
        trace, unseen, mute, unpinged = outcomes("silent")
        self.assertEqual(path(trace), ["198.18.0.2", "*", "*", "198.18.3.2", WEB], trace)
        self.assertEqual((unseen.status, mute.status, unpinged.status), (0, 1, 1))

    def test_asymmetric(self):
        """Four hops there, three back."""
        trace, back, ping, check = outcomes("asymmetric")
        self.assertEqual(path(trace), ["198.18.0.2", "198.18.1.2", "198.18.3.2", WEB], trace)
        self.assertIn("198.18.3.2 '-2'", back.out, back)
        self.assertIn(f"{WEB} '-3'", back.out, back)
        self.assertIn("ttl=62", ping.out, ping)
        self.assertRegex(check.out, r"back: 203\.0\.113\.1 +198\.18\.1\.1\n")

    def test_loop(self):
        """Two routers in turn."""
        trace, ping = outcomes("loop")
        self.assertEqual(path(trace), ["198.18.0.2"] + ["198.18.1.2", "198.18.2.2"] * 4, trace)
        self.assertIn("Time to live exceeded", ping.out, ping)

    def test_mpls(self):
        """Four tunnels along the same routers; who answers, and with which labels."""
        *traces, mtr, tracepath, check = outcomes("mpls")
        ends = ["203.0.113.10", "203.0.113.70", "203.0.113.130", "203.0.113.200"]
        before, inside, last = ["198.18.0.2", "198.18.1.2"], ["198.18.2.2", "198.18.3.2"], ["198.18.4.2"]
        for trace, end, seen in zip(traces, ends, (inside, inside, [], []), strict=True):
            self.assertEqual(path(trace), [*before, *seen, *last, end], trace)
        told = [re.findall(r"([\d.]+) <MPLS:(.*?)>", trace.out) for trace in traces]
        self.assertEqual(told[0], [("198.18.2.2", "L=24001,E=0,S=1,T=1"),
                                   ("198.18.3.2", "L=24002,E=0,S=1,T=1")])
        self.assertEqual(told[1:], [[], [("198.18.4.2", "L=20,E=0,S=1,T=253")], []])
        self.assertEqual(set(re.findall(r"(?m)^m (\d+) (.*)$", mtr.out)),
                         {("2", "24001 0 1 1"), ("3", "24002 0 1 1")}, mtr)
        self.assertIn("Resume: pmtu 1496", tracepath.out, tracepath)
        self.assertRegex(check.out, r"explicit +198.18.0.2 .* 198.18.2.2  198.18.3.2 .* 203.0.113.10\n")
        self.assertRegex(check.out, r"invisible +198.18.0.2  198.18.1.2  198.18.4.2  203.0.113.200\n")

    def test_quotes_of_an_implicit_tunnel(self):
        """The TTL in what they quote tells of it: 2 at its second router."""
        with scratch() as directory:
            capture = directory / "tun0.pcap"
            execute(commands("mpls")[1], "--capture", str(capture))
            told = {packet.source: packet.quote[8] for packet in read_pcap(capture)
                    if packet.icmp == (11, 0)}
        self.assertEqual(told, {"198.18.0.2": 1, "198.18.1.2": 1, "198.18.2.2": 1,
                                "198.18.3.2": 2, "198.18.4.2": 1})

    def test_redirect(self):
        """From r1 to r2, where that is nearer; and the packet arrives."""
        told, untold, trace = outcomes("redirect")
        self.assertRegex(told.out, r"198\.18\.0\.2.*Redirect Host ?\(New nexthop: 198\.18\.0\.3\)")
        self.assertEqual((told.status, untold.status), (0, 0))
        self.assertNotIn("Redirect", untold.out)
        self.assertEqual(path(trace)[-1], "198.18.2.80", trace)


class Changing(unittest.TestCase):
    """Networks that are not the same all the time, and commands at both ends."""

    def test_flapping(self):
        """Exact in virtual time; in real time for as long as it takes to see both."""
        around, alone, ping, loop, events = outcomes("flapping")
        self.assertEqual(re.findall(r"ttl=(\d+)", around.out), ["63", "63", "62", "62", "63"], around)
        self.assertEqual(re.findall(r"seq=(\d)", alone.out), ["1", "2", "3", "6"], alone)
        self.assertIn("10 received, 0% packet loss", ping.out, ping)
        self.assertRegex(loop.out, r" ttl=.*\nFrom 198\.18\.0\.2 .* Net Unreachable\n.* ttl=", loop)
        told = re.findall(r"(?m)^[\d.]+ link (\S+): \{up: (\w+)\}$", events.out)
        self.assertEqual(len(told), 4, events)
        self.assertEqual(set(told), {(link, up) for link in ("r1-r2", "r2-far")
                                     for up in ("true", "false")}, events)

    def test_two_ends(self):
        """Both ways; a server and its client; a link that becomes narrow meanwhile."""
        pings, trace, iperf, narrow = outcomes("two-ends")
        self.assertEqual(pings.out.count(" 2 received, 0% packet loss"), 2, pings)
        self.assertEqual(pings.out.count("ttl=62"), 4, pings)
        self.assertEqual(path(trace), ["198.18.2.2", "198.18.100.1", "198.18.1.1"], trace)
        self.assertEqual(iperf.status, 0, iperf)
        self.assertIn("1.00 MBytes", iperf.out, iperf)
        self.assertIn("From 198.18.1.2 icmp_seq=1 Frag needed and DF set (mtu = 1280)", narrow.out)
        self.assertRegex(narrow.out, r"198\.18\.2\.2 .*pmtu 1280", narrow)


class Translated(unittest.TestCase):
    """Address translation."""

    def test_nat(self):
        """Whom each end sees, and errors that come through, or do not."""
        trace, out, inward, mtu, broken, outside = outcomes("nat")
        self.assertEqual(path(trace), ["192.168.1.1", "198.51.100.1", "198.18.0.2", WEB], trace)
        self.assertIn("Accepted connection from 198.51.100.2,", out.out, out)
        self.assertIn(f"Accepted connection from {WEB},", inward.out, inward)
        self.assertIn("From 198.51.100.1 icmp_seq=1 Frag needed and DF set (mtu = 1300)", mtu.out)
        self.assertIn("Resume: pmtu 1300", mtu.out, mtu)
        self.assertNotIn("mtu 1300", broken.out, broken)
        self.assertEqual(path(broken), ["192.168.1.1", "*", "*", "*"], broken)
        self.assertIn("64 bytes from 198.51.100.2:", outside.out, outside)
        self.assertIn("1 packets transmitted, 0 received", outside.out, outside)
        self.assertIn("drop.nat-filtered=1 ", outside.out, outside)


class Balanced(unittest.TestCase):
    """Several ways. The ports are fixed, so each run takes the same ones."""

    def test_diamond(self):
        """Both ways by flow, one for pings; dublin-traceroute finds both."""
        udp, icmp, dublin = outcomes("diamond")
        both = {"198.18.1.2", "198.18.2.2"}
        self.assertEqual(addresses(udp)[1], both, udp)
        self.assertEqual(len(addresses(icmp)[1]), 1, icmp)
        flows = dublin.out.split("== Flow ID")[1:]
        self.assertEqual(len(flows), 20, dublin)
        second = [re.search(r"(?m)^2 +(\S+)", flow)[1] for flow in flows]
        self.assertEqual(set(second) - {"*"}, both, dublin)

    def test_unequal_diamond(self):
        """The place where the ways meet is at two distances."""
        (trace,) = outcomes("diamond-unequal")
        first, second, third, fourth = addresses(trace)
        self.assertEqual(first, {"198.18.0.2"})
        self.assertEqual(second, {"198.18.1.2", "198.18.2.2"}, trace)
        self.assertEqual(third, {"198.18.3.2", "198.18.5.2"}, trace)
        self.assertEqual(fourth, {"198.18.5.2", WEB}, trace)

    def test_double_diamond(self):
        """All links that there are and no others."""
        (trace,) = outcomes("diamond-double")
        net = "198.18."
        expected = {(net + a, net + b) for a, b in (
            ("0.2", "1.2"), ("0.2", "2.2"), ("1.2", "11.2"), ("1.2", "12.2"), ("2.2", "21.2"),
            ("2.2", "22.2"), ("11.2", "13.2"), ("12.2", "13.2"), ("21.2", "23.2"),
            ("22.2", "23.2"), ("13.2", "31.2"), ("23.2", "31.2"))} | {(net + "31.2", WEB)}
        self.assertEqual(links(trace), expected, trace)

    def test_meshed_diamond(self):
        """The same."""
        (trace,) = outcomes("diamond-meshed")
        net = "198.18."
        expected = {(net + a, net + b) for a, b in (
            ("0.2", "1.2"), ("0.2", "2.2"), ("1.2", "3.2"), ("1.2", "4.2"), ("2.2", "3.2"),
            ("2.2", "4.2"), ("3.2", "7.2"), ("4.2", "7.2"))} | {(net + "7.2", WEB)}
        self.assertEqual(links(trace), expected, trace)

    def test_wide_diamond(self):
        """None of the twenty-five is missed."""
        (trace,) = outcomes("diamond-wide")
        second = set(re.findall(r"(?m)^2 +([\d.]+)", trace.out))
        self.assertEqual(second, {f"198.18.1.{number}" for number in range(2, 27)}, trace)

    def test_balancers(self):
        """By packet, by destination, by flow."""
        flows, one_flow = (addresses(trace) for trace in outcomes("balancers"))
        by_packet, by_flow = {"198.18.1.2", "198.18.1.6"}, {"198.18.5.2", "198.18.5.6"}
        self.assertEqual((flows[1], flows[5]), (by_packet, by_flow))
        self.assertEqual((one_flow[1], len(one_flow[5])), (by_packet, 1))
        self.assertEqual((len(flows[3]), len(one_flow[3])), (1, 1))


class Answers(unittest.TestCase):
    """Errors, and what is not answered."""

    def test_pmtu(self):
        """Of every kind."""
        trace, honest, cut, old, hole, small, one_way, less, more = outcomes("pmtu")
        self.assertRegex(trace.out, r"198\.18\.100\.2 .*pmtu 600", trace)
        self.assertIn("Resume: pmtu 600 hops 3 back 3", trace.out, trace)
        self.assertIn("Frag needed and DF set (mtu = 600)", honest.out, honest)
        self.assertEqual(cut.status, 0, cut)
        self.assertIn("Frag needed and DF set (mtu = 0)", old.out, old)
        self.assertEqual(hole.status, 1, hole)
        self.assertNotIn("Frag needed", hole.out)
        self.assertEqual((small.status, one_way.status), (0, 0))
        self.assertIn("Resume: pmtu 500 hops 3 back 3", less.out, less)
        self.assertGreaterEqual(len(re.findall(r"198\.18\.100\.7 .*pmtu 900", more.out)), 2, more)
        self.assertIn("Too many hops: pmtu 900", more.out, more)

    def test_fragments_of_one_direction(self):
        """The request crosses the TUN in one piece, the reply in two."""
        with scratch() as directory:
            capture = directory / "tun0.pcap"
            execute(commands("pmtu")[6], "--capture", str(capture))
            packets = [packet for packet in read_pcap(capture) if packet.protocol == 1]
        self.assertEqual([packet.source for packet in packets],
                         ["198.18.0.1", "198.18.4.80", "198.18.4.80"], packets)
        self.assertEqual([packet.more_fragments for packet in packets], [False, True, False])

    def test_rate_limited(self):
        """Loss at the second hop and at no other, and no ping is lost."""
        mtr, through, to = outcomes("rate-limited")
        told = losses(mtr)
        self.assertGreater(told.pop("198.18.1.2"), 0, mtr)
        self.assertEqual(told, {"198.18.0.2": 0, "198.18.2.2": 0, WEB: 0}, mtr)
        for ping in (through, to):
            self.assertIn("20 received, 0% packet loss", ping.out, ping)

    def test_slow(self):
        """Exact in virtual time; at least so long in real time, at that hop alone."""
        exact, trace, to, through = outcomes("slow")
        self.assertEqual(re.findall(r"(?m)^ \d  \S+  (.*) ms$", exact.out),
                         ["2.000", "204.000", "6.000", "8.000"], exact)
        self.assertGreaterEqual(float(re.search(r"198\.18\.2\.2  ([\d.]+) ms", trace.out)[1]), 204)
        self.assertGreaterEqual(round_trip(to), 204, to)
        self.assertEqual(through.status, 0, through)

    def test_tcp_ports(self):
        """By half a handshake and by a whole one, and in the words of curl."""
        *scans, answered, refused, told, trace = outcomes("tcp-ports")
        for scan in scans:
            self.assertEqual(re.findall(r"(?m)^(\d+)/tcp +(\S+)", scan.out),
                             [("22", "filtered"), ("25", "filtered"), ("80", "open"),
                              ("443", "closed")], scan)
        self.assertIn("Empty reply", answered.err, answered)
        self.assertIn("Connection refused", refused.err, refused)
        self.assertIn("No route to host", told.err, told)
        self.assertIn(f"{WEB} <syn,ack>", trace.out, trace)

    def test_unreachable(self):
        """In the words of each client."""
        vanished, unreachable, prohibited, fping, refused, dropped, closed = (
            outcomes("unreachable"))
        self.assertEqual(path(vanished), ["198.18.0.2", "*", "*"], vanished)
        self.assertIn("!H", unreachable.out, unreachable)
        self.assertIn("!X", prohibited.out, prohibited)
        for address in ("192.0.2.65", "192.0.2.129", "192.0.2.193", "203.0.113.99"):
            self.assertIn(f"sent to {address}", fping.out + fping.err)
        self.assertNotIn("sent to 192.0.2.1\n", fping.out + fping.err)
        self.assertIn("type=3/code=13", refused.out, refused)
        self.assertIn("Rcvd: 0", dropped.out, dropped)
        self.assertIn("type=3/code=3", closed.out, closed)

    def test_congested(self):
        """What finds no room is told; what takes its time passes."""
        burst, slow = outcomes("congested")
        self.assertIn("From 198.18.0.2: icmp_seq=", burst.out, burst)
        self.assertIn("Source Quench", burst.out, burst)
        self.assertIn("3 received, 0% packet loss", slow.out, slow)
        self.assertNotIn("Source Quench", slow.out, slow)


if __name__ == "__main__":
    unittest.main()
