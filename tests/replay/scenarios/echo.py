"""Echo and timestamp: RFC 792, RFC 1122 section 3.2.2.6 and 3.2.2.8, RFC 1812 section 4.3.3.6."""

import struct

from scapy.all import ICMP, IP
from scapy.utils import checksum

import pcap
from scenarios import NOON, scenario
from scenarios.packets import (
    MACHINE, R1, R1_FAR, WEB, alive, echo, echo_reply, fragments, icmp, payload_of, tcp, udp,
)

HOST = "10.3.0.9"  # behind three routers, 5 ms each way on each of three links
MIDNIGHT = NOON + 12 * 3600 * pcap.SECOND


@scenario("echo-router")
def echo_router(run):
    def answered(request, reply):
        run.out(reply, run.into(request))

    answered(echo(MACHINE, R1, 7, 1, b"abcdefgh", ip_id=1),
             echo_reply(R1, MACHINE, 7, 1, b"abcdefgh", ttl=64))
    # The TOS byte is kept, identification and DF are the router's own.
    answered(echo(MACHINE, R1, 7, 2, b"tos", tos=0xB9, ip_id=2),
             echo_reply(R1, MACHINE, 7, 2, b"tos", tos=0xB9))
    answered(echo(MACHINE, R1, 7, 3, b"df", flags="DF", ip_id=0xBEEF),
             echo_reply(R1, MACHINE, 7, 3, b"df", flags=0))
    answered(echo(MACHINE, R1, 7, 4, b"reserved bit", flags="evil", ip_id=4),
             echo_reply(R1, MACHINE, 7, 4, b"reserved bit", flags=0))
    # Any address of the router is the router; the answer comes from the one that was asked.
    answered(echo(MACHINE, R1_FAR, 7, 5, b"other side", ip_id=5),
             echo_reply(R1_FAR, MACHINE, 7, 5, b"other side"))
    # The TTL of a packet for the router is none of its business.
    for ttl in (0, 1):
        answered(echo(MACHINE, R1, 7, 6, b"ttl", ttl=ttl, ip_id=6),
                 echo_reply(R1, MACHINE, 7, 6, b"ttl", ttl=64))
    answered(echo("10.0.0.77", R1, 7, 7, b"neighbour", ip_id=7),
             echo_reply(R1, "10.0.0.77", 7, 7, b"neighbour"))
    # Padding of the link behind the total length is no data.
    answered(echo(MACHINE, R1, 7, 8, b"padded", ip_id=8) + bytes(12),
             echo_reply(R1, MACHINE, 7, 8, b"padded"))
    # An option that the router doesn't know is ignored and not returned.
    answered(echo(MACHINE, R1, 7, 9, b"option", ip_id=9, options=b"\x5e\x04\x12\x34"),
             echo_reply(R1, MACHINE, 7, 9, b"option", options=b""))
    run.into(echo_reply(MACHINE, R1, 7, 10, b"an answer to nobody", ip_id=10))


@scenario("echo-data")
def echo_data(run):
    for seq, size in enumerate((0, 1, 3, 56, 1471, 1472), 1):
        data = bytes(n % 251 for n in range(size))
        at = run.into(echo(MACHINE, R1, 9, seq, data, ip_id=seq))
        run.out(echo_reply(R1, MACHINE, 9, seq, data), at)
    # Data that bring the checksum of the request, then of the reply, to zero: the only form of a
    # zero sum that RFC 1071 and RFC 1624 section 3 leave.
    for kind, seq in ((8, 7), (0, 8)):
        head = bytes([kind, 0]) + struct.pack("!HHH", 0, 9, seq)
        data = struct.pack("!H", checksum(head))
        request = echo(MACHINE, R1, 9, seq, data, ip_id=seq)
        reply = echo_reply(R1, MACHINE, 9, seq, data)
        assert payload_of(request if kind == 8 else reply)[2:4] == b"\0\0"
        run.out(reply, run.into(request))


@scenario("echo-far")
def echo_far(run):
    first = run.into(echo(MACHINE, HOST, 3, 1, b"far away", ttl=64, ip_id=1))
    run.out(echo_reply(HOST, MACHINE, 3, 1, b"far away", ttl=61), first, ms=30)
    # Packets follow each other on the way: the second leaves before the first is back.
    second = run.into(echo(MACHINE, HOST, 3, 2, b"", ttl=4, tos=0x10, ip_id=2),
                      at=first + 2_000_001)
    run.out(echo_reply(HOST, MACHINE, 3, 2, b"", ttl=61, tos=0x10), second, ms=30)
    near = run.into(echo(MACHINE, "10.1.0.2", 3, 3, b"r2", ip_id=3), at=first + 7_000_000)
    run.out(echo_reply("10.1.0.2", MACHINE, 3, 3, b"r2", ttl=63), near, ms=10)


