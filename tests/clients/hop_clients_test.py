"""hop ping and hop traceroute: their own network in virtual time, the kernel in real time."""

import json
import re
import unittest

from support import Outcome, Packet, hop, read_pcap, run, scratch

NARROW = """
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {}, r2: {}, web: { kind: host, udp: { echo: [7] } } }
links:
  - endpoints: [tun0, r1]
  - { endpoints: [r1, r2], delay: 5ms }
  - { endpoints: [r2, web], mtu: 1400, delay: 2ms, subnet: 198.18.9.0/24 }
"""
# Everything that happens by chance, at once.
CHANCE = """
seed: {seed}
tuns: {{ tun0: {{ address: 198.18.0.1/24 }} }}
nodes:
  r1: {{ icmp: {{ delay: {{ time: 2ms, jitter: 1ms }} }} }}
  web: {{ kind: host, icmp: {{ id: random }} }}
links:
  - endpoints: [tun0, r1]
  - {{ endpoints: [r1, web], delay: 5ms, jitter: 4ms, loss: 20%, duplicate: 10%, reorder: 10%,
      corrupt: 5% }}
"""
R1, R2, WEB = "198.18.0.2", "198.18.1.2", "198.18.9.2"
IN_NAMESPACE = ("unshare", "--user", "--map-root-user", "--net")


def client(name: str, *arguments: str, prefix: tuple[str, ...] = ()) -> Outcome:
    """A client on the network above; the addresses of its file are those of this test."""
    with scratch() as directory:
        path = directory / "narrow.yaml"
        path.write_text(NARROW)
        return run(hop(), name, "--file", str(path), *arguments, prefix=prefix)


def live(name: str, *arguments: str) -> Outcome:
    """The same in real time, in a namespace of its own."""
    return client(name, "--live", *arguments, prefix=IN_NAMESPACE)


def sent(name: str, *arguments: str) -> list[Packet]:
    """What a client sent."""
    with scratch() as directory:
        path = directory / "sent.pcap"
        client(name, "--capture", str(path), *arguments, "web")
        return [packet for packet in read_pcap(path) if packet.destination == WEB]


class Seed(unittest.TestCase):
    """Chance is a function of the seed."""

    @staticmethod
    def capture(seed: int) -> bytes:
        """The pcap file of a ping in virtual time."""
        with scratch() as directory:
            topology, pcap = directory / "chance.yaml", directory / "ping.pcap"
            topology.write_text(CHANCE.format(seed=seed))
            run(hop(), "ping", "--file", str(topology), "--from", "r1", "-c", "100", "-i", "0.01",
                "--capture", str(pcap), "web")
            return pcap.read_bytes()

    def test_same_seed_same_capture(self):
        """Byte for byte, times included; another seed makes another."""
        first = self.capture(7)
        self.assertEqual(first, self.capture(7))
        self.assertNotEqual(first, self.capture(8))


