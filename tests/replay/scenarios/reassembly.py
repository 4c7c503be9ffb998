"""Reassembly of what is for the node itself: RFC 791 section 3.2, RFC 1122 section 3.3.2."""

from scenarios import scenario
from scenarios.packets import (
    MACHINE, R1, WEB, alive, as_much_as_fits, echo, echo_reply, error, fragments, raw, udp,
    with_ttl,
)

PATTERN = bytes(n % 251 for n in range(4000))
SECONDS = 1000  # in the milliseconds of Scenario.into and out


def request(seq, size, destination=R1, **header):
    return echo(MACHINE, destination, 6, seq, PATTERN[:size], ip_id=seq, **header)


def reply(seq, size, source=R1, **header):
    return echo_reply(source, MACHINE, 6, seq, PATTERN[:size], **header)


@scenario("reassembly")
def reassembly(run):
    """Between r1 and web the MTU is 600: 576 bytes of data in a fragment."""
    def all_in(pieces, gap_ms=1):
        return [run.into(piece, gap_ms=gap_ms) for piece in pieces][-1]

    # In reverse: complete, and answered in fragments, when the first one comes last.
    pieces = fragments(request(1, 2000, WEB), [576, 576, 576, 280])
    at = all_in(reversed(pieces))
    for piece in fragments(reply(1, 2000, WEB, ttl=63), [576, 576, 576, 280]):
        run.out(piece, at)
    # Fragments of uneven size, at the router itself, each one twice but for the last.
    pieces = fragments(request(2, 2000), [8, 1000, 240, 760])
    at = all_in([pieces[1], pieces[1], pieces[3], pieces[0], pieces[0], pieces[3], pieces[2]])
    for piece in fragments(reply(2, 2000), [1480, 528]):
        run.out(piece, at)
    # The same identification for two protocols, interleaved.
    first = fragments(request(3, 800), [400, 408])
    other = fragments(udp(MACHINE, R1, 40000, 7, PATTERN[:800], id=3), [400, 408])
    run.into(first[0], gap_ms=1)
    run.into(other[1], gap_ms=1)
    run.out(reply(3, 800), run.into(first[1], gap_ms=1))
    run.out(udp(R1, MACHINE, 7, 40000, PATTERN[:800]), run.into(other[0]))
    # The same identification from two sources.
    ours, theirs = request(4, 80), echo("10.0.0.77", R1, 6, 4, PATTERN[100:180], ip_id=4)
    ours, theirs = fragments(ours, [40, 48]), fragments(theirs, [40, 48])
    all_in([ours[0], theirs[1]])
    run.out(reply(4, 80), run.into(ours[1]))
    run.out(echo_reply(R1, "10.0.0.77", 6, 4, PATTERN[100:180]), run.into(theirs[0]))
    # The header is that of the fragment with offset 0, here its TOS.
    pieces = fragments(request(5, 80, tos=0x08), [40, 48], tos=0x10)
    at = all_in(reversed(pieces))
    run.out(reply(5, 80, tos=0x10), at)


@scenario("reassembly-timeout")
def reassembly_timeout(run):
    """60 s at r1, 2 s at web, from the arrival of the first fragment, whichever it is."""
    def pieces(seq, destination=R1):
        return fragments(request(seq, 1000, destination), [600, 408])

    def timed_out(first, at, ms, source=R1, ttl=64):
        run.out(error(source, MACHINE, 11, 1, as_much_as_fits(first), ttl=ttl), at, ms)

    first, _ = pieces(1)
    timed_out(first, run.into(first), 60 * SECONDS)
    # Without the first fragment nothing is said.
    run.into(pieces(2)[1])
    # The clock starts with the first to arrive and does not start again; the third never comes.
    first, second, _ = fragments(request(3, 1000), [600, 200, 208])
    at = run.into(second, gap_ms=10 * SECONDS)
    run.into(first)
    timed_out(first, at, 60 * SECONDS)
    # At the host the fragment has made one hop, and the node's own time is shorter.
    first, _ = pieces(4, WEB)
    timed_out(with_ttl(first, 63), run.into(first), 2 * SECONDS, source=WEB, ttl=63)
    # In time, if only just, there is an answer and no error.
    first, second = pieces(5)
    at = run.into(first, gap_ms=59_999)
    run.out(reply(5, 1000), run.into(second))
    # A fragment that comes too late begins a new datagram, which is never complete either.
    first, second = pieces(6)
    at = run.into(first, gap_ms=60_001)
    timed_out(first, at, 60 * SECONDS)
    run.into(second)
    alive(run)


@scenario("reassembly-overlap")
def reassembly_overlap(run):
    """Overlapping fragments drop the datagram without a word, now and when its time is up."""
    def piece(seq, start, end, last=False):
        whole = request(seq, 1000)
        return raw(MACHINE, R1, whole[20 + start : 20 + end], protocol=1, id=seq, offset=start,
                   flags=0 if last else "MF")

    overlaps = (
        [(0, 400), (392, 800)],  # the end of the one before
        [(400, 800), (0, 408)],  # the beginning of the one after
        [(0, 800), (200, 400)],  # wholly inside
        [(200, 400), (0, 800)],  # wholly around
        [(0, 400), (0, 408)],    # the same beginning
        [(0, 400), (200, 400)],  # the same end
    )
    for seq, (one, other) in enumerate(overlaps, 1):
        run.into(piece(seq, *one), gap_ms=1)
        run.into(piece(seq, *other), gap_ms=1)
        run.into(piece(seq, 800, 1008, last=True))
    run.next += 61 * SECONDS * 1_000_000
    alive(run)


@scenario("reassembly-last")
def reassembly_last(run):
    """`overlap: last`: the more recently arrived copy counts, wherever it overlaps."""
    def pieces(seq, wrong, *right):
        data = request(seq, 1000)[20:]
        inverted = bytes(byte ^ 0xFF for byte in data)
        for source, (start, end) in ((inverted, wrong), *((data, place) for place in right)):
            at = run.into(raw(MACHINE, R1, source[start:end], protocol=1, id=seq, offset=start,
                              flags=0 if end == 1008 else "MF"), gap_ms=1)
        run.out(reply(seq, 1000), at)

    pieces(1, (0, 400), (0, 400), (400, 800), (800, 1008))  # the same place
    pieces(2, (392, 800), (0, 400), (392, 1008))            # around, and the end of the one before
    pieces(3, (400, 800), (0, 600), (592, 800), (800, 1008))
    pieces(4, (800, 1008), (800, 1008), (400, 800), (0, 408))


@scenario("reassembly-nonsense")
def reassembly_nonsense(run):
    """Fragments that can belong to no datagram."""
    # Past the end of the largest datagram there is: the ping of death.
    run.into(raw(MACHINE, R1, PATTERN[:1400], protocol=1, offset=65528, id=1))
    run.into(raw(MACHINE, R1, PATTERN[:1400], protocol=1, offset=64800, flags="MF", id=2))
    # Not the last one, yet no multiple of 8; and one without any data.
    run.into(raw(MACHINE, R1, PATTERN[:1001], protocol=1, offset=800, flags="MF", id=3))
    run.into(raw(MACHINE, R1, b"", protocol=1, offset=800, flags="MF", id=4))
    run.into(raw(MACHINE, R1, b"", protocol=1, offset=800, id=5))
    run.next += 61 * SECONDS * 1_000_000
    alive(run)
