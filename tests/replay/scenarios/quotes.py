"""How much of the offending datagram an error returns: RFC 1812 section 4.3.2.3, RFC 792."""

from scenarios import scenario
from scenarios.packets import MACHINE, R1, WEB, alive, echo, echo_reply, error, raw, udp, with_ttl

PATTERN = bytes(n % 251 for n in range(1500))
OPTIONS_40 = b"\x5e\x28" + bytes(range(38))


def datagram(total, destination=R1, options=b"", **header):
    """A UDP datagram of `total` bytes to a closed port."""
    return udp(MACHINE, destination, 40000, 33434, PATTERN[: total - 28 - len(options)],
               options=options, **header)


@scenario("quote-576")
def quote_576(run):
    """The whole ICMP datagram is at most 576 bytes: 20 of IP, 8 of ICMP, 548 returned."""
    for total, returned in ((28, 28), (547, 547), (548, 548), (549, 548), (1500, 548)):
        packet = datagram(total, id=total)
        run.out(error(R1, MACHINE, 3, 3, packet[:returned]), run.into(packet))
    # Options are part of what is returned, and of the 548.
    for total, returned in ((68, 68), (548, 548), (549, 548)):
        packet = datagram(total, options=OPTIONS_40, id=total)
        run.out(error(R1, MACHINE, 3, 3, packet[:returned]), run.into(packet))
    for total, returned in ((547, 547), (549, 548)):
        packet = datagram(total, destination=WEB, ttl=1, id=total)
        run.out(error(R1, MACHINE, 11, 0, packet[:returned]), run.into(packet))
    # Padding of the link is no part of the datagram.
    packet = datagram(40, id=40)
    run.out(error(R1, MACHINE, 3, 3, packet), run.into(packet + bytes(6)))


@scenario("legacy")
def legacy(run):
    """1981: the internet header and 64 bits, no next-hop MTU. The link to web has an MTU of 600."""
    def returned(packet, header=20):
        return packet[: header + 8]

    for total in (28, 36, 1500):
        packet = datagram(total, id=total)
        run.out(error(R1, MACHINE, 3, 3, returned(packet)), run.into(packet))
    # 64 bits behind the header, however long that is.
    packet = datagram(200, options=OPTIONS_40, id=3)
    run.out(error(R1, MACHINE, 3, 3, returned(packet, header=60)), run.into(packet))
    packet = datagram(200, destination=WEB, ttl=1, id=4)
    run.out(error(R1, MACHINE, 11, 0, returned(packet)), run.into(packet))
    # A datagram with less than 64 bits of data is returned whole.
    packet = raw(MACHINE, R1, b"four", id=5)
    run.out(error(R1, MACHINE, 3, 2, packet), run.into(packet))
    packet = datagram(601, destination=WEB, flags="DF", id=6)
    run.out(error(R1, MACHINE, 3, 4, returned(packet), rest=0), run.into(packet))
    closed = datagram(300, destination=WEB, id=7)
    run.out(error(WEB, MACHINE, 3, 3, returned(with_ttl(closed, 63)), ttl=63), run.into(closed))
    at = run.into(echo(MACHINE, R1, 1, 1, PATTERN[:900], ip_id=8))
    run.out(echo_reply(R1, MACHINE, 1, 1, PATTERN[:900]), at)


@scenario("truncated")
def truncated(run):
    """Fewer bytes than the total length says: RFC 1812 section 5.2.2, pointer at that field."""
    def reported(packet, kept):
        cut = packet[:kept]
        run.out(error(R1, MACHINE, 12, 0, cut[:548], rest=2 << 24), run.into(cut))

    reported(datagram(100, id=1), 60)
    reported(datagram(100, id=2), 99)
    reported(datagram(100, id=3), 20)
    reported(datagram(1500, id=4), 1499)
    reported(datagram(100, destination=WEB, id=5), 60)
    reported(echo(MACHINE, WEB, 1, 1, PATTERN[:80], ip_id=6), 50)
    reported(datagram(100, options=OPTIONS_40, id=7), 60)
    reported(raw(MACHINE, WEB, PATTERN[:800], flags="MF", id=8), 100)
    # Not about a later fragment, an ICMP error or a broadcast.
    run.into(raw(MACHINE, WEB, PATTERN[:800], flags="MF", offset=800, id=9)[:100])
    run.into(error(MACHINE, WEB, 3, 3, datagram(100))[:60])
    run.into(datagram(100, destination="10.0.0.255", id=10)[:60])
    alive(run)
