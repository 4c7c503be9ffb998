"""Time to live: RFC 1812 sections 4.2.2.9, 5.2.7.3 and 5.3.1."""

from scapy.all import ICMP, IP, TCP

from scenarios import scenario
from scenarios.packets import (
    MACHINE, as_much_as_fits, echo, echo_reply, error, payload_of, raw, tcp, udp, with_ttl,
)

HOST = "10.3.0.9"
# Who discards a packet that leaves this machine with TTL 1, 2, 3: the address it answers from, the
# time there and back, the TTL that is left of 64 when the answer is here.
ROUTERS = {1: ("10.0.0.2", 0, 64), 2: ("10.1.0.2", 10, 63), 3: ("10.2.0.2", 20, 62)}
HOST_MS, HOST_TTL = 30, 61


def exceeded(run, packet, at, ttl):
    """The answer to `packet` with that TTL, which reaches the router of its last hop with 1."""
    router, ms, left = ROUTERS[ttl]
    run.out(error(router, MACHINE, 11, 0, as_much_as_fits(with_ttl(packet, 1)), ttl=left), at, ms)


@scenario("ttl-exceeded")
def ttl_exceeded(run):
    for ttl in (1, 2, 3):
        for packet in (
            udp(MACHINE, HOST, 40000, 33434, b"udp", ttl=ttl, id=1),
            udp(MACHINE, HOST, 40000, 33434, b"df", ttl=ttl, id=2, flags="DF"),
            echo(MACHINE, HOST, 1, ttl, b"icmp", ttl=ttl, ip_id=3),
            tcp(MACHINE, HOST, 40000, 80, seq=1, ack=0, flags="S", window=1024, ttl=ttl, id=4),
            raw(MACHINE, HOST, b"protocol 253", ttl=ttl, id=5),
        ):
            exceeded(run, packet, run.into(packet), ttl)
    # A TTL of zero is no better than one, and is returned as it came.
    dead = udp(MACHINE, HOST, 40000, 33434, b"dead", ttl=0, id=6)
    run.out(error("10.0.0.2", MACHINE, 11, 0, dead), run.into(dead))
    # What is addressed to a router is not forwarded by it, so its TTL may end there.
    at = run.into(echo(MACHINE, "10.1.0.2", 1, 9, b"for r2", ttl=2, ip_id=7))
    run.out(echo_reply("10.1.0.2", MACHINE, 1, 9, b"for r2", ttl=63), at, 10)


@scenario("silent-time-exceeded")
def silent_time_exceeded(run):
    for ttl in (1, 2, 3):
        probe = udp(MACHINE, HOST, 40000, 33434, b"probe", ttl=ttl, id=ttl)
        at = run.into(probe)
        if ttl != 2:
            exceeded(run, probe, at, ttl)
    # Nothing but Time Exceeded is silent.
    at = run.into(echo(MACHINE, "10.1.0.2", 1, 1, b"r2", ip_id=4))
    run.out(echo_reply("10.1.0.2", MACHINE, 1, 1, b"r2", ttl=63), at, 10)
    closed = udp(MACHINE, "10.1.0.2", 40000, 33434, b"closed", ttl=9, id=5)
    run.out(error("10.1.0.2", MACHINE, 3, 3, with_ttl(closed, 8), ttl=63), run.into(closed), 10)


@scenario("traceroute-udp", captured=True)
def traceroute_udp(run):
    for at, probe in run.captured():
        ttl = IP(probe).ttl
        if ttl in ROUTERS:
            exceeded(run, probe, at, ttl)
        else:
            run.out(error(HOST, MACHINE, 3, 3, with_ttl(probe, ttl - 3), ttl=HOST_TTL), at, HOST_MS)


@scenario("traceroute-icmp", captured=True)
def traceroute_icmp(run):
    for at, probe in run.captured():
        sent = IP(probe)
        if sent.ttl in ROUTERS:
            exceeded(run, probe, at, sent.ttl)
        else:
            run.out(echo_reply(HOST, MACHINE, sent[ICMP].id, sent[ICMP].seq, payload_of(probe)[8:],
                               ttl=HOST_TTL), at, HOST_MS)


@scenario("traceroute-tcp", captured=True)
def traceroute_tcp(run):
    for at, probe in run.captured():
        sent = IP(probe)
        if sent.ttl in ROUTERS:
            exceeded(run, probe, at, sent.ttl)
        else:  # RFC 9293 section 3.10.7.1: a SYN counts as one
            run.out(tcp(HOST, MACHINE, 80, sent[TCP].sport, seq=0, ack=sent[TCP].seq + 1,
                        flags="RA", window=0, ttl=HOST_TTL), at, HOST_MS)
