"""Source routes: RFC 791 section 3.1, RFC 1812 sections 5.2.2, 5.2.3, 5.2.4.1 and 5.3.13.4."""

from scenarios import scenario
from scenarios.packets import MACHINE, R1, alive, echo, error, raw, udp, with_ttl

RIGHT, R2 = "10.9.0.1", "10.1.0.2"
LOOSE, STRICT = 0x83, 0x89
# What r1 and r2 record on the way to the right, and on the way to the left.
R1_RIGHT, R2_RIGHT, R2_LEFT, R1_LEFT = "10.1.0.1", "10.9.0.2", "10.1.0.2", "10.0.0.2"


def route(kind, pointer, *addresses):
    data = b"".join(bytes(map(int, text.split("."))) for text in addresses)
    return bytes([kind, 3 + len(data), pointer]) + data


def routed(dst, options, src=MACHINE, ttl=64, data=b"routed", id=1):
    return raw(src, dst, data, ttl=ttl, options=options, id=id)


def failed(run, packet, source=R1, arrived=None, ttl=64):
    run.out(error(source, MACHINE, 3, 5, arrived or packet, ttl=ttl), run.into(packet))


@scenario("source-route")
def source_route(run):
    """Both routers have source-routing: true."""
    def passes(packet, arrives):
        run.out(arrives, run.into(packet))

    for kind in (LOOSE, STRICT):
        passes(routed(R1, route(kind, 4, R2, RIGHT)),
               routed(RIGHT, route(kind, 12, R1_RIGHT, R2_RIGHT), ttl=62))
        passes(routed(R2_RIGHT, route(kind, 4, R1_RIGHT, MACHINE), src=RIGHT),
               routed(MACHINE, route(kind, 12, R2_LEFT, R1_LEFT), src=RIGHT, ttl=62))
    # A loose route may leave out r1, which forwards it as any other packet.
    passes(routed(R2, route(LOOSE, 4, RIGHT)), routed(RIGHT, route(LOOSE, 8, R2_RIGHT), ttl=62))
    # A route that is used up is none.
    passes(routed(RIGHT, route(LOOSE, 8, "192.0.2.1")),
           routed(RIGHT, route(LOOSE, 8, "192.0.2.1"), ttl=62))
    # The next address of a strict route has to be on a link of the router.
    failed(run, routed(R1, route(STRICT, 4, RIGHT)))
    # A route that leads nowhere.
    failed(run, routed(R1, route(LOOSE, 4, "203.0.113.5")))
    dying = routed(R1, route(LOOSE, 4, RIGHT), ttl=1)
    run.out(error(R1, MACHINE, 11, 0, dying), run.into(dying))


@scenario("source-route-off")
def source_route_off(run):
    """As design section 5 has it: not forwarded unless the node says source-routing: true."""
    for kind in (LOOSE, STRICT):
        failed(run, routed(R1, route(kind, 4, R2, RIGHT)))
    packet = routed(R2, route(LOOSE, 4, RIGHT))
    failed(run, packet, source=R2, arrived=with_ttl(packet, 63), ttl=63)
    # To the end of the route r1 and r2 are just routers, as they are for a route that is used up.
    for pointer in (4, 8):
        packet = routed(RIGHT, route(LOOSE, pointer, "192.0.2.1"))
        run.out(with_ttl(packet, 62), run.into(packet))
    # Not about an ICMP error, nor about a later fragment.
    about = error(R1, MACHINE, 3, 1, udp(MACHINE, RIGHT, 1, 2))[20:]
    run.into(raw(MACHINE, R1, about, protocol=1, options=route(LOOSE, 4, RIGHT)))
    run.into(raw(MACHINE, R1, b"fragment", offset=800, options=route(LOOSE, 4, RIGHT)))
    alive(run)


@scenario("source-route-errors")
def source_route_errors(run):
    """Both routers have source-routing: true; what is wrong with the packet is reported first."""
    def reported(pointer, packet):
        run.out(error(R1, MACHINE, 12, 0, packet, rest=pointer << 24), run.into(packet))

    # A strict route that comes by a router it does not name: pointer at the destination address.
    reported(16, routed(RIGHT, route(STRICT, 4, "10.9.0.7")))
    # Two source routes: pointer at the second one.
    two = route(LOOSE, 4, R2) + b"\x01" + route(LOOSE, 4, RIGHT)
    reported(28, routed(R1, two))
    # Bad length and bad pointer, as for any option.
    reported(20, routed(R1, b"\x83\x02\x01\x01"))
    reported(22, routed(R1, route(LOOSE, 3, R2)))
    packet = echo(MACHINE, RIGHT, 1, 1, b"plain", ip_id=9)
    run.out(with_ttl(packet, 62), run.into(packet))
