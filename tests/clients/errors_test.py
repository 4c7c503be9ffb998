"""Every ICMP error of the tour network, provoked by stock tools: what they say, what is sent."""

import struct
import unittest

from support import hop_run, watch
from tour import GW2, LOOP, NARROW_MTU, ROUTERS, SIDE, SLOW, TUN, WEB, rejecting

UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM = 3, 4, 5, 11, 12
ECHO = (8, 0)
NO_OPERATION, RECORD_ROUTE, LOOSE_SOURCE_ROUTE = 0x01, 0x07, 0x83


def ping(*arguments: str) -> tuple[str, ...]:
    """One echo request, and a second for the answer."""
    return ("ping", "-n", "-c", "1", "-W", "1", *arguments)


def with_options(*octets: int, to: str = WEB) -> tuple[str, ...]:
    """One echo request with these IP options."""
    text = "".join(f"\\x{octet:02x}" for octet in octets)
    return ("nping", "--icmp", "-c", "1", "--ip-options", text, to)


class Unreachable(unittest.TestCase):
    """Destination unreachable with every code: in ping's words, and on the wire."""

    def check(self, code: int, words: str) -> None:
        """The error comes from r2, names the code and returns the packet."""
        seen = watch(*ping(rejecting(code)))
        self.assertEqual(seen.outcome.status, 1, seen)
        self.assertIn(f"From {ROUTERS[1]} icmp_seq=1 {words}\n", seen.outcome.out)
        (error,), (request,) = seen.icmp(UNREACHABLE, code), seen.icmp(*ECHO)
        self.assertEqual((error.source, error.destination), (ROUTERS[1], TUN), seen)
        self.assertEqual(error.rest, bytes(4), seen)
        self.assertEqual(error.quote[20:], request.data[20:], seen)

    def test_net_unreachable(self):
        """Code 0."""
        self.check(0, "Destination Net Unreachable")

    def test_host_unreachable(self):
        """Code 1."""
        self.check(1, "Destination Host Unreachable")

    def test_source_route_failed(self):
        """Code 5."""
        self.check(5, "Source Route Failed")

    def test_net_unknown(self):
        """Code 6."""
        self.check(6, "Destination Net Unknown")

    def test_host_unknown(self):
        """Code 7."""
        self.check(7, "Destination Host Unknown")

    def test_source_host_isolated(self):
        """Code 8."""
        self.check(8, "Source Host Isolated")

    def test_net_prohibited(self):
        """Code 9."""
        self.check(9, "Destination Net Prohibited")

    def test_host_prohibited(self):
        """Code 10."""
        self.check(10, "Destination Host Prohibited")

    def test_net_unreachable_for_tos(self):
        """Code 11."""
        self.check(11, "Destination Net Unreachable for Type of Service")

    def test_host_unreachable_for_tos(self):
        """Code 12."""
        self.check(12, "Destination Host Unreachable for Type of Service")

    def test_admin_prohibited(self):
        """Code 13."""
        self.check(13, "Packet filtered")

    def test_host_precedence_violation(self):
        """Code 14."""
        self.check(14, "Precedence Violation")

    def test_precedence_cutoff(self):
        """Code 15."""
        self.check(15, "Precedence Cutoff")

    def test_protocol_unreachable(self):
        """Code 2, from a host that has no such protocol."""
        seen = watch("hping3", "--count", "1", "--rawip", "--ipproto", "253", WEB)
        (error,) = seen.icmp(UNREACHABLE, 2)
        self.assertEqual(error.source, WEB, seen)
        self.assertEqual(error.quote[9], 253, seen)

    def test_port_unreachable(self):
        """Code 3, from a host that has no such port."""
        seen = watch("nping", "--udp", "-c", "1", "-p", "33434", WEB)
        (error,) = seen.icmp(UNREACHABLE, 3)
        self.assertEqual(error.source, WEB, seen)
        self.assertEqual(struct.unpack_from("!H", error.quote, 22), (33434,), seen)

    def test_fragmentation_needed(self):
        """Code 4, with the next-hop MTU in the last two bytes of the header (RFC 1191)."""
        seen = watch(*ping("-M", "do", "-s", "1000", WEB))
        (error,) = seen.icmp(UNREACHABLE, 4)
        self.assertEqual(error.source, ROUTERS[2], seen)
        self.assertEqual(struct.unpack("!HH", error.rest), (0, NARROW_MTU), seen)

    def test_names_of_ip_route(self):
        """A route `unreachable` is code 1, `prohibit` is code 13 (ip-route(8))."""
        for network, words in ((101, "Destination Host Unreachable"), (102, "Packet filtered")):
            with self.subTest(words):
                outcome = hop_run(*ping(rejecting(network)))
                self.assertIn(f"From {ROUTERS[1]} icmp_seq=1 {words}\n", outcome.out, outcome)

    def test_blackhole(self):
        """A route `blackhole` says nothing."""
        seen = watch(*ping("198.19.100.1"))
        self.assertEqual(seen.outcome.status, 1, seen)
        self.assertEqual([packet.source for packet in seen.packets if packet.icmp], [TUN], seen)


