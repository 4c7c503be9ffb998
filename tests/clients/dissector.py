"""What Wireshark's dissectors find wrong with packets."""

from typing import NamedTuple

from support import run, scratch, write_frames

# Each packet for itself, every checksum looked at; payload is as it is, also that of protocol 0,
# which is no part of IPv6 here.
OPTIONS = ("-o", "ip.defragment:FALSE", "-o", "ip.check_checksum:TRUE",
           "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
           "-o", "tcp.analyze_sequence_numbers:FALSE", "-d", "udp.port==0-65535,data",
           "-d", "tcp.port==0-65535,data", "--disable-protocol", "ipv6.hopopts")
FIELDS = ("-T", "fields", "-E", "separator=|", "-E", "aggregator=|",
          "-e", "frame.number", "-e", "_ws.expert.message")
WRONG = "_ws.malformed || _ws.expert.severity >= warning"
# tshark warns of every reset, however right it is.
NO_FAULT = "Connection reset (RST)"


class Exchange(NamedTuple):
    """What came to a system, and what left it."""

    came: list[bytes]
    left: list[bytes]


class Complaint(NamedTuple):
    """One thing that is wrong with one packet, which is named by its place in the list."""

    packet: int
    text: str


def complaints(packets: list[bytes]) -> list[Complaint]:
    """What tshark finds malformed, out of order or wrongly summed."""
    with scratch() as directory:
        capture = directory / "packets.pcap"
        write_frames(capture, ((packet, 0) for packet in packets))
        seen = run("tshark", "-r", str(capture), "-Y", WRONG, *OPTIONS, *FIELDS)
    if seen.status != 0:
        raise AssertionError(f"tshark: {seen}")
    rows = [line.split("|") for line in seen.out.splitlines()]
    return [Complaint(int(number) - 1, text)
            for number, *texts in rows for text in texts or ["malformed"] if text != NO_FAULT]


def new_complaints(exchanges: list[Exchange]) -> list[str]:
    """What is wrong with packets that left, and was not wrong with what had come.

    A quote, and what is passed on, is as bad as what was received: so it has to be.
    """
    came = [(number, packet) for number, one in enumerate(exchanges) for packet in one.came]
    left = [(number, packet) for number, one in enumerate(exchanges) for packet in one.left]
    known = {(came[place][0], text) for place, text in complaints([packet for _, packet in came])}
    return [f"exchange {left[place][0]}: {text}: {left[place][1].hex()}"
            for place, text in complaints([packet for _, packet in left])
            if (left[place][0], text) not in known]
