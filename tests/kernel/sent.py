"""The packet that a case sent, as differences.py asks about it, and the answers that it must get where
the kernel gives none that they could be made from."""

import ipaddress

from compare import OWN, TIMESTAMP_OPTION, Answer, dotted, without_times
from packets import address, checksum
from topology import LEFT, LINKS, RIGHT, ROUTES

LOOSE, STRICT, RECORD_ROUTE = 131, 137, 7
MINIMUM_MTU = 576  # errors are not longer


def network(text: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(text, strict=False)


ON_LEFT, ON_RIGHT = (network(f"{link.router}/{link.length}") for link in LINKS)
TO_RIGHT = (ON_RIGHT, *(network(route.to) for route in ROUTES
                        if route.via and ipaddress.IPv4Address(route.via) in ON_RIGHT))
KNOWN = (ON_LEFT, ON_RIGHT, *(network(route.to) for route in ROUTES))


def has_route(to: str) -> bool:
    return any(ipaddress.IPv4Address(to) in known for known in KNOWN)


class Sent:
    """A packet that came from the left."""

    def __init__(self, packet: bytes):
        self.packet = packet
        self.header = (packet[0] & 15) * 4
        self.source, self.destination = dotted(packet[12:16]), dotted(packet[16:20])
        self.options = self._options()

    def _options(self) -> dict[int, bytes]:
        """Options by where they stand, up to their end, as far as they can be read."""
        found, at, end = {}, 20, min(self.header, len(self.packet))
        while at < end and self.packet[at]:
            size = self.packet[at + 1] if self.packet[at] != 1 and at + 1 < end else 1
            found[at] = self.packet[at:min(at + max(size, 1), end)]
            at += max(size, 1)
        return found

    def option(self, *kinds: int) -> bytes:
        """The first option of one of these types; empty if it has none."""
        return next((data for data in self.options.values() if data[0] in kinds), b"")

    @property
    def payload(self) -> bytes:
        return self.packet[self.header:int.from_bytes(self.packet[2:4])]

    @property
    def icmp_type(self) -> int:
        """-1 if it has none."""
        return self.payload[0] if self.packet[9] == 1 and self.payload else -1

    @property
    def may_be_told_of(self) -> bool:
        """Can the header be believed, and is it no later fragment (RFC 1812 section 4.3.2.7)?"""
        return (self.packet[0] >> 4 == 4 and self.header >= 20 and
                checksum(self.packet[:self.header]) == 0 and
                self.header <= int.from_bytes(self.packet[2:4]) <= len(self.packet) and
                int.from_bytes(self.packet[6:8]) & 0x1FFF == 0)

    @property
    def is_for_us(self) -> bool:
        return self.destination in OWN

    @property
    def is_misaligned(self) -> bool:
        """Does a pointer with room behind it not stand at the beginning of a slot?"""
        return any(first < data[2] <= len(data) - 3 and (data[2] - first) % 4 != 0
                   for first, data in ((4, self.option(RECORD_ROUTE)),
                                       (5, self.option(TIMESTAMP_OPTION))) if len(data) > 2)

    @property
    def next_stop(self) -> str:
        """Where a source route leads from us; empty where it does not."""
        route = self.option(LOOSE, STRICT)
        if not self.is_for_us or len(route) < 3 or route[2] < 4 or route[2] + 3 > len(route):
            return ""
        return dotted(route[route[2] - 1:route[2] + 3])

    @property
    def way_back(self) -> tuple[str, bytes]:
        """Where an answer goes, and its source route: over the stops that have been passed."""
        route = self.option(LOOSE, STRICT)
        end = min(route[2] - 1, len(route)) if len(route) > 2 else 0
        passed = [route[at:at + 4] for at in range(3, end - 3, 4)]
        if not passed:
            return self.source, b""
        stops = b"".join((*passed[-2::-1], address(self.source)))
        return dotted(passed[-1]), bytes((route[0], 3 + len(stops), 4)) + stops + b"\0"

    @property
    def failure(self) -> str:
        """Why it cannot be forwarded or delivered; empty if it can be."""
        if not has_route(self.destination):
            return "3/0 00000000"
        if not self.is_for_us:
            return "11/0 00000000" if self.packet[8] <= 1 else ""
        return "3/3 00000000" if self.packet[9] == 17 else ""

    def quote(self, length: int) -> str:
        """As it was received."""
        return self.packet[:length].hex()

    def stamped_twice(self) -> bytes:
        """Its options, if it has only one to write into, after delivery or forwarding and answer."""
        data = bytearray(self.packet[20:self.header])
        written = address(LEFT.router) if data[0] == RECORD_ROUTE else b"time"
        for _ in range(2):
            if data[2] + 3 <= data[1]:
                data[data[2] - 1:data[2] + 3] = written
                data[2] += 4
        return bytes(data)


def our_address(destination: str) -> str:
    """What we answer from: the address on the destination's side."""
    far = any(ipaddress.IPv4Address(destination) in side for side in TO_RIGHT)
    return RIGHT.router if far else LEFT.router


def own(destination: str, tos: int, options: bytes, message: str, payload: str) -> Answer:
    """ICMP from us."""
    return Answer(our_address(destination), destination, tos, 64, 0, 0, 0, 1, without_times(options).hex(),
                  message, payload, 28 + len(options) + len(payload) // 2, True)


def error(sent: Sent, message: str, options: bytes | None = None) -> Answer:
    """An error about it (type/code and rest of header), by default along its source route."""
    destination, back = sent.way_back
    options = back if options is None else options
    room = min(MINIMUM_MTU - 28 - len(options), sent.header + len(sent.payload))
    return own(destination if options == back else sent.source,
               0xC0 | (sent.packet[1] & 0x1E), options, message, sent.quote(room))


def echo_reply(sent: Sent, options: bytes) -> Answer:
    return own(sent.source, sent.packet[1], options, f"0/0 {sent.payload[4:8].hex()}",
               sent.payload[8:].hex())
