"""Much data between two ends, for tests: TCP and UDP, and what the receiver's device shows of it.

    bulk.py receive DEVICE PORT              TCP: says 'ready', then in JSON what came
    bulk.py send ADDRESS PORT [COMMAND...]   the same data always; COMMAND is run in the middle
    bulk.py receive-datagrams PORT COUNT
    bulk.py send-datagrams ADDRESS PORT SIZE SEGMENT [TTL]
                                             one datagram, cut by the kernel or behind it (UDP_SEGMENT);
                                             with a TTL, what ICMP quotes of it
"""

import hashlib
import json
import random
import socket
import struct
import subprocess
import sys

SIZE = 3_000_000
ETH_P_IP, PACKET_AUXDATA, TP_STATUS_CSUMNOTREADY = 0x0800, 8, 1 << 3
SOL_PACKET, UDP_SEGMENT, IP_MTU_DISCOVER, IP_PMTUDISC_DONT = 263, 103, 10, 0


def data(size: int = SIZE) -> bytes:
    """What is sent."""
    return random.Random(20261130).randbytes(size)


def digest(content: bytes) -> str:
    """By which it is known again."""
    return hashlib.sha256(content).hexdigest()


def sum_of(content: bytes) -> int:
    """The ones' complement sum of RFC 1071; 0xffff over what includes a right checksum."""
    content += b"\0" * (len(content) % 2)
    total = sum(struct.unpack(f"!{len(content) // 2}H", content))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def is_right(packet: bytes) -> bool:
    """Are both checksums of a TCP or UDP packet right?"""
    header, (length,) = (packet[0] & 15) * 4, struct.unpack_from("!H", packet, 2)
    segment = packet[header:]
    pseudo = packet[12:20] + struct.pack("!HH", packet[9], len(segment))
    return length == len(packet) and sum_of(packet[:header]) == 0xFFFF == sum_of(pseudo + segment)


class Sniffer:
    """What comes in by a device, as a capture there would show it."""

    def __init__(self, device: str):
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
        self._socket.bind((device, ETH_P_IP))
        self._socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        self._socket.setblocking(False)
        self.largest, self.wrong, self.seen, self.ttls = 0, 0, 0, set()

    def look(self) -> None:
        """At all that came since."""
        try:
            while True:
                self._judge(*self._socket.recvmsg(1 << 17, 1024))
        except BlockingIOError:
            return

    def _judge(self, packet: bytes, ancillary: list, _flags: int, address: tuple) -> None:
        if address[2] == socket.PACKET_OUTGOING:
            return
        (status,) = struct.unpack_from("=I", ancillary[0][2])
        self.seen += 1
        self.largest = max(self.largest, len(packet))
        self.ttls.add(packet[8])
        if not status & TP_STATUS_CSUMNOTREADY and not is_right(packet):
            self.wrong += 1

    def told(self) -> dict:
        """As JSON has it."""
        return {"largest": self.largest, "wrong": self.wrong, "seen": self.seen,
                "ttls": sorted(self.ttls)}


def receive(device: str, port: str) -> None:
    """One connection to its end."""
    with socket.create_server(("", int(port))) as server:
        sniffer = Sniffer(device)
        print("ready", flush=True)
        connection, _ = server.accept()
        content = b""
        while piece := connection.recv(1 << 16):
            content += piece
            sniffer.look()
        sniffer.look()
    print(json.dumps({"same": digest(content) == digest(data()), **sniffer.told()}), flush=True)


def send(address: str, port: str, *command: str) -> None:
    """All of it, with a command in the middle."""
    with socket.create_connection((address, int(port))) as connection:
        content = data()
        connection.sendall(content[:SIZE // 2])
        if command:
            subprocess.run(command, check=True)
        connection.sendall(content[SIZE // 2:])


def receive_datagrams(port: str, count: str) -> None:
    """So many, and no more."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("", int(port)))
        print("ready", flush=True)
        datagrams = [receiver.recv(1 << 16) for _ in range(int(count))]
    content = b"".join(datagrams)
    print(json.dumps({"sizes": [len(datagram) for datagram in datagrams],
                      "same": content == data(len(content))}), flush=True)


def send_datagrams(address: str, port: str, size: str, segment: str, ttl: str = "") -> None:
    """All by one call."""
    icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) if ttl else None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, int(segment))
        sender.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT)
        if ttl:
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, int(ttl))
        sender.sendto(data(int(size)), (address, int(port)))
    if icmp:
        count = -(-int(size) // int(segment))
        print(json.dumps([quoted(icmp.recv(1 << 16)) for _ in range(count)]))


def quoted(packet: bytes) -> dict:
    """What an ICMP error says of the datagram that it is about, all of which it has."""
    header = (packet[0] & 15) * 4
    quote = packet[header + 8:]
    return {"type": packet[header], "code": packet[header + 1], "length": len(quote),
            "right": is_right(quote), "id": struct.unpack_from("!H", quote, 4)[0]}


COMMANDS = {"receive": receive, "send": send, "receive-datagrams": receive_datagrams,
            "send-datagrams": send_datagrams}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](*sys.argv[2:])
