"""Answers as fields that can be compared: whatever depends on chance or time is left out."""

import struct
from typing import NamedTuple

from packets import checksum
from topology import LINKS

TIMESTAMP_OPTION = 68


class Answer(NamedTuple):
    """A packet that a router sent. Of checksums only their being right is compared; times, and the
    identification of what it made itself, are not."""

    source: str
    destination: str
    tos: int
    ttl: int
    flags: int
    offset: int
    ident: int  # of what is passed on
    protocol: int
    options: str
    message: str  # of ICMP of its own: type, code and rest of header
    payload: str  # all behind that: the quote of an error
    length: int
    sound: bool  # are version, length and checksums right?

    @property
    def is_its_own(self) -> bool:
        """Did the router make it, rather than pass it on?"""
        return self.source in OWN

    def without_options(self) -> "Answer":
        return self._replace(options="", length=self.length - len(self.options) // 2)


OWN = tuple(link.router for link in LINKS)


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
    """Replaces the times in the option at `at`, up to its pointer, wherever that lets slots begin."""
    size, pointer = 4 if data[at + 3] & 15 == 0 else 8, data[at + 2]
    for slot in range(at + 4 + (pointer - 5) % size, at + pointer - 1, size):
        if slot + size <= at + data[at + 1]:
            data[slot + size - 4:slot + size] = b"time"


def dotted(data: bytes) -> str:
    return ".".join(map(str, data))


def answer_of(packet: bytes) -> Answer:
    """The fields of a packet."""
    header = (packet[0] & 15) * 4
    length, ident, fragment = struct.unpack_from("!HHH", packet, 2)
    source, message, payload = dotted(packet[12:16]), "", packet[header:]
    sound = packet[0] >> 4 == 4 and length == len(packet) and checksum(packet[:header]) == 0
    if source in OWN:
        ident = 0
        if packet[9] == 1 and fragment & 0x3FFF == 0 and len(payload) >= 8:
            message = f"{payload[0]}/{payload[1]} {payload[4:8].hex()}"
            sound = sound and checksum(payload) == 0
            payload = icmp_data(payload)
    return Answer(source, dotted(packet[16:20]), packet[1], packet[8], fragment >> 13,
                  fragment % 0x2000 * 8, ident, packet[9], without_times(packet[20:header]).hex(),
                  message, payload.hex(), length, sound)


def icmp_data(message: bytes) -> bytes:
    """What stands behind an ICMP header, without the times of a timestamp reply."""
    if message[0] == 14 and len(message) >= 20:
        return message[8:12] + b"timetime" + message[20:]
    return message[8:]


def differing(ours: list[Answer], others: list[Answer]) -> set[str]:
    """The fields that differ; "answers" where there are not as many."""
    if len(ours) != len(others):
        return {"answers"}
    return {field for one, other in zip(sorted(ours), sorted(others))
            for field in Answer._fields if getattr(one, field) != getattr(other, field)}
