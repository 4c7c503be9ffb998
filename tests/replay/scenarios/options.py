"""Record route and timestamp, and options that are wrong.

RFC 791 section 3.1, RFC 1122 section 3.2.2.6, RFC 1812 sections 4.2.2.2, 4.3.3.5, 5.3.13.5
and 5.3.13.6."""

import struct

from scenarios import MILLISECOND, NOON, scenario
from scenarios.packets import (
    MACHINE, R1, WEB, alive, as_much_as_fits, echo, echo_reply, error, raw, udp, with_options,
    with_ttl,
)

RIGHT = "10.9.0.1"  # behind r1 and r2, 5 ms between them
R1_OUT, R2_OUT = b"\x0a\x01\x00\x01", b"\x0a\x09\x00\x02"  # towards the right
SLOT = bytes(4)


def address(text):
    return bytes(int(part) for part in text.split("."))


def milliseconds(instant):
    """Since midnight UT, as four bytes."""
    return struct.pack("!I", instant // MILLISECOND % 86_400_000)


def record_route(pointer, *addresses, slots):
    data = b"".join(map(address, addresses))
    return bytes([7, 3 + 4 * slots, pointer]) + data + bytes(4 * slots - len(data)) + b"\0"


@scenario("record-route")
def record_route_there_and_back(run):
    """r1, r2 and the host on the way there, r2 and r1 on the way back, each where it sends."""
    host = "10.2.0.9"

    def asked(seq, request, reply, destination=host, ttl=62):
        at = run.into(echo(MACHINE, destination, 8, seq, b"route", options=request, ip_id=seq))
        run.out(echo_reply(destination, MACHINE, 8, seq, b"route", options=reply, ttl=ttl), at)

    way = ("10.1.0.1", "10.2.0.1", host, "10.1.0.2", "10.0.0.2")
    asked(1, record_route(4, slots=9), record_route(24, *way, slots=9))
    asked(2, record_route(8, MACHINE, slots=9), record_route(28, MACHINE, *way, slots=9))
    # What is full stays as it is.
    asked(3, record_route(4, slots=1), record_route(8, "10.1.0.1", slots=1))
    asked(4, record_route(4, slots=3), record_route(16, *way[:3], slots=3))
    # A router that answers itself records itself once.
    asked(5, record_route(4, slots=3), record_route(8, R1, slots=3), destination=R1, ttl=64)


@scenario("ping-record-route", captured=True)
def ping_record_route(run):
    for at, request in run.captured():
        assert request[20:24] == b"\x01\x07\x27\x08"  # NOP, record route, one address is there
        options = b"\x01\x07\x27\x10" + address(MACHINE) + R1_OUT + R2_OUT + bytes(24)
        run.out(with_options(with_ttl(request, 62), options), at, 5)


@scenario("ping-timestamp", captured=True)
def ping_timestamp(run):
    sent = run.captured()
    for at, request in sent:
        old, r1_time = request[20 : 4 * (request[0] & 15)], milliseconds(at)
        r2_time = milliseconds(at + 5 * MILLISECOND)
        flag = old[3]
        if flag == 0:  # the kernel's own time is there already
            stamps = old[4:8] + r1_time + r2_time
        elif flag == 1:
            stamps = old[4:12] + R1_OUT + r1_time + R2_OUT + r2_time
        else:  # 10.1.0.1, 10.1.0.2 and the right end are asked for theirs
            stamps = old[4:8] + r1_time + old[12:16] + r2_time
        pointer = old[2] + (8 if flag == 0 else 16)
        new = bytes([0x44, old[1], pointer, flag]) + stamps
        run.out(with_options(with_ttl(request, 62), new + old[len(new) :]), at, 5)


@scenario("timestamp-option", start=NOON + 700_000)
def timestamp_option(run):
    """Stamped on arrival: at r1 as it comes, at r2 5 ms later, in whole milliseconds."""
    def passes(before, after):
        request = udp(MACHINE, RIGHT, 40000, 5000, b"when?", options=before, id=1)
        at = run.into(request)
        r1_time, r2_time = milliseconds(at), milliseconds(at + 5 * MILLISECOND)
        new = after(r1_time, r2_time)
        run.out(with_options(with_ttl(request, 62), new), at, 5)

    passes(b"\x44\x0c\x05\x00" + SLOT * 2, lambda r1, r2: b"\x44\x0c\x0d\x00" + r1 + r2)
    passes(b"\x44\x14\x05\x01" + SLOT * 4,
           lambda r1, r2: b"\x44\x14\x15\x01" + R1_OUT + r1 + R2_OUT + r2)
    # Room for one: r2 counts itself as having had none.
    passes(b"\x44\x08\x05\x00" + SLOT, lambda r1, r2: b"\x44\x08\x09\x10" + r1)
    # No room at all, up to the last count there is.
    full = address(MACHINE) + b"\x01\x02\x03\x04"
    passes(b"\x44\x0c\x0d\x01" + full, lambda r1, r2: b"\x44\x0c\x0d\x21" + full)
    passes(b"\x44\x0c\x0d\xd1" + full, lambda r1, r2: b"\x44\x0c\x0d\xf1" + full)
    # Prespecified: any address of the router will do, also the one towards the sender.
    asked = address(R1), R2_OUT
    passes(b"\x44\x14\x05\x03" + asked[0] + SLOT + asked[1] + SLOT,
           lambda r1, r2: b"\x44\x14\x15\x03" + asked[0] + r1 + asked[1] + r2)
    # Only the next one counts: r1 is not asked before r2, nor anybody before a stranger.
    passes(b"\x44\x14\x05\x03" + asked[1] + SLOT + asked[0] + SLOT,
           lambda r1, r2: b"\x44\x14\x0d\x03" + asked[1] + r2 + asked[0] + SLOT)
    stranger = address("192.0.2.1")
    passes(b"\x44\x14\x05\x03" + stranger + SLOT + asked[0] + SLOT,
           lambda r1, r2: b"\x44\x14\x05\x03" + stranger + SLOT + asked[0] + SLOT)


@scenario("parameter-problem")
def parameter_problem(run):
    def reported(pointer, options, destination=R1):
        packet = udp(MACHINE, destination, 40000, 33434, b"bad option", options=options, id=1)
        run.out(error(R1, MACHINE, 12, 0, as_much_as_fits(packet), rest=pointer << 24),
                run.into(packet))

    # A bad length: at the option's type.
    for destination in (R1, WEB):
        reported(20, b"\x07\x01\x04\x00" + SLOT, destination)  # shorter than itself
        reported(20, b"\x5e\x00\x00\x00", destination)
        reported(20, b"\x5e\x09\x00\x00" + SLOT, destination)  # past the end of the header
        reported(20, b"\x07\x02\x01\x01", destination)  # no room for the pointer
        reported(20, b"\x44\x03\x05\x00", destination)  # no room for the flags
        reported(22, b"\x01\x01\x5e\x03", destination)  # not the first option
        reported(23, b"\x01\x01\x01\x5e", destination)  # no length at all
    # A bad pointer: at the pointer.
    for destination in (R1, WEB):
        reported(22, b"\x07\x07\x03" + SLOT, destination)
        reported(22, b"\x07\x07\x00" + SLOT, destination)
        reported(24, b"\x01\x01\x07\x07\x03" + SLOT, destination)
        reported(22, b"\x44\x08\x04\x00" + SLOT, destination)
        reported(22, b"\x44\x0c\x00\x01" + SLOT * 2, destination)
    # What follows the end of the list is not looked at.
    request = echo(MACHINE, R1, 1, 1, b"end", options=b"\x01\x00\x07\x01", ip_id=2)
    run.out(echo_reply(R1, MACHINE, 1, 1, b"end"), run.into(request))
    # Not about a later fragment, nor about an ICMP error.
    bad = b"\x07\x07\x03" + SLOT
    run.into(raw(MACHINE, R1, b"fragment", options=bad, offset=800, id=3))
    run.into(raw(MACHINE, R1, error(R1, MACHINE, 3, 1, bytes(28))[20:], protocol=1, options=bad))
    alive(run)
