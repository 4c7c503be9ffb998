"""Scapy as an encoder: it fills in lengths and checksums, every other field is an argument."""

import struct

from scapy.all import ICMP, IP, TCP, UDP, Raw
from scapy.utils import checksum

ICMP_PROTOCOL, TCP_PROTOCOL, UDP_PROTOCOL, EXPERIMENT = 1, 6, 17, 253

# The addresses of the topologies: this machine, the routers towards it, the hosts at the end.
MACHINE = "10.0.0.1"
R1 = "10.0.0.2"  # towards the machine
R1_FAR = "10.1.0.1"  # towards r2 or web
WEB = "10.1.0.9"  # behind r1 alone

# ICMP errors have precedence 6 (RFC 1812 section 4.3.2.5).
ERROR_TOS = 0xC0


def ip(src, dst, protocol, payload, *, ttl=64, tos=0, id=0, flags=0, offset=0, options=b""):
    """An IPv4 packet; `offset` in bytes, `flags` as scapy writes them, options padded with EOL."""
    options += bytes(-len(options) % 4)
    blank = IP(version=4, src=src, dst=dst, proto=protocol, ttl=ttl, tos=tos, id=id, flags=flags,
               frag=offset // 8, ihl=5 + len(options) // 4, len=20 + len(options) + len(payload),
               chksum=0)
    return resummed(bytes(blank)[:20] + options + payload)


def resummed(packet, length=None):
    """The same packet with a right header checksum, over `length` bytes if IHL is a lie."""
    length = length or (packet[0] & 15) * 4
    header = packet[:10] + b"\0\0" + packet[12:length]
    return header[:10] + struct.pack("!H", checksum(header)) + packet[12:]


def with_ttl(packet, ttl):
    return resummed(packet[:8] + bytes([ttl]) + packet[9:])


def with_options(packet, options):
    """The same packet with other options of the same length."""
    return resummed(packet[:20] + options + packet[20 + len(options) :])


def payload_of(packet):
    return packet[(packet[0] & 15) * 4 :]


def fragments(packet, sizes, **first):
    """The datagram in fragments with payloads of these sizes, without options in later ones."""
    whole, cut, at = IP(packet), [], 0
    for size in sizes:
        last = at + size == len(payload_of(packet))
        header = {"ttl": whole.ttl, "tos": whole.tos, "id": whole.id}
        cut.append(ip(whole.src, whole.dst, whole.proto, payload_of(packet)[at : at + size],
                      flags=int(whole.flags) & 4 | (0 if last else 1), offset=at,
                      **(header | first if at == 0 else header)))
        at += size
    assert at == len(payload_of(packet))
    return cut


def icmp_message(type, code, rest, data=b""):
    return bytes(ICMP(type=type, code=code, chksum=0))[:4] + struct.pack("!I", rest) + data


def icmp(src, dst, type, code=0, rest=0, data=b"", **header):
    message = icmp_message(type, code, rest, data)
    message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
    return ip(src, dst, ICMP_PROTOCOL, message, **header)


def echo(src, dst, id, seq, data=b"", *, ip_id=0, **header):
    return icmp(src, dst, 8, 0, id << 16 | seq, data, id=ip_id, **header)


def echo_reply(src, dst, id, seq, data=b"", *, ip_id=0, **header):
    return icmp(src, dst, 0, 0, id << 16 | seq, data, id=ip_id, **header)


def error(src, dst, type, code, quoting, *, rest=0, ttl=64, tos=ERROR_TOS):
    """An ICMP error that returns exactly the bytes `quoting`."""
    return icmp(src, dst, type, code, rest, quoting, ttl=ttl, tos=tos, id=0)


def as_much_as_fits(packet):
    """What an error about `packet` returns: 576 bytes less 20 of IP and 8 of ICMP header."""
    return packet[:548]


def udp(src, dst, sport, dport, data=b"", *, sum=None, **header):
    """A UDP datagram; `sum` instead of the right checksum."""
    datagram = IP(src=src, dst=dst, proto=UDP_PROTOCOL, id=0, ttl=64) / UDP(
        sport=sport, dport=dport, len=8 + len(data), chksum=sum) / Raw(data)
    return ip(src, dst, UDP_PROTOCOL, bytes(datagram)[20:], **header)


def tcp(src, dst, sport, dport, *, seq, ack, flags, window, data=b"", sum=None, **header):
    segment = IP(src=src, dst=dst, proto=TCP_PROTOCOL, id=0, ttl=64) / TCP(
        sport=sport, dport=dport, seq=seq, ack=ack, dataofs=5, reserved=0, flags=flags,
        window=window, urgptr=0, options=[], chksum=sum) / Raw(data)
    return ip(src, dst, TCP_PROTOCOL, bytes(segment)[20:], **header)


def raw(src, dst, data=b"", *, protocol=EXPERIMENT, **header):
    return ip(src, dst, protocol, data, **header)


def alive(run):
    """An echo that is answered: the network that was silent until here still works."""
    at = run.into(echo(MACHINE, R1, 0xA11, 1, b"alive?", ip_id=0xA11))
    run.out(echo_reply(R1, MACHINE, 0xA11, 1, b"alive?"), at)
