"""Destinations that cannot be reached: RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 5.2.7.1."""

from scenarios import scenario
from scenarios.packets import MACHINE, R1, WEB, alive, echo, echo_reply, error, tcp, udp

NET, HOST, ADMIN = 0, 1, 13


def refused(run, destination, code):
    """A UDP datagram that r1 cannot forward, and an echo with another TOS."""
    probe = udp(MACHINE, destination, 40000, 33434, b"where to?", id=1)
    run.out(error(R1, MACHINE, 3, code, probe), run.into(probe))
    probe = echo(MACHINE, destination, 1, 1, b"where to?", tos=0x10, ip_id=2)
    run.out(error(R1, MACHINE, 3, code, probe, tos=0xD0), run.into(probe))


@scenario("unreachable")
def unreachable(run):
    """Each way not to get there, and the longest prefix decides."""
    refused(run, "203.0.113.5", NET)  # no route at all
    refused(run, "10.1.0.77", HOST)  # on a link where nobody has it
    refused(run, "10.0.0.77", HOST)  # back into the TUN that it came from
    refused(run, "192.0.2.65", HOST)  # an unreachable route, a /26
    refused(run, "192.0.2.128", ADMIN)  # a prohibit route, the /24 around it
    refused(run, "192.0.2.63", ADMIN)
    refused(run, "192.0.2.127", HOST)
    refused(run, "192.0.3.7", HOST)  # via an address that nobody has
    at = run.into(echo(MACHINE, WEB, 1, 2, b"web", ip_id=3))
    run.out(echo_reply(WEB, MACHINE, 1, 2, b"web", ttl=63), at)


@scenario("reject-codes")
def reject_codes(run):
    """Destination 192.0.2.16 x CODE is refused with that code: all that IANA lists."""
    for code in range(16):
        refused(run, f"192.0.2.{16 * code + 5}", code)


@scenario("blackhole")
def blackhole(run):
    for destination in ("192.0.2.1", "192.0.2.254"):
        run.into(echo(MACHINE, destination, 1, 1, b"gone", ip_id=1))
        run.into(udp(MACHINE, destination, 40000, 33434, b"gone", id=2))
        run.into(tcp(MACHINE, destination, 40000, 80, seq=1, ack=0, flags="S", window=1, id=3))
    # A longer prefix leads out of the hole.
    refused(run, "192.0.2.129", HOST)
    alive(run)
