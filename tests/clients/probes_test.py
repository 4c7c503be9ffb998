"""hping3, nping and nmap against the tour network: what ping and traceroute do not send."""

import struct
import time
import unittest

from support import hop_run, watch
from tour import WEB

TCP = 6
UDP = 17
FIN, SYN, RST, ACK = 1, 2, 4, 16


class Timestamp(unittest.TestCase):
    """ICMP timestamp (RFC 792): milliseconds since midnight UT."""

    def test_hping3(self):
        """--icmp-ts prints the three times."""
        outcome = hop_run("hping3", "--count", "2", "--fast", "--icmp-ts", WEB)
        self.assertEqual(outcome.status, 0, outcome)
        self.assertRegex(outcome.out, r"Originate=\d+ Receive=\d+ Transmit=\d+", outcome)
        self.assertIn("2 packets transmitted, 2 packets received", outcome.out + outcome.err)

    def test_the_time_is_right(self):
        """The time of day, as the kernel would say it, to the second."""
        seen = watch("hping3", "--count", "1", "--icmp-ts", WEB)
        (reply,) = seen.icmp(14, 0)
        _, received, sent = struct.unpack_from("!III", reply.payload, 8)
        day = 24 * 3600
        self.assertEqual(received, sent, seen)
        self.assertLess(abs((reply.when / 1e9 - received / 1e3 + day / 2) % day - day / 2), 1, seen)
        self.assertLess(abs(time.time() - reply.when / 1e9), 60, "the time of day")

    def test_nping(self):
        """Another tool sees the same."""
        outcome = hop_run("nping", "--icmp", "--icmp-type", "timestamp", "-c", "1", WEB)
        self.assertIn("Timestamp reply", outcome.out, outcome)


class Udp(unittest.TestCase):
    """UDP to ports that are open and closed."""

    def test_echo(self):
        """Port 7 sends back what it gets (RFC 862)."""
        seen = watch("nping", "--udp", "-p", "7", "-c", "1", "--data-string", "hello, hop", WEB)
        (answer,) = [p for p in seen.packets if p.protocol == UDP and p.source == WEB]
        self.assertEqual(answer.payload[8:], b"hello, hop", seen)
        self.assertEqual(struct.unpack_from("!H", answer.payload), (7,), seen)

    def test_discard(self):
        """Port 9 takes it and says nothing (RFC 863)."""
        seen = watch("nping", "--udp", "-p", "9", "-c", "1", WEB)
        self.assertEqual([p for p in seen.packets if p.source == WEB], [], seen)

    def test_closed(self):
        """hping3 prints port unreachable."""
        outcome = hop_run("hping3", "--count", "1", "--udp", "--destport", "4000", WEB)
        self.assertIn(f"ICMP Port Unreachable from ip={WEB}", outcome.out, outcome)

    def test_scan(self):
        """nmap tells the open port from the closed one."""
        outcome = hop_run("nmap", "-n", "-Pn", "-sU", "-p", "7,4000", "--max-retries", "1", WEB)
        self.assertRegex(outcome.out, r"4000/udp +closed", outcome)
        self.assertRegex(outcome.out, r"7/udp +open", outcome)


class Tcp(unittest.TestCase):
    """No TCP here: every port is closed, and says so (RFC 9293 section 3.10.7.1)."""

    def flags_of_answer(self, *arguments: str) -> int:
        """The flags of the one segment that web sends back."""
        seen = watch("hping3", "--count", "1", "--destport", "80", *arguments, WEB)
        (answer,) = [p for p in seen.packets if p.protocol == TCP and p.source == WEB]
        return answer.payload[13]

    def test_syn(self):
        """A reset that acknowledges."""
        self.assertEqual(self.flags_of_answer("--syn"), RST | ACK)

    def test_ack(self):
        """A reset alone, at the number that was acknowledged."""
        self.assertEqual(self.flags_of_answer("--ack"), RST)

    def test_reset(self):
        """No answer to a reset."""
        seen = watch("hping3", "--count", "1", "--destport", "80", "--rst", WEB)
        self.assertEqual([p for p in seen.packets if p.source == WEB], [], seen)

    def test_connect(self):
        """A socket of the kernel is refused at once."""
        outcome = hop_run("nping", "--tcp-connect", "-p", "80", "-c", "1", WEB)
        self.assertIn("Connection refused", outcome.out + outcome.err, outcome)

    def test_scan(self):
        """nmap finds every port closed, none filtered."""
        outcome = hop_run("nmap", "-n", "-Pn", "-sS", "-p", "1-100", WEB)
        self.assertIn("Not shown: 100 closed tcp ports (reset)", outcome.out, outcome)


class OtherProtocols(unittest.TestCase):
    """Protocols that nobody speaks."""

    def test_scan(self):
        """nmap's protocol scan: ICMP is open, SCTP is closed by protocol unreachable."""
        outcome = hop_run("nmap", "-n", "-Pn", "-sO", "-p", "1,132", WEB)
        self.assertRegex(outcome.out, r"1 +open +icmp", outcome)
        self.assertRegex(outcome.out, r"132 +closed +sctp", outcome)


class HostDiscovery(unittest.TestCase):
    """nmap finds who is there."""

    def test_sweep(self):
        """Two of these nine addresses."""
        outcome = hop_run("nmap", "-n", "-sn", "-PE", "198.18.4.76-84")
        self.assertIn("(2 hosts up)", outcome.out, outcome)


if __name__ == "__main__":
    unittest.main()
