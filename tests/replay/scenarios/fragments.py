"""Fragmentation on the way: RFC 791 section 3.2, RFC 1812 sections 4.2.2.7 and 5.2.5, RFC 1191."""

from scenarios import scenario
from scenarios.packets import (
    EXPERIMENT, MACHINE, as_much_as_fits, echo, echo_reply, error, ip, raw, udp, with_ttl,
)

RIGHT = "10.9.0.1"
PATTERN = bytes(n % 251 for n in range(1500))

NOT_COPIED = b"\x5e\x04\x12\x34"
COPIED = b"\x9e\x04\x56\x78"


def arrives(run, at, pieces, **header):
    """Fragments of protocol 253 as they leave the right TUN: (offset, data, MF, options)."""
    for offset, data, flags, options in pieces:
        run.out(ip(MACHINE, RIGHT, EXPERIMENT, data, flags=flags, offset=offset, options=options,
                   ttl=62, **header), at)


@scenario("fragment")
def fragment(run):
    """A link of 300 bytes between the routers: 280 bytes of data behind a header of 20."""
    def cut(size, *pieces, options=b"", flags=0, **header):
        data = PATTERN[:size]
        at = run.into(raw(MACHINE, RIGHT, data, options=options, flags=flags, **header))
        arrives(run, at, [(start, data[start:end], more, kept)
                          for start, end, more, kept in pieces], **header)

    cut(280, (0, 280, 0, b""), id=1)  # just fits
    cut(281, (0, 280, "MF", b""), (280, 281, 0, b""), id=2)
    cut(1000, (0, 280, "MF", b""), (280, 560, "MF", b""), (560, 840, "MF", b""),
        (840, 1000, 0, b""), id=3)
    cut(560, (0, 280, "MF", b""), (280, 560, 0, b""), id=4, tos=0xBB)
    # The reserved bit is copied into each fragment.
    cut(300, (0, 280, "MF+evil", b""), (280, 300, "evil", b""), id=5, flags="evil")
    # The option without the copied flag stays in the first fragment, whose header of 28 bytes
    # leaves room for 272 bytes; the others have 24 bytes of header and the same room, 272.
    cut(600, (0, 272, "MF", NOT_COPIED + COPIED), (272, 544, "MF", COPIED), (544, 600, 0, COPIED),
        id=6, options=NOT_COPIED + COPIED)
    # Nothing copied: later headers are plain.
    cut(600, (0, 272, "MF", NOT_COPIED), (272, 552, "MF", b""), (552, 600, 0, b""),
        id=7, options=NOT_COPIED)
    # A copied option of 6 bytes is padded with zeros.
    odd = b"\x9e\x06\x01\x02\x03\x04"
    cut(300, (0, 272, "MF", odd + b"\0\0"), (272, 300, 0, odd + b"\0\0"), id=8, options=odd)
    # Record route is not copied: r1 and r2 record their outgoing addresses in the first only.
    recorded = b"\x07\x0b\x0c" + bytes([10, 1, 0, 1, 10, 9, 0, 2]) + b"\0"
    cut(300, (0, 264, "MF", recorded), (264, 300, 0, b""),
        id=9, options=b"\x07\x0b\x04" + bytes(8))


@scenario("fragment-68")
def fragment_68(run):
    """The smallest link there is: 8 bytes of data behind a header of 60, 48 behind one of 20."""
    full = b"\x5e\x28" + bytes(range(38))
    at = run.into(raw(MACHINE, RIGHT, PATTERN[:100], options=full, id=1))
    arrives(run, at, [(0, PATTERN[:8], "MF", full), (8, PATTERN[8:56], "MF", b""),
                      (56, PATTERN[56:100], 0, b"")], id=1)
    at = run.into(raw(MACHINE, RIGHT, PATTERN[:48], id=2))
    arrives(run, at, [(0, PATTERN[:48], 0, b"")], id=2)
    at = run.into(raw(MACHINE, RIGHT, PATTERN[:49], id=3))
    arrives(run, at, [(0, PATTERN[:48], "MF", b""), (48, PATTERN[48:49], 0, b"")], id=3)


@scenario("refragment")
def refragment(run):
    """Fragments of fragments: offsets are added, only the end of the datagram has no MF."""
    data = PATTERN[:600]
    for start, flags, last in ((0, "MF", "MF"), (4000, "MF", "MF"), (8000, 0, 0)):
        at = run.into(raw(MACHINE, RIGHT, data, flags=flags, offset=start, id=77))
        arrives(run, at, [(start, data[:280], "MF", b""), (start + 280, data[280:560], "MF", b""),
                          (start + 560, data[560:], last, b"")], id=77)
    # At the far end of the offsets, where 13 bits just do.
    at = run.into(raw(MACHINE, RIGHT, PATTERN[:303], offset=65208, id=78))
    arrives(run, at, [(65208, PATTERN[:280], "MF", b""), (65488, PATTERN[280:303], 0, b"")], id=78)
    # A later fragment with DF can neither pass nor be reported (RFC 1812 section 4.3.2.7).
    run.into(raw(MACHINE, RIGHT, data, flags="DF", offset=8000, id=79))


@scenario("frag-needed")
def frag_needed(run):
    """1500 bytes to r1, 1400 to r2, 1000 to the host; 5 ms on each of the last two links."""
    host, r1, r2 = "10.2.0.9", "10.0.0.2", "10.1.0.2"

    def datagram(total, ttl=64, **header):
        return udp(MACHINE, host, 40000, 33434, PATTERN[: total - 28], ttl=ttl, flags="DF",
                   **header)

    for total in (1500, 1401):
        packet = datagram(total, id=1)
        run.out(error(r1, MACHINE, 3, 4, as_much_as_fits(packet), rest=1400), run.into(packet))
    for total in (1400, 1001):
        packet = datagram(total, id=2)
        run.out(error(r2, MACHINE, 3, 4, as_much_as_fits(with_ttl(packet, 63)), rest=1000, ttl=63),
                run.into(packet), 10)
    fits = echo(MACHINE, host, 1, 1, PATTERN[:972], flags="DF", ip_id=3)
    run.out(echo_reply(host, MACHINE, 1, 1, PATTERN[:972], ttl=62), run.into(fits), 20)
    # The TTL is looked at before the size (RFC 1812 section 5.2.1.2).
    dying = datagram(1500, ttl=1, id=4)
    run.out(error(r1, MACHINE, 11, 0, as_much_as_fits(dying)), run.into(dying))
    # A first fragment may be reported too.
    first = raw(MACHINE, host, PATTERN[:1400], flags="DF+MF", id=5)
    run.out(error(r1, MACHINE, 3, 4, as_much_as_fits(first), rest=1400), run.into(first))
