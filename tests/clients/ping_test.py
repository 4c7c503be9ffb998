"""ping(8) of iputils against the tour network."""

import ipaddress
import re
import unittest

from support import Packet, hop_run, watch
from tour import NARROW_MTU, OLD, PATH, ROUTERS, TUN, WEB

ECHO, ECHO_REPLY = (8, 0), (0, 0)


def ping(*arguments: str) -> tuple[str, ...]:
    """ping with numbers instead of names."""
    return ("ping", "-n", *arguments)


def stamps_of(packet: Packet) -> dict[str, int]:
    """The addresses and times of a timestamp option, which stands first (RFC 791)."""
    length = packet.options[1]
    pairs = [packet.options[at:at + 8] for at in range(4, length, 8)]
    return {str(ipaddress.IPv4Address(pair[:4])): int.from_bytes(pair[4:], "big") for pair in pairs}


class Sizes(unittest.TestCase):
    """An echo reply returns the data of the request, whatever its size (RFC 1122 3.2.2.6)."""

    def check(self, size: int, *arguments: str) -> None:
        """Three requests come back whole: ping itself compares the data, byte for byte."""
        outcome = hop_run(*ping("-c", "3", "-i", "0.02", "-s", str(size), *arguments, WEB))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("3 packets transmitted, 3 received, 0% packet loss", outcome.out)
        self.assertEqual(outcome.out.count(f"{size + 8} bytes from {WEB}"), 3, outcome)
        self.assertNotIn("wrong data", outcome.out)

    def test_no_data(self):
        """An echo message is its header alone."""
        self.check(0)

    def test_one_byte(self):
        """An odd length: the checksum is padded."""
        self.check(1)

    def test_eight_bytes(self):
        """Less than ping's own timestamp needs."""
        self.check(8)

    def test_usual(self):
        """What ping sends by itself."""
        self.check(56)

    def test_exactly_the_mtu(self):
        """1472 + 8 + 20 is 1500: whole to the TUN, in fragments over the narrow link."""
        self.check(1472, "-M", "dont")

    def test_one_more_than_the_mtu(self):
        """The kernel itself sends fragments."""
        self.check(1473)

    def test_many_fragments(self):
        """Six fragments to the TUN, many more behind it."""
        self.check(8000)

    def test_largest(self):
        """The largest datagram there is: 65507 + 8 + 20 is 65535."""
        self.check(65507)


class Reply(unittest.TestCase):
    """What an echo reply looks like."""

    def test_ttl_shows_the_way_back(self):
        """64, less one for each of four routers."""
        outcome = hop_run(*ping("-c", "1", WEB))
        self.assertIn("ttl=60", outcome.out, outcome)

    def test_nearest_router(self):
        """No router on the way: 64."""
        outcome = hop_run(*ping("-c", "1", ROUTERS[0]))
        self.assertIn("ttl=64", outcome.out, outcome)

    def test_every_address_of_the_path(self):
        """Routers answer as hosts do."""
        for address in PATH:
            with self.subTest(address):
                outcome = hop_run(*ping("-c", "1", address))
                self.assertIn("1 received", outcome.out, outcome)

    def test_pattern(self):
        """ping -p compares a pattern of its own."""
        outcome = hop_run(*ping("-c", "1", "-s", "500", "-p", "a50ff0", WEB))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertNotIn("wrong data", outcome.out)

    def test_type_of_service_is_returned(self):
        """RFC 1349 section 5.1: a reply has the type of service of its request."""
        seen = watch(*ping("-c", "1", "-Q", "0x48", WEB))
        self.assertEqual([packet.data[1] for packet in seen.icmp(*ECHO_REPLY)], [0x48], seen)

    def test_identifier_and_sequence_are_returned(self):
        """RFC 792: they match replies to requests."""
        seen = watch(*ping("-c", "3", "-i", "0.02", WEB))
        self.assertEqual(len(seen.icmp(*ECHO)), 3, seen)
        self.assertEqual([packet.payload[4:] for packet in seen.icmp(*ECHO_REPLY)],
                         [packet.payload[4:] for packet in seen.icmp(*ECHO)], seen)


