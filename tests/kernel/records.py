"""Captures of bare IP packets (pcap with nanoseconds): lists of (case, packet)."""

import struct

MAGIC, LINKTYPE_RAW = 0xA1B23C4D, 101
HEADER, RECORD = "<IHHiIII", "<IIII"
START = 1_709_294_400  # 2024-03-01 12:00:00 UTC: case 0; each has a second
STEP = 1_000_000  # nanoseconds between the packets of a case


def write_records(records: list[tuple[int, bytes]]) -> bytes:
    """A capture of the packets."""
    data = struct.pack(HEADER, MAGIC, 2, 4, 0, 0, 65535, LINKTYPE_RAW)
    before, nanoseconds = -1, 0
    for case, packet in records:
        nanoseconds = nanoseconds + STEP if case == before else 0
        before = case
        data += struct.pack(RECORD, START + case, nanoseconds, len(packet), len(packet)) + packet
    return data


def read_records(data: bytes) -> list[tuple[int, bytes]]:
    """The packets of a capture, by the case that they belong to."""
    magic, *_, link = struct.unpack_from(HEADER, data)
    if (magic, link) != (MAGIC, LINKTYPE_RAW):
        raise ValueError(f"not a capture of bare packets: {magic:#x}, {link}")
    records, at = [], struct.calcsize(HEADER)
    while at < len(data):
        second, _, length, _ = struct.unpack_from(RECORD, data, at)
        at += struct.calcsize(RECORD)
        records.append((second - START, data[at:at + length]))
        at += length
    return records