@scenario("ping", captured=True)
def ping(run):
    for at, request in run.captured():
        asked = IP(request)
        run.out(echo_reply(HOST, MACHINE, asked[ICMP].id, asked[ICMP].seq, payload_of(request)[8:],
                           ttl=61, tos=asked.tos), at, ms=30)


@scenario("ping-65507", captured=True)
def ping_65507(run):
    sent = run.captured()
    at, first = sent[-1][0], IP(sent[0][1])
    data = b"".join(payload_of(packet) for _, packet in sent)[8:]
    assert len(data) == 65507
    whole = echo_reply(R1, MACHINE, first[ICMP].id, first[ICMP].seq, data)
    for piece in fragments(whole, [1480] * 44 + [395]):
        run.out(piece, at)


def timestamp(kind, src, dst, seq, originate, receive, transmit, **header):
    return icmp(src, dst, kind, 0, 5 << 16 | seq,
                struct.pack("!III", originate, receive, transmit), **header)


@scenario("timestamp")
def timestamp_reply(run):
    def asked(seq, destination, instant, at, ms, ttl, originate):
        run.into(timestamp(13, MACHINE, destination, seq, originate, 0, 0, tos=0x08, id=seq), at=at)
        run.out(timestamp(14, destination, MACHINE, seq, originate, instant, instant, tos=0x08,
                          ttl=ttl, id=0), at, ms=ms)

    noon = 12 * 3600 * 1000
    asked(1, R1, noon, NOON, 0, 64, noon - 1)
    # The originate time is returned whatever it is, and milliseconds are not rounded up.
    asked(2, R1, noon + 250, NOON + 250_999_999, 0, 64, 0xFFFFFFFF)
    # At the far end of a link with a delay of 5 ms the clock is 5 ms on.
    asked(3, WEB, noon + 505, NOON + 500_000_000, 10, 63, 0)
    asked(4, WEB, 4, MIDNIGHT - 1_000_000, 10, 63, 1)
    asked(5, R1, 86_399_999, MIDNIGHT - 1, 0, 64, 2)
    asked(6, R1, 0, MIDNIGHT, 0, 64, 3)


@scenario("broadcast-echo")
def broadcast_echo(run):
    for seq, everybody in enumerate(("255.255.255.255", "10.0.0.255", "224.0.0.1", "10.1.0.255")):
        run.into(echo(MACHINE, everybody, 2, seq, b"anybody?", ip_id=seq))
        run.into(timestamp(13, MACHINE, everybody, seq, 1, 0, 0))
    alive(run)


@scenario("queries-unanswered")
def queries_unanswered(run):
    empty = bytes(12)
    for kind in (10, 15, 17, 37, 42):  # queries that nothing answers unless it is told to
        run.into(icmp(MACHINE, R1, kind, 0, 1 << 16 | 1, empty[: 4 if kind == 17 else 0]))
    for kind in (0, 14, 16, 18, 38, 43):  # replies to nobody
        run.into(icmp(MACHINE, R1, kind, 0, 1 << 16 | 1, empty))
    for kind in (1, 2, 7, 19, 44, 252, 253, 254, 255):  # unknown types: RFC 1122 section 3.2.2
        run.into(icmp(MACHINE, R1, kind, 0, 0, empty))
    alive(run)


@scenario("bad-checksum")
def bad_checksum(run):
    good = echo(MACHINE, R1, 4, 1, b"flipped", ip_id=1)
    run.into(good[:10] + bytes([good[10] ^ 0x40]) + good[11:])  # of the IP header
    for place in (20, 22, 24, len(good) - 1):  # of ICMP: type, checksum, identifier, data
        run.into(good[:place] + bytes([good[place] ^ 0x01]) + good[place + 1 :])
    run.into(udp(MACHINE, R1, 5000, 5001, b"bad sum", sum=0x1234))
    run.into(udp(MACHINE, WEB, 5000, 7, b"bad sum", sum=0x1234))
    run.into(tcp(MACHINE, R1, 5000, 80, seq=1, ack=0, flags="S", window=1024, sum=0x1234))
    alive(run)
