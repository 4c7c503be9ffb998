"""Redirects: RFC 792, RFC 1812 section 5.2.7.2.

This machine, r1 and r2 share the link 10.0.0.0/24; web is behind r2, and r1 is the first router."""

from scenarios import scenario
from scenarios.packets import MACHINE, R1, echo, echo_reply, error, udp, with_ttl

R2, HOST = "10.0.0.3", "10.2.0.9"


@scenario("redirect")
def redirect(run):
    gateway = 10 << 24 | 3

    # The redirect names r2, returns the packet as it came and goes first; the answer to the
    # forwarded packet comes from r2 directly.
    request = echo(MACHINE, HOST, 1, 1, b"by the wrong door", ip_id=1)
    at = run.into(request)
    run.out(error(R1, MACHINE, 5, 1, request, rest=gateway), at)
    run.out(echo_reply(HOST, MACHINE, 1, 1, b"by the wrong door", ttl=63), at)
    # Precedence 6, the TOS bits of the packet; the reason for the redirect stays: code 1.
    request = echo(MACHINE, HOST, 1, 2, b"tos", tos=0xB9, ip_id=2)
    at = run.into(request)
    run.out(error(R1, MACHINE, 5, 1, request, rest=gateway, tos=0xD8), at)
    run.out(echo_reply(HOST, MACHINE, 1, 2, b"tos", tos=0xB9, ttl=63), at)
    # TTL 2 dies at r2, one hop later than it would have to.
    probe = udp(MACHINE, HOST, 40000, 33434, b"probe", ttl=2, id=3)
    at = run.into(probe)
    run.out(error(R1, MACHINE, 5, 1, probe, rest=gateway), at)
    run.out(error(R2, MACHINE, 11, 0, with_ttl(probe, 1)), at)
    # TTL 1 dies at r1: the packet is not forwarded, so there is nothing to redirect.
    probe = udp(MACHINE, HOST, 40000, 33434, b"probe", ttl=1, id=4)
    run.out(error(R1, MACHINE, 11, 0, probe), run.into(probe))


@scenario("redirect-not")
def redirect_not(run):
    # The sender is not on the link of the next hop.
    at = run.into(echo("192.0.2.7", HOST, 1, 1, b"a stranger", ip_id=1))
    run.out(echo_reply(HOST, "192.0.2.7", 1, 1, b"a stranger", ttl=63), at)
    # A source route asked for this way; what it leads to is web's sink, which says nothing.
    run.into(udp(MACHINE, R1, 40000, 9, b"asked for", sum=0, id=2,
                 options=b"\x83\x07\x04" + bytes([10, 2, 0, 9])))
    # Addressed to whom it concerns, on the same link: no router is in the way.
    at = run.into(echo(MACHINE, R2, 1, 3, b"r2 itself", ttl=1, ip_id=3))
    run.out(echo_reply(R2, MACHINE, 1, 3, b"r2 itself", ttl=64), at)
    # Out of another interface than it came in by.
    at = run.into(echo(MACHINE, "10.3.0.9", 1, 4, b"behind r1", ip_id=4))
    run.out(echo_reply("10.3.0.9", MACHINE, 1, 4, b"behind r1", ttl=63), at)
