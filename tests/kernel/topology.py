"""The network that both routers are: two links, routes of every kind, and the sentinel."""

import struct
from typing import NamedTuple

from packets import checksum, ip


class Link(NamedTuple):
    name: str
    host: str  # at the other end of the TUN device
    router: str
    length: int
    mtu: int


class Route(NamedTuple):
    to: str
    via: str = ""
    type: str = ""


LEFT = Link("left", "10.1.0.1", "10.1.0.254", 16, 1500)
RIGHT = Link("right", "10.2.0.1", "10.2.0.254", 16, 600)
LINKS = (LEFT, RIGHT)

FAR = "192.0.2.9"  # behind the right link
ROUNDABOUT = "203.0.113.9"  # behind another router of the left link
OTHER_ROUTER = "10.1.0.3"
ROUTES = (
    Route("192.0.2.0/24", via="10.2.0.2"),
    Route("203.0.113.0/24", via=OTHER_ROUTER),
    Route("198.51.100.0/24", type="unreachable"),
    Route("198.51.101.0/24", type="prohibit"),
    Route("198.51.102.0/24", type="blackhole"),
)

# The other router of the left link is a device as well, so that what goes there comes out.
YAML = f"""\
routing: static
tuns:
  other: {{ address: {OTHER_ROUTER}/{LEFT.length} }}
  left: {{ address: {LEFT.host}/{LEFT.length} }}
  right: {{ address: {RIGHT.host}/{RIGHT.length} }}
nodes:
  r1:
    source-routing: true
    reassembly-timeout: 1440min
    icmp: {{ profile: linux, rate: unlimited, peer-rate: unlimited }}
links:
  - {{ endpoints: [other, left, {{ node: r1, address: {LEFT.router}/{LEFT.length} }}], mtu: {LEFT.mtu} }}
  - {{ endpoints: [right, {{ node: r1, address: {RIGHT.router}/{RIGHT.length} }}], mtu: {RIGHT.mtu} }}
routes:
  r1:
""" + "".join(f"    - {{ to: {route.to}, " +
              (f"via: {route.via} }}\n" if route.via else f"type: {route.type} }}\n")
              for route in ROUTES)

SENTINEL = "10.1.255.250"  # a source that no case has


def sentinel(number: int) -> bytes:
    """An echo request. Its reply says that the kernel is done with all that came before."""
    message = struct.pack("!BBHHH", 8, 0, 0, 0x5E47, number & 0xFFFF)
    message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    return ip(SENTINEL, LEFT.router, message, protocol=1)


def is_sentinels_reply(packet: bytes, number: int) -> bool:
    """Is it the reply to sentinel(number)?"""
    return (packet[0] == 0x45 and packet[9] == 1 and packet[20] == 0 and
            packet[16:20] == sentinel(0)[12:16] and
            packet[24:28] == struct.pack("!HH", 0x5E47, number & 0xFFFF))
