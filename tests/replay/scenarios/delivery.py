"""What is for a node itself: UDP, TCP and protocols that nobody speaks.

RFC 1122 sections 3.2.2.1 and 4.1.3, RFC 1812 section 4.3.2.4, RFC 9293 section 3.10.7.1."""

from scapy.all import IP, UDP

from scenarios import scenario
from scenarios.packets import (
    MACHINE, R1, R1_FAR, WEB, error, fragments, payload_of, raw, tcp, udp, with_ttl,
)

WEB_TTL = 63  # what r1 leaves of web's 64


@scenario("port-unreachable")
def port_unreachable(run):
    def refused(probe, source, tos=0xC0):
        run.out(error(source, MACHINE, 3, 3, probe, tos=tos), run.into(probe))

    refused(udp(MACHINE, R1, 40000, 33434, b"closed", id=1), R1)
    refused(udp(MACHINE, R1, 40000, 1, b"", id=2), R1)
    refused(udp(MACHINE, R1, 40000, 65535, b"no sum", sum=0, id=3), R1)
    refused(udp(MACHINE, R1, 40000, 33434, b"df", flags="DF", id=4), R1)
    refused(udp(MACHINE, R1, 40000, 33434, b"ttl 1", ttl=1, id=5), R1)
    # The error leaves by the interface towards this machine and has that interface's address.
    refused(udp(MACHINE, R1_FAR, 40000, 33434, b"other side", id=6), R1)
    # Precedence 6, the TOS bits of the packet, no ECN.
    for tos, becomes in ((0x10, 0xD0), (0x1F, 0xDC), (0xFF, 0xDC), (0x03, 0xC0), (0x2E << 2, 0xD8)):
        refused(udp(MACHINE, R1, 40000, 33434, b"tos", tos=tos, id=7), R1, tos=becomes)
    # At a host behind the router the packet arrives with one hop less.
    probe = udp(MACHINE, WEB, 40000, 33434, b"at the host", ttl=64, id=8)
    run.out(error(WEB, MACHINE, 3, 3, with_ttl(probe, 63), ttl=WEB_TTL), run.into(probe))
    # A host's errors have a TOS of zero (RFC 1122 section 3.2.2).
    probe = udp(MACHINE, WEB, 40000, 33434, b"tos at the host", tos=0xFF, ttl=64, id=9)
    run.out(error(WEB, MACHINE, 3, 3, with_ttl(probe, 63), ttl=WEB_TTL, tos=0xC0), run.into(probe))


@scenario("protocol-unreachable")
def protocol_unreachable(run):
    for protocol in (0, 132, 253, 255):
        probe = raw(MACHINE, R1, b"who speaks this?", protocol=protocol, id=protocol)
        run.out(error(R1, MACHINE, 3, 2, probe), run.into(probe))
        probe = raw(MACHINE, WEB, b"", protocol=protocol, ttl=9, id=protocol)
        run.out(error(WEB, MACHINE, 3, 2, with_ttl(probe, 8), ttl=WEB_TTL), run.into(probe))


@scenario("tcp-reset")
def tcp_reset(run):
    def sent(seq, ack, flags, data=b"", destination=R1):
        return run.into(tcp(MACHINE, destination, 40000, 80, seq=seq, ack=ack, flags=flags,
                            window=1024, data=data, tos=0x10, id=1))

    def reset(at, seq, ack, flags, source=R1, ttl=64):
        run.out(tcp(source, MACHINE, 80, 40000, seq=seq, ack=ack, flags=flags, window=0,
                    tos=0x10, ttl=ttl), at)

    # Without ACK: <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>; SYN and FIN count as one each.
    reset(sent(1000, 0, "S"), 0, 1001, "RA")
    reset(sent(1000, 0, "S", b"early"), 0, 1006, "RA")
    reset(sent(0xFFFFFFFF, 0, "S"), 0, 0, "RA")
    reset(sent(1000, 0, "F"), 0, 1001, "RA")
    reset(sent(1000, 0, 0, b"data"), 0, 1004, "RA")
    # With ACK: <SEQ=SEG.ACK><CTL=RST>.
    reset(sent(1000, 77, "A"), 77, 0, "R")
    reset(sent(1000, 0x80000001, "PA", b"data"), 0x80000001, 0, "R")
    reset(sent(1000, 78, "SA"), 78, 0, "R")
    # A reset is not answered.
    sent(1000, 0, "R")
    sent(1000, 77, "RA")
    reset(sent(5, 0, "S", destination=WEB), 0, 6, "RA", source=WEB, ttl=WEB_TTL)


@scenario("udp-echo")
def udp_echo(run):
    for data in (b"", b"a", b"odd", b"hop, hop!" * 100):
        at = run.into(udp(MACHINE, WEB, 40000, 7, data, id=1))
        run.out(udp(WEB, MACHINE, 7, 40000, data, ttl=WEB_TTL), at)
    # The answer has a checksum even when the question had none.
    at = run.into(udp(MACHINE, WEB, 40000, 7, b"no sum", sum=0, id=2))
    run.out(udp(WEB, MACHINE, 7, 40000, b"no sum", ttl=WEB_TTL), at)
    # A checksum that computes to zero is sent as ones (RFC 768).
    data = payload_of(udp(MACHINE, WEB, 40000, 7, b"\0\0"))[6:8]
    assert payload_of(udp(MACHINE, WEB, 40000, 7, data))[6:8] == b"\xff\xff"
    at = run.into(udp(MACHINE, WEB, 40000, 7, data, id=3))
    run.out(udp(WEB, MACHINE, 7, 40000, data, ttl=WEB_TTL), at)
    run.into(udp(MACHINE, WEB, 40000, 9, b"a sink says nothing", id=4))


@scenario("udp-socket", captured=True)
def udp_socket(run):
    sent = run.captured()
    for at, question in sent[:3]:
        asked = IP(question)[UDP]
        run.out(udp(WEB, MACHINE, 7, asked.sport, bytes(asked.payload), ttl=WEB_TTL), at)
    # The kernel cut the last one in three; so does the answer, all at once when it is complete.
    at, asked = sent[-1][0], IP(sent[3][1])[UDP]
    data = b"".join(payload_of(packet) for _, packet in sent[3:])[8:]
    assert len(data) == 3072
    for piece in fragments(udp(WEB, MACHINE, 7, asked.sport, data, ttl=WEB_TTL), [1480, 1480, 120]):
        run.out(piece, at)