class Options(unittest.TestCase):
    """IP options that ping can send: each router and the host fill them in."""

    def test_record_route(self):
        """RFC 791: everyone notes the address it sends from, there and back."""
        outcome = hop_run(*ping("-c", "1", "-R", WEB))
        self.assertEqual(outcome.status, 0, outcome)
        route = re.search(r"RR:(.*?)\n\n", outcome.out, re.DOTALL)
        self.assertIsNotNone(route, outcome)
        self.assertEqual(re.findall(r"[\d.]{7,}", route[1]),
                         [TUN, "198.18.1.1", "198.18.2.1", "198.18.3.1", "198.18.4.1", WEB,
                          "198.18.3.2", "198.18.2.2", "198.18.1.2"], outcome)

    def test_record_route_of_a_neighbour(self):
        """Room is left over: nothing but the two ends is in it."""
        outcome = hop_run(*ping("-c", "1", "-R", ROUTERS[0]))
        self.assertEqual(outcome.status, 0, outcome)
        route = re.search(r"RR:(.*?)\n\n", outcome.out, re.DOTALL)
        self.assertEqual(re.findall(r"[\d.]{7,}", route[1])[:2], [TUN, ROUTERS[0]], outcome)

    def test_timestamps(self):
        """Nine fit: those of the kernel and of four routers there, of web, and of three back. The
        fourth router and the kernel find no room, and are counted."""
        outcome = hop_run(*ping("-c", "1", "-T", "tsonly", WEB))
        self.assertEqual(outcome.status, 0, outcome)
        stamps = re.search(r"TS:(.*?)Unrecorded hops: 2\n", outcome.out, re.DOTALL)
        self.assertIsNotNone(stamps, outcome)
        self.assertEqual(len(stamps[1].strip().splitlines()), 9, outcome)

    def test_timestamps_with_addresses(self):
        """Four pairs fit, the kernel's own first. The routers stamp with the address that the
        packet leaves by."""
        seen = watch(*ping("-c", "1", "-T", "tsandaddr", WEB))
        (reply,) = seen.icmp(*ECHO_REPLY)
        expected = [TUN, "198.18.1.1", "198.18.2.1", "198.18.3.1"]
        self.assertEqual(list(stamps_of(reply)), expected, seen)

    def test_timestamps_of_given_addresses(self):
        """Those that are named fill in their time, in milliseconds since midnight UT."""
        seen = watch(*ping("-c", "1", "-T", "tsprespec", ROUTERS[0], ROUTERS[1], WEB))
        (reply,) = seen.icmp(*ECHO_REPLY)
        stamps = stamps_of(reply)
        self.assertEqual(list(stamps), [ROUTERS[0], ROUTERS[1]], seen)
        for stamp in stamps.values():
            self.assertLess(abs(stamp / 1000 - reply.when / 1e9 % 86400), 1, seen)


class Flood(unittest.TestCase):
    """As fast as replies come back."""

    def test_flood(self):
        """Nothing is lost and nothing comes twice."""
        outcome = hop_run(*ping("-q", "-f", "-c", "2000", WEB))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("2000 packets transmitted, 2000 received, 0% packet loss", outcome.out)
        self.assertNotIn("duplicates", outcome.out)

    def test_flood_of_large_packets(self):
        """Each is fragmented there and back and put together twice."""
        outcome = hop_run(*ping("-q", "-f", "-c", "500", "-s", "8000", WEB))
        self.assertIn("500 packets transmitted, 500 received, 0% packet loss", outcome.out, outcome)

    def test_many_at_once(self):
        """Requests that wait in the device's queue are read in batches."""
        outcome = hop_run(*ping("-q", "-l", "100", "-c", "100", WEB))
        self.assertIn("100 packets transmitted, 100 received, 0% packet loss", outcome.out, outcome)


