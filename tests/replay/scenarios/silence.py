"""What is dropped without a word.

RFC 1122 section 3.2.2, RFC 1812 sections 4.2.2.11, 4.3.2.7, 5.2.2 and 5.3.7."""

from scenarios import scenario
from scenarios.packets import (
    ICMP_PROTOCOL, MACHINE, R1, WEB, alive, echo, error, icmp, ip, raw, resummed, tcp, udp,
)

LATER = 800  # the offset of a later fragment


def probe(src=MACHINE, dst=WEB, **header):
    return udp(src, dst, 40000, 33434, b"probe", **header)


@scenario("vetoes")
def vetoes(run):
    """Packets whose TTL ends at r1, or whose port is closed, but that must not be answered."""
    # ICMP errors, also with less than their eight bytes, and types that may be errors.
    for kind in (3, 4, 5, 11, 12):
        run.into(icmp(MACHINE, WEB, kind, 0, 0, probe(), ttl=1, id=kind))
        run.into(ip(MACHINE, WEB, ICMP_PROTOCOL, bytes([kind, 0, 0, 0]), ttl=1, id=kind))
    for kind in (1, 2, 7, 44, 255):
        run.into(icmp(MACHINE, WEB, kind, 0, 0, b"unknown", ttl=1, id=kind))
    # Any fragment but the first, whatever it carries.
    run.into(raw(MACHINE, WEB, b"later", ttl=1, offset=LATER, id=1))
    run.into(raw(MACHINE, WEB, b"later and more..", ttl=1, offset=LATER, flags="MF", id=2))
    # Destinations that are many.
    for everybody in ("224.0.0.5", "239.1.2.3", "255.255.255.255", "10.0.0.255", "10.1.0.255"):
        run.into(probe(dst=everybody, ttl=1, id=3))
        run.into(probe(dst=everybody, ttl=64, id=4))
        run.into(raw(MACHINE, everybody, b"protocol 253", id=5))
    # Sources that are nobody, or many.
    for nobody in ("0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.5", "240.0.0.1", "255.255.255.255",
                   "10.0.0.255"):
        run.into(probe(src=nobody, ttl=1, id=6))
        run.into(probe(src=nobody, dst=R1, id=7))
    # TCP answers nobody of these either.
    run.into(tcp(MACHINE, "10.0.0.255", 40000, 80, seq=1, ack=0, flags="S", window=1))
    run.into(tcp("127.0.0.1", R1, 40000, 80, seq=1, ack=0, flags="S", window=1))
    # But ICMP queries and their replies may be answered, and first fragments too.
    for kind in (0, 8, 13, 14, 17, 42):
        query = icmp(MACHINE, WEB, kind, 0, 1 << 16 | 1, bytes(12), ttl=1, id=kind)
        run.out(error(R1, MACHINE, 11, 0, query), run.into(query))
    first = raw(MACHINE, WEB, b"first...", ttl=1, flags="MF", id=8)
    run.out(error(R1, MACHINE, 11, 0, first), run.into(first))


@scenario("martians")
def martians(run):
    for martian in ("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.0.1", "224.0.0.1", "239.255.0.1",
                    "240.0.0.1", "255.255.255.255", "10.0.0.255", "10.1.0.255", R1, "10.1.0.1"):
        run.into(echo(martian, R1, 1, 1, b"from a martian", ip_id=1))
        run.into(echo(martian, WEB, 1, 2, b"from a martian", ip_id=2))
        run.into(probe(src=martian, dst=WEB, id=3))
    for martian in ("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.0.1", "240.0.0.1", "10.0.0.0"):
        run.into(echo(MACHINE, martian, 1, 3, b"to a martian", ip_id=4))
        run.into(probe(dst=martian, id=5))
        run.into(probe(dst=martian, ttl=1, id=6))
    alive(run)


@scenario("bad-header")
def bad_header(run):
    good = probe(dst=R1, id=1)
    run.into(good[:1])  # less than a header
    run.into(good[:19])
    for version in (0, 5, 6, 15):
        run.into(resummed(bytes([version << 4 | 5]) + good[1:]))
    for words in (0, 4):  # a header shorter than the shortest
        for summed in (16, 20):
            run.into(resummed(bytes([0x40 | words]) + good[1:], summed))
    # A total length shorter than the header: not answered, though section 5.2.2 would allow it.
    for total in (0, 19):
        run.into(resummed(good[:2] + total.to_bytes(2, "big") + good[4:]))
    run.into(resummed(b"\x4f" + good[1:2] + (40).to_bytes(2, "big") + good[4:] + bytes(60)))
    # A header longer than what came.
    run.into(b"\x4f" + good[1:2] + (100).to_bytes(2, "big") + good[4:])
    # A bad checksum comes before everything else: a TTL of 1, a packet cut short, a bad option.
    for packet in (probe(ttl=1), probe()[:24], probe(options=b"\x07\x01\x00\x00")):
        run.into(packet[:10] + bytes([packet[10] ^ 1]) + packet[11:])
    alive(run)
