"""Answers as fields that can be compared: whatever depends on chance or time is left out."""

import struct
from typing import NamedTuple

from packets import checksum

TIMESTAMP_OPTION = 68


class Answer(NamedTuple):
    """A packet that a router sent. Identification, checksums (but for their being right) and times
    are not compared."""

    source: str
    destination: str
    tos: int
    ttl: int
    flags: int
    offset: int
    protocol: int
    options: str
    message: str  # of ICMP: type, code and rest of header
    quote: str  # of an ICMP error, or else the payload
    length: int
    sums: bool  # are the checksums right?

    @property
    def is_error(self) -> bool:
        """Is it an ICMP error?"""
        return bool(self.message) and is_error(int(self.message.split("/")[0]))


def without_times(options: bytes) -> bytes:
    """Options with the times of timestamp options replaced."""
    data, at = bytearray(options), 0
    while at < len(data) and data[at]:
        if data[at] == 1:
            at += 1
            continue
        if at + 1 >= len(data) or not 2 <= data[at + 1] <= len(data) - at:
            break
        if data[at] == TIMESTAMP_OPTION and data[at + 1] > 4:
            hide_times(data, at)
        at += data[at + 1]
    return bytes(data)


def hide_times(data: bytearray, at: int) -> None:
    """Replaces the times in the option at `at`, up to its pointer."""
    size = 4 if data[at + 3] & 15 == 0 else 8
    for slot in range(at + 4, at + data[at + 2] - 1, size):
        if slot + size <= at + data[at + 1]:
            data[slot + size - 4:slot + size] = b"time"


def dotted(data: bytes) -> str:
    return ".".join(map(str, data))


def quote_of(data: bytes) -> bytes:
    """A quoted packet without what follows from times: they are in its options."""
    header = (data[0] & 15) * 4 if data else 0
    if header <= 20 or len(data) < header:
        return data
    options = without_times(data[20:header])
    stamped = options != data[20:header]
    sums = b"ch" if stamped else data[10:12]
    return data[:10] + sums + data[12:20] + options + data[header:]


def is_error(kind: int) -> bool:
    return kind in (3, 4, 5, 11, 12)


def answer_of(packet: bytes) -> Answer:
    """The fields of a packet."""
    header = (packet[0] & 15) * 4
    payload = packet[header:]
    fragment = struct.unpack_from("!H", packet, 6)[0]
    message, sums = "", checksum(packet[:header]) == 0
    if packet[9] == 1 and fragment & 0x3FFF == 0 and len(payload) >= 8:
        message = f"{payload[0]}/{payload[1]} {payload[4:8].hex()}"
        own = payload[0] in (0, 14) or is_error(payload[0])
        sums = sums and (not own or checksum(payload) == 0)
        payload = icmp_data(payload)
    return Answer(dotted(packet[12:16]), dotted(packet[16:20]), packet[1], packet[8],
                  fragment >> 13, fragment % 0x2000 * 8, packet[9],
                  without_times(packet[20:header]).hex(), message, payload.hex(), len(packet),
                  sums)


def icmp_data(message: bytes) -> bytes:
    """What stands behind an ICMP header, without times."""
    if message[0] == 14 and len(message) >= 20:
        return message[8:12] + b"timetime" + message[20:]
    return quote_of(message[8:]) if is_error(message[0]) else message[8:]


def differing(ours: list[Answer], kernels: list[Answer]) -> set[str]:
    """The fields that differ; "answers" where there are not as many."""
    if len(ours) != len(kernels):
        return {"answers"}
    return {field for one, other in zip(sorted(ours), sorted(kernels))
            for field in Answer._fields if getattr(one, field) != getattr(other, field)}
