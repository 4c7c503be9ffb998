"""What a router changes in a packet on its way: the TTL and nothing else that it need not.

RFC 1812 sections 4.2.2.3, 5.2.5, 5.3.1, 5.3.2 and 5.3.13.1, RFC 1624 section 3."""

from scenarios import scenario
from scenarios.packets import (
    MACHINE, echo, echo_reply, error, icmp, raw, tcp, udp, with_ttl,
)

RIGHT = "10.9.0.1"  # this machine's other end, behind r1 and r2
HOPS = 2

EXPERIMENTS = b"\x5e\x04\x12\x34\xde\x04\x56\x78"  # unknown, with and without the copied flag
STREAM_ID = b"\x88\x04\x00\x2a"


@scenario("forwarding")
def forwarding(run):
    def passes(packet, ttl):
        run.out(with_ttl(packet, ttl - HOPS), run.into(packet))

    def udp_to_right(data, ttl=64, **header):
        return udp(MACHINE, RIGHT, 40000, 5000, data, ttl=ttl, **header)

    for ttl in (3, 64, 255):
        passes(udp_to_right(b"ttl", ttl, id=ttl), ttl)
    for tos in (0x01, 0x02, 0x03, 0x10, 0xB8, 0xFF):
        passes(udp_to_right(b"tos", tos=tos, id=2), 64)
    for flags in ("DF", "evil", "evil+DF"):
        passes(udp_to_right(b"flags", flags=flags, id=0xFFFF), 64)
    for options in (EXPERIMENTS, STREAM_ID, b"\x01\x01\x01\x00"):
        passes(udp_to_right(b"options", options=options, id=3), 64)
    # Fragments are not put together on the way, nor are checksums of the payload a router's affair.
    passes(udp_to_right(b"fragment", flags="MF", id=4), 64)
    passes(raw(MACHINE, RIGHT, b"fragment", flags="MF", offset=4096, id=4), 64)
    passes(udp_to_right(b"bad sum", sum=0x1234, id=5), 64)
    passes(icmp(MACHINE, RIGHT, 44, 0, 0, b"unknown type", id=6), 64)
    passes(tcp(MACHINE, RIGHT, 1, 2, seq=1, ack=0, flags="S", window=1, id=7), 64)
    # Padding of the link ends at the first router.
    padded = udp_to_right(b"padded", id=8)
    run.out(with_ttl(padded, 62), run.into(padded + bytes(10)))


@scenario("forwarding-checksum")
def forwarding_checksum(run):
    """Header checksums around the two forms of zero: 0xfeff becomes 0x0000, never 0xffff."""
    for wanted in (0x0000, 0xFDFF, 0xFE00, 0xFEFE, 0xFEFF, 0xFF00, 0xFFFE):
        plain = raw(MACHINE, RIGHT, b"checksum", id=0)
        # Raising a zero identification by x lowers the checksum by x in ones' complement.
        has = int.from_bytes(plain[10:12], "big")
        packet = raw(MACHINE, RIGHT, b"checksum", id=(has - wanted) % 0xFFFF)
        assert int.from_bytes(packet[10:12], "big") == wanted, hex(wanted)
        run.out(with_ttl(packet, 64 - HOPS), run.into(packet))


@scenario("two-tuns")
def two_tuns(run):
    """From one TUN to the other and back; 5 ms between the routers."""
    request = echo(MACHINE, RIGHT, 1, 1, b"from the left", ip_id=1)
    reply = echo_reply(RIGHT, MACHINE, 1, 1, b"from the left", ip_id=2)
    run.out(with_ttl(request, 62), run.into(request), 5)
    run.out(with_ttl(reply, 62), run.into(reply), 5)
    # Errors go back by the TUN that the packet came from.
    left = udp(MACHINE, RIGHT, 40000, 5000, b"left", ttl=2, id=3)
    run.out(error("10.1.0.2", MACHINE, 11, 0, with_ttl(left, 1), ttl=63), run.into(left), 10)
    right = udp(RIGHT, MACHINE, 40000, 5000, b"right", ttl=1, id=4)
    run.out(error("10.9.0.2", RIGHT, 11, 0, right, ttl=64), run.into(right))
    # Both routers answer on either side.
    at = run.into(echo(RIGHT, "10.9.0.2", 1, 2, b"near", ip_id=5))
    run.out(echo_reply("10.9.0.2", RIGHT, 1, 2, b"near"), at)
    at = run.into(echo(RIGHT, "10.0.0.2", 1, 3, b"far", ip_id=6))
    run.out(echo_reply("10.0.0.2", RIGHT, 1, 3, b"far", ttl=63), at, 10)


@scenario("host-ignores")
def host_ignores(run):
    """A host gets what is for others and keeps silent: RFC 1122 section 3.2.1.3."""
    stranger = "192.0.2.5"  # routed to web by r1, but not web's
    for ttl in (2, 64):
        run.into(echo(MACHINE, stranger, 1, 1, b"not web", ttl=ttl, ip_id=1))
        run.into(udp(MACHINE, stranger, 40000, 33434, b"not web", ttl=ttl, id=2))
        run.into(tcp(MACHINE, stranger, 40000, 80, seq=1, ack=0, flags="S", window=1, ttl=ttl))
    at = run.into(echo(MACHINE, "10.1.0.9", 1, 2, b"web", ip_id=3))
    run.out(echo_reply("10.1.0.9", MACHINE, 1, 2, b"web", ttl=63), at)
