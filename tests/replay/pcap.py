"""Captures as lists of (nanoseconds, packet): nanosecond pcap, one IPv4 packet a record."""

import struct

MAGIC_NANOSECONDS = 0xA1B23C4D
LINKTYPE_RAW = 101  # the value in a file; libpcap calls it DLT_RAW
SNAPLEN = 262144
FILE_HEADER = struct.Struct("<IHHiIII")
RECORD_HEADER = struct.Struct("<IIII")
SECOND = 1_000_000_000


def write(path, packets):
    """Writes (nanoseconds, bytes) pairs in the order given."""
    with open(path, "wb") as out:
        out.write(FILE_HEADER.pack(MAGIC_NANOSECONDS, 2, 4, 0, 0, SNAPLEN, LINKTYPE_RAW))
        for instant, packet in packets:
            seconds, nanoseconds = divmod(instant, SECOND)
            out.write(RECORD_HEADER.pack(seconds, nanoseconds, len(packet), len(packet)))
            out.write(packet)


def read(path):
    """The (nanoseconds, bytes) pairs of a capture that write() or hop made."""
    with open(path, "rb") as file:
        content = file.read()
    magic, major, minor, _, _, _, linktype = FILE_HEADER.unpack_from(content)
    if (magic, major, minor, linktype) != (MAGIC_NANOSECONDS, 2, 4, LINKTYPE_RAW):
        raise ValueError(
            f"{path}: not a nanosecond pcap 2.4 of raw IP: magic {magic:#x}, "
            f"version {major}.{minor}, link type {linktype}"
        )
    packets, at = [], FILE_HEADER.size
    while at < len(content):
        seconds, nanoseconds, captured, length = RECORD_HEADER.unpack_from(content, at)
        at += RECORD_HEADER.size
        packets.append((seconds * SECOND + nanoseconds, content[at : at + captured]))
        if captured != length or len(packets[-1][1]) != captured:
            raise ValueError(f"{path}: packet {len(packets)} is cut short")
        at += captured
    return packets