class TimeExceeded(unittest.TestCase):
    """A TTL that runs out, and a datagram that is never complete."""

    def test_in_transit(self):
        """At the second router."""
        seen = watch(*ping("-t", "2", WEB))
        (error,) = seen.icmp(TIME_EXCEEDED, 0)
        self.assertEqual((error.source, error.quote[8]), (ROUTERS[1], 1), seen)

    def test_loop(self):
        """Two routers send it to each other until one of them has had enough."""
        outcome = hop_run(*ping(LOOP))
        self.assertRegex(outcome.out, r"From 198\.18\.\d\.\d icmp_seq=1 Time to live exceeded")

    def test_reassembly(self):
        """The first fragment alone: web gives up after half a second (RFC 792: code 1), while
        hping3 waits for a whole one."""
        seen = watch("hping3", "--count", "1", "--icmp", "--morefrag", WEB)
        (error,), (fragment,) = seen.icmp(TIME_EXCEEDED, 1), seen.icmp(*ECHO)
        self.assertTrue(fragment.more_fragments, seen)
        self.assertIn(WEB, seen.outcome.out + seen.outcome.err)
        self.assertEqual(error.source, WEB, seen)
        self.assertEqual(error.quote[20:], fragment.data[20:], seen)
        self.assertGreaterEqual(error.when - fragment.when, 500_000_000, seen)


class ParameterProblem(unittest.TestCase):
    """An IP option that is wrong: the pointer is the octet where it is wrong."""

    def check(self, pointer: int, *octets: int) -> None:
        """Parameter problem with this pointer, from the first router."""
        seen = watch(*with_options(*octets))
        (error,) = seen.icmp(PARAMETER_PROBLEM, 0)
        self.assertEqual((error.source, error.rest[0]), (ROUTERS[0], pointer), seen)

    def test_pointer_of_record_route(self):
        """3 is less than the smallest there is: the error points at the pointer itself."""
        self.check(22, RECORD_ROUTE, 7, 3, 0, 0, 0, 0, NO_OPERATION)

    def test_length_of_record_route(self):
        """Longer than the header: the error points at the option."""
        self.check(20, RECORD_ROUTE, 40, 4, 0, 0, 0, 0, NO_OPERATION)

    def test_behind_no_operation(self):
        """The pointer counts from the beginning of the header."""
        self.check(23, NO_OPERATION, RECORD_ROUTE, 7, 3, 0, 0, 0, 0)


class SourceRoute(unittest.TestCase):
    """A source route to a router that does not forward them."""

    def test_not_forwarded(self):
        """r1 is the first address of the route; it forwards nothing further."""
        web = [int(part) for part in WEB.split(".")]
        seen = watch(*with_options(LOOSE_SOURCE_ROUTE, 7, 4, *web, 0, to=ROUTERS[0]))
        self.assertEqual([packet for packet in seen.packets if packet.source == WEB], [], seen)


class Redirect(unittest.TestCase):
    """A packet that goes back to where it came from."""

    def test_better_router(self):
        """The packet is forwarded, and the sender is told (RFC 1812 section 5.2.7.2)."""
        seen = watch(*ping(SIDE))
        self.assertEqual(seen.outcome.status, 0, seen)
        (error,) = seen.icmp(REDIRECT, 1)
        self.assertEqual(error.source, ROUTERS[0], seen)
        self.assertEqual(error.rest, bytes(map(int, GW2.split("."))), seen)
        self.assertIn("Redirect Host", seen.outcome.out)


class SourceQuench(unittest.TestCase):
    """A queue that overflows at a router which still says so."""

    def test_queue_overflow(self):
        """More packets at once than the slow link and its queue take."""
        seen = watch("ping", "-n", "-c", "16", "-l", "16", "-W", "1", "-s", "500", SLOW)
        errors = seen.icmp(SOURCE_QUENCH, 0)
        self.assertTrue(errors, seen)
        self.assertEqual({error.source for error in errors}, {ROUTERS[1]}, seen)
        self.assertIn("Source Quench", seen.outcome.out)


if __name__ == "__main__":
    unittest.main()