class OnTheWire(unittest.TestCase):
    """What options put into packets."""

    def test_ping(self):
        """Fields of the first request."""
        rows = ((("-e", "77"), lambda p: p.rest[:2], b"\0M"), ((), lambda p: p.rest[2:], b"\0\1"),
                (("-Q", "0x10"), lambda p: p.data[1], 16), (("-t", "9"), lambda p: p.ttl, 9),
                (("-s", "100"), lambda p: len(p.data), 128),
                (("-p", "ff00", "-s", "5"), lambda p: p.quote, b"\xff\0\xff\0\xff"),
                (("-M", "do"), lambda p: p.data[6], 0x40), (("-M", "dont"), lambda p: p.data[6], 0),
                (("-R",), lambda p: p.options[:3], b"\7\x27\x08"),
                (("-T", "tsonly"), lambda p: p.options[:2], b"\x44\x28"),
                (("-I", R1), lambda p: p.source, R1))
        for arguments, field, value in rows:
            with self.subTest(arguments):
                self.assertEqual(field(sent("ping", "-c", "1", *arguments)[0]), value)

    def test_traceroute(self):
        """Fields of the first probe."""
        rows = (((), lambda p: p.payload[2:4], b"\x82\x9a"), ((), lambda p: p.ttl, 1),
                (("-f", "2"), lambda p: p.ttl, 2), (("-t", "16"), lambda p: p.data[1], 16),
                (("-p", "7000"), lambda p: p.payload[2:4], b"\x1b\x58"),
                (("--sport", "5000"), lambda p: p.payload[:2], b"\x13\x88"),
                (("-I", "--sport", "5000"), lambda p: p.rest[:2], b"\x13\x88"),
                (("-U",), lambda p: p.payload[2:4], b"\0\x35"),
                (("-T",), lambda p: (p.protocol, p.payload[2:4], p.payload[13]), (6, b"\0P", 2)),
                (("-F",), lambda p: p.data[6], 0x40), (("-s", R1), lambda p: p.source, R1))
        for arguments, field, value in rows:
            with self.subTest(arguments):
                self.assertEqual(field(sent("traceroute", "-q", "1", *arguments)[0]), value)

    def test_pauses(self):
        """Between requests, and between probes: seconds, from more than 10 on milliseconds."""
        rows = ((("ping", "-c", "3", "-i", "0.25"), 250), (("ping", "-c", "3", "-i", "0"), 1),
                (("ping", "-c", "3", "-l", "3"), 0), (("traceroute", "-m", "1", "-z", "2"), 2000),
                (("traceroute", "-m", "1", "-z", "50"), 50), (("traceroute", "-m", "1"), 0),
                (("traceroute", "-m", "1", "-N", "1"), 10))
        for arguments, pause in rows:
            with self.subTest(arguments):
                self.assertEqual([packet.when // 1_000_000 for packet in sent(*arguments)],
                                 [0, pause, 2 * pause])


class Ping(unittest.TestCase):
    """Output and exit status are those of iputils."""

    def test_replies(self):
        """14 ms of virtual time, to the nanosecond."""
        outcome = client("ping", "-c", "2", "web")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(outcome.out, "\n".join((
            f"PING web ({WEB}) 56(84) bytes of data.",
            f"64 bytes from web ({WEB}): icmp_seq=1 ttl=63 time=14.0 ms",
            f"64 bytes from web ({WEB}): icmp_seq=2 ttl=63 time=14.0 ms",
            "",
            "--- web ping statistics ---",
            "2 packets transmitted, 2 received, 0% packet loss, time 1014ms",
            "rtt min/avg/max/mdev = 14.000/14.000/14.000/0.000 ms",
            "")))

    def test_error_reaches_the_client(self):
        """Each error is told with the request that caused it; the exit status is 1."""
        outcome = client("ping", "-n", "-c", "2", "-t", "1", "web")
        self.assertEqual(outcome.status, 1, outcome)
        for sequence in (1, 2):
            self.assertIn(f"From {R2} icmp_seq={sequence} Time to live exceeded\n", outcome.out)
        self.assertIn("2 packets transmitted, 0 received, +2 errors, 100% packet loss", outcome.out)

    def test_path_mtu(self):
        """The first request finds the path MTU, the second is not even sent."""
        outcome = client("ping", "-n", "-c", "2", "-M", "do", "-s", "1472", "web")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn(f"From {R2} icmp_seq=1 Frag needed and DF set (mtu = 1400)", outcome.out)
        self.assertEqual(outcome.err, "hop: local error: message too long, mtu=1400\n")

    def test_record_route(self):
        """There and back."""
        outcome = client("ping", "-n", "-c", "1", "-R", "web")
        recorded = re.findall(r"^(?:RR: )?\t([\d.]+)$", outcome.out, re.M)
        self.assertEqual(recorded, ["198.18.1.1", "198.18.9.1", WEB, "198.18.1.2"], outcome)

    def test_timestamps(self):
        """The time passes by the delay of the links: 5 ms, then 2 ms."""
        outcome = client("ping", "-n", "-c", "1", "-T", "tsandaddr", "web")
        self.assertEqual(re.findall(r"\t([\d.]+)\t(\d+)", outcome.out),
                         [("198.18.1.1", "0"), ("198.18.9.1", "5"), (WEB, "2"), (R2, "2")],
                         outcome)

    def test_prespecified_timestamps(self):
        """Only those that are asked."""
        outcome = client("ping", "-n", "-c", "1", "-T", f"tsprespec {R2}", "web")
        self.assertEqual(re.findall(r"\t([\d.]+)\t(\d+)", outcome.out), [(R2, "5")], outcome)

    def test_to_itself(self):
        """127.0.0.1 and the node's own addresses."""
        for address in ("127.0.0.1", R1):
            self.assertEqual(client("ping", "-c", "1", "--from", "r1", address).status, 0)

    def test_deadline(self):
        """-w ends it whatever has come."""
        outcome = client("ping", "-q", "-w", "1", "-i", "0.1", "web")
        self.assertIn("10 packets transmitted, 10 received", outcome.out)

    def test_json(self):
        """The same as one object."""
        outcome = client("ping", "--json", "-c", "1", "-t", "1", "web")
        told = json.loads(outcome.out)
        self.assertEqual(told["statistics"]["errors"], 1)
        event = told["events"][0]
        self.assertEqual((event["from"]["name"], event["error"]["type"]), ("r2", 11))

    def test_kernel_answers(self):
        """This machine's own stack, across a TUN."""
        outcome = live("ping", "-n", "-c", "3", "-i", "0.05", "198.18.0.1")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("3 packets transmitted, 3 received, 0% packet loss", outcome.out)
        self.assertEqual(outcome.out.count("64 bytes from 198.18.0.1"), 3, outcome)

    def test_usage(self):
        """What is wrong is said, with exit status 2."""
        rows = ((("wbe",), "did you mean 'web'"),
                (("--from", "r9", "web"), "--from r9: no node"),
                (("203.0.113.1",), "r1 has no route to 203.0.113.1"),
                (("-p", "xyz", "web"), "-p xyz: expected up to 16 bytes"),
                (("-T", "never", "web"), "-T never: expected tsonly"),
                (("-t", "0", "web"), "-t: '0' is not a number from 1 to 255"),
                (("-c", "0", "web"), "-c: '0' is not a number from 1 to 9223372036854775807"),
                (("-e", "70000", "web"), "-e: '70000' is not a number from 0 to 65535"),
                (("-i", "nan", "web"), "-i: 'nan' is not a number of seconds from 0 to 86400"),
                (("-R", "-T", "tsonly", "web"), "-R excludes -T"),
                (("--capture", "-", "web"), "--capture -: standard output"),
                (("198.18.0.1",), "on tun0, where nobody is in virtual time; add --live"))
        for arguments, message in rows:
            outcome = client("ping", *arguments)
            self.assertEqual(outcome.status, 2, outcome)
            self.assertIn(message, outcome.err)

    def test_source_is_its_own(self):
        """RFC 1122 section 3.2.1.3: also no broadcast, no multicast, and 127.0.0.1 stays inside."""
        for source in ("203.0.113.77", "224.0.0.1", "198.18.1.255", "r2", "127.0.0.1"):
            outcome = client("ping", "-c", "1", "-I", source, "web")
            self.assertEqual(outcome.status, 2, outcome)
            self.assertIn("not an address that r1 may send from to " + WEB, outcome.err)
        outcome = client("ping", "-c", "1", "-I", R1, "web")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn(f"from {R1} : ", outcome.out)

    def test_broadcast_has_to_be_meant(self):
        """With -b everybody answers who is told to, the rest of them as duplicates."""
        network = (NARROW.replace("r2: {}", "r2: { icmp: { answer: [echo, broadcast-echo] } }")
                   .replace("[r1, r2]", "[r1, r2], subnet: 198.18.1.0/24"))
        with scratch() as directory:
            path = directory / "broadcast.yaml"
            path.write_text(network)
            ping = ("ping", "--file", str(path), "-n", "-c", "1", "198.18.1.255")
            refused, allowed = run(hop(), *ping), run(hop(), *ping, "-b")
        self.assertEqual(refused.status, 2, refused)
        self.assertIn("198.18.1.255 is a broadcast address; with -b", refused.err)
        self.assertEqual(allowed.status, 0, allowed)
        self.assertIn("bytes from 198.18.1.2: icmp_seq=1", allowed.out)

    def test_the_last_of_an_option_counts(self):
        """As getopt(3) has it, and -4 is no news."""
        outcome = client("ping", "-4", "-c", "9", "-c", "1", "web")
        self.assertIn("1 packets transmitted, 1 received", outcome.out)

    def test_flood_with_a_deadline_ends(self):
        """Also where no time passes: to oneself."""
        for kind in ("-f", "-A"):
            outcome = client("ping", "-q", kind, "-w", "0.1", R1)
            self.assertIn("100 packets transmitted, 100 received", outcome.out)

    def test_errors_in_json(self):
        """What is wrong is an object on standard output, wherever it is."""
        rows = ((("wbe",), "wbe: neither"), (("--fast", "web"), "--fast"),
                (("-c", "0", "web"), "-c: '0'"), (("-I", "203.0.113.77", "web"), "-I 203.0.113.77"))
        for arguments, message in rows:
            for name in ("ping", "traceroute"):
                if name == "traceroute" and "-c" in arguments:
                    continue
                wanted = message.replace("-I", "-s") if name == "traceroute" else message
                outcome = client(name, "--json", *(wanted.split()[0] if word == "-I" else word
                                                   for word in arguments))
                self.assertEqual(outcome.status, 2, outcome)
                (error,) = json.loads(outcome.out)["errors"]
                self.assertIn(wanted, error["message"])

    def test_a_wrong_topology_in_json(self):
        """With its place."""
        with scratch() as directory:
            path = directory / "bad.yaml"
            path.write_text(NARROW.replace("r1: {}", "r1: { colour: red }"))
            for name in ("ping", "traceroute"):
                told = json.loads(run(hop(), name, "--json", "--file", str(path), "r1").out)
                self.assertEqual((told["errors"][0]["line"], told["errors"][0]["column"]), (3, 16))

    def test_capture(self):
        """What the node sends and gets, with the time of the network."""
        with scratch() as directory:
            path = directory / "ping.pcap"
            outcome = client("ping", "-c", "2", "-q", "--capture", str(path), "web")
            self.assertEqual(outcome.status, 0, outcome)
            packets = read_pcap(path)
        self.assertEqual([packet.icmp for packet in packets], [(8, 0), (0, 0)] * 2)
        self.assertEqual([packet.source for packet in packets], ["198.18.1.1", WEB] * 2)
        self.assertEqual([packet.when for packet in packets],
                         [0, 14_000_000, 1_000_000_000, 1_014_000_000])

    def test_says_what_is_not_answered_yet(self):
        """-O, on the tour, where a prefix is a black hole."""
        outcome = run(hop(), "ping", "-O", "-c", "2", "-W", "1", "198.19.100.1")
        self.assertIn("bytes of data.\nno answer yet for icmp_seq=1\n\n---", outcome.out)

    def test_a_capture_that_cannot_be(self):
        """The file is named, and nothing is sent."""
        outcome = client("ping", "--capture", "/nonexistent/x.pcap", "web")
        self.assertEqual((outcome.status, outcome.out), (1, ""), outcome)
        self.assertIn("cannot write the capture /nonexistent/x.pcap", outcome.err)


class Traceroute(unittest.TestCase):
    """Output is that of traceroute(8)."""

    HOPS = [f"1 {R2}", f"2 {WEB}"]

    def hops(self, *arguments: str) -> list[str]:
        """Number and address of every hop."""
        outcome = client("traceroute", "-n", "-q", "1", *arguments, "web")
        self.assertEqual(outcome.status, 0, outcome)
        return [" ".join(line.split()[:2]) for line in outcome.out.splitlines()[1:]]

    def test_whole_output(self):
        """Times are those of the links."""
        outcome = client("traceroute", "web")
        self.assertEqual(outcome.out, "\n".join((
            f"traceroute to web ({WEB}), 30 hops max, 60 byte packets",
            f" 1  r2 ({R2})  10.000 ms  10.000 ms  10.000 ms",
            f" 2  web ({WEB})  14.000 ms  14.000 ms  14.000 ms",
            "")))

    def test_every_kind_of_probe(self):
        """UDP, UDP to one port (an echo service answers), ICMP, TCP (a closed port answers)."""
        for kind in ((), ("-U",), ("-U", "-p", "7"), ("-I",), ("-T",)):
            self.assertEqual(self.hops(*kind), self.HOPS, kind)

    def test_marks(self):
        """What ends the way early."""
        outcome = client("traceroute", "-n", "-q", "1", "-F", "web", "1500")
        self.assertRegex(outcome.out, rf" 2  {R2}  10\.000 ms !F-1400\n$")

    def test_no_end(self):
        """Traced as far as was asked: exit status 0, as traceroute has it."""
        outcome = client("traceroute", "-m", "1", "--json", "web")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIs(json.loads(outcome.out)["ended"], False)

    def test_json(self):
        """The same as one object."""
        told = json.loads(client("traceroute", "--json", "-q", "1", "web").out)
        self.assertTrue(told["reached"])
        self.assertTrue(told["ended"])
        self.assertEqual([probe["from"]["name"] for probe in told["probes"]], ["r2", "web"])

    def test_path_mtu(self):
        """--mtu tells it where it is found, also in JSON."""
        outcome = client("traceroute", "-n", "-q", "1", "--mtu", "web")
        self.assertEqual(outcome.out.splitlines()[1:], [f" 1  {R2}  10.000 ms F=1500",
                                                        f" 2  {WEB}  14.000 ms F=1400"])
        told = json.loads(client("traceroute", "--json", "-q", "1", "--mtu", "web").out)
        self.assertEqual([probe["mtu"] for probe in told["probes"]], [1500, 1400])

    def test_usage(self):
        """What is wrong is said, with exit status 2."""
        rows = ((("-s", "203.0.113.77", "web"), "-s 203.0.113.77: not an address that r1 may"),
                (("-s", "203.0.113.77", "-g", R2, "web"), "may send from to " + R2),
                (("-q", "11", "web"), "--queries: '11' is not a number from 1 to 10"),
                (("-p", "0", "web"), "'0' is not a number from 1 to 65535"),
                (("web", "20"), "SIZE: '20' is not a number from 28 to 65535"))
        for arguments, message in rows:
            outcome = client("traceroute", *arguments)
            self.assertEqual(outcome.status, 2, outcome)
            self.assertIn(message, outcome.err)

    def test_kernel_is_traced(self):
        """From the far end, through the network, to this machine's own stack across a TUN."""
        for kind in ((), ("-I",), ("-T",)):
            outcome = live("traceroute", "-n", "-q", "1", *kind, "--from", "web", "198.18.0.1")
            self.assertEqual(outcome.status, 0, outcome)
            last = outcome.out.splitlines()[-1].split()
            self.assertEqual(last[:2], ["3", "198.18.0.1"], outcome)


if __name__ == "__main__":
    unittest.main()
