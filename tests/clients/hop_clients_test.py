"""hop ping and hop traceroute: their own network in virtual time, the kernel in real time."""

import json
import re
import unittest

from support import Outcome, hop, run, scratch

NARROW = """
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {}, r2: {}, web: { kind: host, udp: { echo: [7] } } }
links:
  - endpoints: [tun0, r1]
  - { endpoints: [r1, r2], delay: 5ms }
  - { endpoints: [r2, web], mtu: 1400, delay: 2ms, subnet: 198.18.9.0/24 }
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
                (("-t", "0", "web"), "not a number from 1 to 255"))
        for arguments, message in rows:
            outcome = client("ping", *arguments)
            self.assertEqual(outcome.status, 2, outcome)
            self.assertIn(message, outcome.err)


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
        """Exit status 1 when the destination is further away."""
        self.assertEqual(client("traceroute", "-m", "1", "web").status, 1)

    def test_json(self):
        """The same as one object."""
        told = json.loads(client("traceroute", "--json", "-q", "1", "web").out)
        self.assertTrue(told["reached"])
        self.assertEqual([probe["from"]["name"] for probe in told["probes"]], ["r2", "web"])

    def test_kernel_is_traced(self):
        """From the far end, through the network, to this machine's own stack across a TUN."""
        for kind in ((), ("-I",), ("-T",)):
            outcome = live("traceroute", "-n", "-q", "1", *kind, "--from", "web", "198.18.0.1")
            self.assertEqual(outcome.status, 0, outcome)
            last = outcome.out.splitlines()[-1].split()
            self.assertEqual(last[:2], ["3", "198.18.0.1"], outcome)


if __name__ == "__main__":
    unittest.main()
