"""The switches for packets with options: RFC 7126, RFC 1108 section 2.8.1, RFC 1393."""

import struct

from scenarios import scenario
from scenarios.packets import (
    MACHINE, R1, as_much_as_fits, echo, echo_reply, error, icmp, raw, with_ttl,
)

RECORD_ROUTE = b"\x07\x07\x04\0\0\0\0\0"
TIMESTAMP = b"\x44\x08\x05\0\0\0\0\0"
LOOSE = b"\x83\x07\x04\x0a\x09\x00\x01\0"  # to FAR
EXPERIMENT = b"\xde\x04\x01\x02"
SECURITY = b"\x82\x03\xab\0"
FAR = "10.9.0.1"  # the other TUN, behind r1


@scenario("options-ignored")
def options_ignored(run):
    """`options: ignore` at r1, between two TUNs: as if there were none, right or wrong."""
    for id, options in enumerate(
            (RECORD_ROUTE, TIMESTAMP, EXPERIMENT, b"\x89\x07\x04\x0a\x09\x00\x01\0",
             b"\x07\x07\x03\0\0\0\0\0", b"\x5e\x00\0\0"), 1):
        packet = raw(MACHINE, FAR, b"option", options=options, id=id)
        run.out(with_ttl(packet, 63), run.into(packet))
    # In packets to r1 itself records are honoured (RFC 1812 section 5.3.13.5) ...
    request = echo(MACHINE, R1, 9, 1, b"route", options=RECORD_ROUTE)
    run.out(echo_reply(R1, MACHINE, 9, 1, b"route", options=b"\x07\x07\x08\x0a\0\0\x02\0"),
            run.into(request))
    # ... and a source route ends where it is.
    request = echo(MACHINE, R1, 9, 2, b"stop", options=LOOSE)
    run.out(echo_reply(R1, MACHINE, 9, 2, b"stop"), run.into(request))


@scenario("options-rejected")
def options_rejected(run):
    """r1 rejects record route, drops source routes, ignores timestamps, processes the others."""
    def rejected(packet):
        run.out(error(R1, MACHINE, 3, 13, as_much_as_fits(packet)), run.into(packet))

    rejected(raw(MACHINE, FAR, b"option", options=RECORD_ROUTE, id=1))
    rejected(raw(MACHINE, FAR, b"option", options=EXPERIMENT + RECORD_ROUTE, id=2))
    rejected(echo(MACHINE, R1, 9, 3, b"option", options=RECORD_ROUTE))
    run.into(raw(MACHINE, R1, b"option", options=LOOSE, id=4))
    run.into(raw(MACHINE, FAR, b"option", options=LOOSE + RECORD_ROUTE, id=5))
    for options in (TIMESTAMP, EXPERIMENT):
        packet = raw(MACHINE, FAR, b"option", options=options, id=6)
        run.out(with_ttl(packet, 63), run.into(packet))
    wrong = raw(MACHINE, FAR, b"option", options=b"\x5e\x00\0\0", id=7)
    run.out(error(R1, MACHINE, 12, 0, as_much_as_fits(wrong), rest=20 << 24), run.into(wrong))


@scenario("options-required")
def options_required(run):
    """r1 wants the security option: 12/1 with its type as the pointer. And bad lengths are 12/2,
    at the length byte."""
    def missed(packet):
        run.out(error(R1, MACHINE, 12, 1, as_much_as_fits(packet), rest=130 << 24),
                run.into(packet))

    missed(raw(MACHINE, FAR, b"no option", id=1))
    missed(raw(MACHINE, FAR, b"another", options=RECORD_ROUTE, id=2))
    missed(echo(MACHINE, R1, 9, 3, b"to the router itself"))
    packet = raw(MACHINE, FAR, b"secure", options=SECURITY, id=4)
    run.out(with_ttl(packet, 63), run.into(packet))
    wrong = raw(MACHINE, FAR, b"secure", options=b"\x01\x82\x07\0", id=5)
    run.out(error(R1, MACHINE, 12, 2, as_much_as_fits(wrong), rest=22 << 24), run.into(wrong))
    # Silence: a later fragment, an ICMP error.
    run.into(raw(MACHINE, FAR, b"fragment", offset=800, id=6))
    run.into(raw(MACHINE, FAR, error(R1, MACHINE, 3, 1, bytes(28))[20:], protocol=1, id=7))
    missed(raw(MACHINE, FAR, b"no option", id=8))


def traced(outbound, back):
    """Option 82 of the machine, ID 0x4321."""
    return b"\x52\x0c\x43\x21" + struct.pack("!HH", outbound, back) + b"\x0a\0\0\x01"


def told(router, outbound, back, code=0, speed=0, mtu=0, **header):
    return icmp(router, MACHINE, 30, code, 0x4321 << 16,
                struct.pack("!HHII", outbound, back, speed, mtu), **header)


@scenario("traceroute-option")
def traceroute_option(run):
    """An echo traced over r1 and r2 to web and back: RFC 1393 section 3. The link between the
    routers has 80 Mbit/s, 10,000,000 octets per second: the echo takes 6.8 microseconds on it, a
    message of 40 bytes 4."""
    far, r2 = "10.2.0.9", "10.1.0.2"
    between = {"speed": 10_000_000, "mtu": 1400, "tos": 0x10}
    request = echo(MACHINE, far, 9, 1, bytes(28), tos=0x10, options=traced(0, 0xFFFF))
    at = run.into(request)
    run.out(told(R1, 1, 0xFFFF, **between), at)
    run.out(told(r2, 2, 0xFFFF, mtu=1500, tos=0x10, ttl=63), at + 10_800)
    # web answers at once; r2's message about that waits for the one before.
    run.out(told(r2, 2, 1, ttl=63, **between), at + 14_800)
    run.out(told(R1, 2, 2, mtu=1500, tos=0x10), at + 21_600)
    run.out(echo_reply(far, MACHINE, 9, 1, bytes(28), tos=0x10, ttl=62, options=traced(2, 2)),
            at + 21_600)
    # Without a route: the error, and code 1.
    lost = raw(MACHINE, "192.0.2.1", b"lost", options=traced(0, 0xFFFF), id=2)
    at = run.into(lost)
    run.out(error(R1, MACHINE, 3, 0, as_much_as_fits(lost)), at)
    run.out(told(R1, 1, 0xFFFF, code=1), at)
