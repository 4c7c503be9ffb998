"""Packets, built byte by byte and by nothing of the stack."""

import ipaddress
import struct


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address(text: str) -> bytes:
    return ipaddress.IPv4Address(text).packed


def ip(source: str, destination: str, payload: bytes = b"", *, protocol: int = 17, ttl: int = 64,
       tos: int = 0, ident: int = 0x1234, flags: int = 0, offset: int = 0, options: bytes = b"",
       version: int = 4, length: int | None = None, ihl: int | None = None,
       bad_checksum: bool = False) -> bytes:
    """A datagram or fragment; `offset` in bytes, `flags` 4 reserved, 2 DF, 1 MF."""
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4
    total = words * 4 + len(payload)
    header = struct.pack("!BBHHHBBH4s4s", version << 4 | (words if ihl is None else ihl), tos,
                         total if length is None else length, ident,
                         flags << 13 | offset // 8, ttl, protocol, 0, address(source),
                         address(destination)) + options
    right = checksum(header)
    return header[:10] + struct.pack("!H", right ^ bad_checksum) + header[12:] + payload


def with_pseudo_header(source: str, destination: str, protocol: int, segment: bytes,
                       at: int) -> bytes:
    """A segment with its checksum, which stands at offset `at`."""
    pseudo = address(source) + address(destination) + struct.pack("!HH", protocol, len(segment))
    right = checksum(pseudo + segment) or 0xFFFF
    return segment[:at] + struct.pack("!H", right) + segment[at + 2:]


def udp(source: str, destination: str, data: bytes = b"data", *, sport: int = 40000,
        dport: int = 33434, final: str = "") -> bytes:
    """A UDP datagram; `final` is the destination behind a source route."""
    header = struct.pack("!HHHH", sport, dport, 8 + len(data), 0)
    return with_pseudo_header(source, final or destination, 17, header + data, 6)


def tcp(source: str, destination: str, *, flags: int = 2, sport: int = 40000, dport: int = 80,
        seq: int = 0x01020304, ack: int = 0, data: bytes = b"") -> bytes:
    """A TCP segment; flags 1 FIN, 2 SYN, 4 RST, 16 ACK."""
    header = struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 << 4, flags, 1000, 0, 0)
    return with_pseudo_header(source, destination, 6, header + data, 16)


def icmp(kind: int, code: int = 0, rest: int = 0, data: bytes = b"") -> bytes:
    """An ICMP message."""
    message = struct.pack("!BBHI", kind, code, 0, rest) + data
    return message[:2] + struct.pack("!H", checksum(message)) + message[4:]


def counting(size: int) -> bytes:
    """The bytes 0, 1, 2 ..."""
    return bytes(number % 256 for number in range(size))