class TimeToLive(unittest.TestCase):
    """ping -t N: the router at which the TTL runs out says so."""

    def test_every_router(self):
        """The address is that of the interface the error leaves by."""
        for ttl, router in enumerate(ROUTERS, 1):
            with self.subTest(router):
                outcome = hop_run(*ping("-c", "1", "-t", str(ttl), WEB))
                self.assertEqual(outcome.status, 1, outcome)
                self.assertIn(f"From {router} icmp_seq=1 Time to live exceeded", outcome.out)

    def test_one_more_arrives(self):
        """The host does not count itself."""
        outcome = hop_run(*ping("-c", "1", "-t", "5", WEB))
        self.assertEqual(outcome.status, 0, outcome)


class DontFragment(unittest.TestCase):
    """The narrow link and a packet that may not be divided (RFC 1191)."""

    def test_next_hop_mtu_is_told(self):
        """The router in front of the link says what fits."""
        outcome = hop_run(*ping("-c", "1", "-M", "do", "-s", "1000", WEB))
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn(f"From {ROUTERS[2]} icmp_seq=1 Frag needed and DF set (mtu = {NARROW_MTU})",
                      outcome.out)

    def test_exactly_what_fits(self):
        """572 + 8 + 20 is 600."""
        outcome = hop_run(*ping("-c", "1", "-M", "do", "-s", str(NARROW_MTU - 28), WEB))
        self.assertEqual(outcome.status, 0, outcome)

    def test_one_more_than_fits(self):
        """573 + 8 + 20 is 601."""
        outcome = hop_run(*ping("-c", "1", "-M", "do", "-s", str(NARROW_MTU - 27), WEB))
        self.assertIn(f"(mtu = {NARROW_MTU})", outcome.out, outcome)

    def test_usual_ping_discovers_it(self):
        """ping sets DF by itself; told the MTU, the kernel divides the next packet."""
        outcome = hop_run(*ping("-c", "2", "-i", "0.02", "-s", "1000", WEB))
        self.assertIn(f"icmp_seq=1 Frag needed and DF set (mtu = {NARROW_MTU})", outcome.out)
        self.assertIn(f"1008 bytes from {WEB}: icmp_seq=2", outcome.out, outcome)

    def test_the_kernel_believes_it(self):
        """It remembers the path's MTU and refuses the second packet itself."""
        outcome = hop_run(*ping("-c", "2", "-i", "0.02", "-M", "do", "-s", "1000", WEB))
        self.assertIn(f"local error: message too long, mtu={NARROW_MTU}",
                      (outcome.out + outcome.err).lower(), outcome)


class Quote(unittest.TestCase):
    """How much of the packet an error returns."""

    def test_as_much_as_fits_in_576_bytes(self):
        """RFC 1812 section 4.3.2.3: the offending packet as it was received, TTL 1 included."""
        seen = watch(*ping("-c", "1", "-t", "2", "-s", "1000", WEB))
        (error,), (request,) = seen.icmp(11, 0), seen.icmp(*ECHO)
        self.assertEqual(len(error.data), 576, seen)
        self.assertEqual(error.quote[20:], request.data[20:548], seen)
        self.assertEqual(error.quote[8], 1, "r2 gets the packet with TTL 1")

    def test_all_of_a_short_packet(self):
        """No byte is made up."""
        seen = watch(*ping("-c", "1", "-t", "1", "-s", "100", WEB))
        (error,), (request,) = seen.icmp(11, 0), seen.icmp(*ECHO)
        self.assertEqual(error.quote, request.data, seen)

    def test_legacy_returns_eight_bytes(self):
        """RFC 792: the header and 64 bits."""
        seen = watch("nping", "--udp", "-c", "1", "-p", "33434", "--data-length", "200", OLD)
        (error,) = seen.icmp(3, 3)
        self.assertEqual(len(error.quote), 28, seen)


if __name__ == "__main__":
    unittest.main()
