#!/usr/bin/env python3
"""Captures what the kernel and its clients send, as input of the replays.

    unshare -Urn tests/replay/capture.py [NAME...]

makes a TUN device in the fresh network namespace that it is run in, starts a client, and writes
what comes out of the device to NAME.pcap beside this file. Nothing answers the client."""

import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # this folder is source

import pcap  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
QUIET = 1.0  # seconds without a packet after which a capture is complete

ROUTER, OWN, FAR, OTHER_SIDE = "10.0.0.2", "10.0.0.1", "10.3.0.9", "10.9.0.1"
NAMES_ROUTERS = f"tsprespec 10.1.0.1 10.1.0.2 {OTHER_SIDE}"


def udp_socket():
    """Datagrams from a plain socket, the last one larger than the MTU."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.bind((OWN, 40007))
        for payload in (b"", b"a", b"hop, hop!", bytes(range(256)) * 12):
            client.sendto(payload, ("10.1.0.9", 7))
            time.sleep(0.05)


def ping(*arguments):
    return ["ping", "-n", "-W", "0.2", *arguments]


def traceroute(*arguments):
    return ["traceroute", "-n", "-q", "1", "-m", "5", "-w", "0.2", *arguments, FAR]


CAPTURES = {
    "ping": [ping("-c", "1", "-s", size, FAR) for size in ("0", "1", "56", "1472")]
    + [ping("-c", "3", "-i", "0.05", "-Q", "0x10", FAR)],
    "ping-65507": [ping("-c", "1", "-s", "65507", ROUTER)],
    "traceroute-udp": [traceroute()],
    "traceroute-icmp": [traceroute("-I")],
    "traceroute-tcp": [traceroute("-T", "-p", "80")],
    "udp-socket": [udp_socket],
    "ping-record-route": [ping("-c", "1", "-R", OTHER_SIDE)],
    "ping-timestamp": [
        ping("-c", "1", "-T", *mode.split(), OTHER_SIDE)
        for mode in ("tsonly", "tsandaddr", NAMES_ROUTERS)
    ],
}


def open_tun():
    """A TUN device with this machine's address and a route to everything behind it."""
    tun = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"tun0", IFF_TUN | IFF_NO_PI))
    for command in (
        "ip link set lo up",
        f"ip address add {OWN}/24 dev tun0",
        "ip link set tun0 up",
        "ip route add 10.0.0.0/8 dev tun0",
    ):
        subprocess.run(command.split(), check=True)
    return tun


def read_until_quiet(tun, client):
    """(nanoseconds, packet) of every IPv4 packet until the client is done and nothing comes."""
    packets = []
    while True:
        ready, _, _ = select.select([tun], [], [], QUIET)
        if ready:
            packet = os.read(tun, 65536)
            if packet[0] >> 4 == 4:
                packets.append((time.time_ns(), packet))
        elif client.poll() is not None:
            return packets


def start(client):
    if callable(client):
        return subprocess.Popen([sys.executable, __file__, "--client", client.__name__])
    return subprocess.Popen(client, stdout=subprocess.DEVNULL)


def main(arguments):
    if arguments[:1] == ["--client"]:
        return globals()[arguments[1]]()
    tun = open_tun()
    for name in arguments or CAPTURES:
        packets = []
        for client in CAPTURES[name]:
            packets += read_until_quiet(tun, start(client))
        pcap.write(os.path.join(HERE, f"{name}.pcap"), packets)
        print(f"{name}.pcap: {len(packets)} packets")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
