#!/usr/bin/env python3
"""Compares two captures byte for byte and shows where they differ.

    compare.py EXPECTED ACTUAL [-- COMMAND...]

runs COMMAND first, if given, which has to write ACTUAL. Exit status 0 if the files are equal, 1 if
they differ or COMMAND fails, 2 on wrong usage."""

import itertools
import os
import struct
import subprocess
import sys

sys.dont_write_bytecode = True  # this folder is source

import pcap  # noqa: E402

SHOWN = 5  # differing packets that are printed in full


def dotted(address):
    return ".".join(str(byte) for byte in address)


def transport(protocol, payload):
    if protocol == 1 and len(payload) >= 8:
        kind, code, _, rest = struct.unpack_from("!BBHI", payload)
        text = f"icmp {kind}/{code} rest {rest:#010x}"
        if kind in (3, 4, 5, 11, 12):
            return f"{text} quoting {len(payload) - 8} bytes [{describe(payload[8:])}]"
        return f"{text}, {len(payload) - 8} bytes"
    if protocol in (6, 17) and len(payload) >= 8:
        source, destination = struct.unpack_from("!HH", payload)
        return f"{'tcp' if protocol == 6 else 'udp'} {source} > {destination}, {len(payload)} bytes"
    return f"protocol {protocol}, {len(payload)} bytes"


def describe(packet):
    """One line of what the packet says, right or wrong."""
    if len(packet) < 20:
        return f"no IPv4 header: {len(packet)} bytes"
    first, tos, length, ident, fragment, ttl, protocol, _ = struct.unpack_from("!BBHHHBBH", packet)
    flags = "".join(
        name for bit, name in ((0x8000, " reserved"), (0x4000, " df"), (0x2000, " mf"))
        if fragment & bit
    )
    offset = (fragment & 0x1FFF) * 8
    payload = packet[(first & 15) * 4 : length]
    what = transport(protocol, payload) if offset == 0 else f"from {offset}, {len(payload)} bytes"
    return (
        f"{dotted(packet[12:16])} > {dotted(packet[16:20])} ttl {ttl} tos {tos:#04x} id {ident}"
        f"{flags} header {(first & 15) * 4} len {length}: {what}"
    )


def hexdump(packet, other):
    """The bytes, 16 a line; those that `other` has not or has differently are marked."""
    for start in range(0, len(packet), 16):
        cells = []
        for at in range(start, min(start + 16, len(packet))):
            same = at < len(other) and packet[at] == other[at]
            cells.append(f"{packet[at]:02x}{' ' if same else '*'}")
        yield f"      {start:04x}: {''.join(cells)}".rstrip()


def show(title, record, other):
    if record is None:
        print(f"    {title}: no packet")
        return
    instant, packet = record
    seconds, nanoseconds = divmod(instant, pcap.SECOND)
    print(f"    {title} at {seconds}.{nanoseconds:09d}: {describe(packet)}")
    print("\n".join(hexdump(packet, other[1] if other else b"")))


def where(expected, actual):
    """What a pair of records differs in, in words."""
    if expected is None or actual is None:
        return "one side has no such packet"
    parts = []
    if expected[0] != actual[0]:
        parts.append(f"time: {actual[0] - expected[0]:+d} ns")
    if len(expected[1]) != len(actual[1]):
        parts.append(f"length: {len(expected[1])} expected, {len(actual[1])} actual")
    places = [at for at, (a, b) in enumerate(zip(expected[1], actual[1])) if a != b]
    if places:
        parts.append(f"bytes {', '.join(map(str, places[:16]))}{', ...' if places[16:] else ''}")
    return "; ".join(parts)


def compare(expected_path, actual_path):
    """True if the files are equal; otherwise says how they differ."""
    with open(expected_path, "rb") as expected, open(actual_path, "rb") as actual:
        if expected.read() == actual.read():
            return True
    expected, actual = pcap.read(expected_path), pcap.read(actual_path)
    print(f"{actual_path} is not {expected_path}:")
    print(f"  {len(expected)} packets expected, {len(actual)} actual")
    differing = [
        (number, a, b)
        for number, (a, b) in enumerate(itertools.zip_longest(expected, actual), 1)
        if a != b
    ]
    for number, a, b in differing[:SHOWN]:
        print(f"  packet {number}: {where(a, b)}  (* marks a byte that differs)")
        show("expected", a, b)
        show("actual  ", b, a)
    if differing[SHOWN:]:
        print(f"  and {len(differing) - SHOWN} more that differ")
    if not differing:
        print("  the packets are equal, the file headers or the lengths of the frames differ")
        for path in (expected_path, actual_path):
            with open(path, "rb") as file:
                print(f"    {file.read(pcap.FILE_HEADER.size).hex(' ', 4)}  {path}")
    return False


def main(arguments):
    if len(arguments) < 2 or (len(arguments) > 2 and arguments[2] != "--"):
        print(__doc__, file=sys.stderr)
        return 2
    expected, actual, command = arguments[0], arguments[1], arguments[3:]
    if os.path.realpath(expected) == os.path.realpath(actual):
        print("EXPECTED and ACTUAL are the same file", file=sys.stderr)
        return 2
    if command:
        if os.path.exists(actual):
            os.remove(actual)
        status = subprocess.run(command, check=False).returncode
        if status != 0:
            print(f"{' '.join(command)}: exit status {status}")
            return 1
    try:
        return 0 if compare(expected, actual) else 1
    except (OSError, ValueError) as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
