"""The kernel as the router between two TUN devices. Runs inside a namespace of its own.

    unshare -Urn python3 router.py < IN > OUT

IN and OUT are captures (see records.py): what the kernel sends because of the packets of a case comes
out under the number of that case.
"""

import fcntl
import os
import pathlib
import select
import struct
import subprocess
import sys

import topology
from records import read_records, write_records

TUNSETIFF, IFF_TUN = 0x400454CA, 0x0001
IPV4 = b"\0\0\x08\0"  # in front of each packet: no flags, its protocol
PATIENCE = 30  # seconds; a safety net, never a measure

# Limits that would make answers depend on time or on each other are lifted.
SYSCTLS = {
    "ip_forward": 1,
    "icmp_ratelimit": 0,
    "icmp_ratemask": 0,
    "icmp_msgs_per_sec": 1_000_000,
    "icmp_msgs_burst": 1_000_000,
    "conf/all/accept_source_route": 1,
    "conf/all/rp_filter": 0,
    "conf/default/rp_filter": 0,
    "conf/all/log_martians": 0,
    "conf/all/send_redirects": 1,
}


def set_sysctl(name: str, value: int) -> None:
    """Older kernels have the limits of ICMP for the whole machine only; they would decide what is
    answered."""
    path = pathlib.Path("/proc/sys/net/ipv4", name)
    if not path.exists():
        sys.exit(f"this kernel has no net.ipv4.{name} for each network namespace: it cannot be compared")
    path.write_text(f"{value}\n", encoding="ascii")


def ip(*arguments: str) -> None:
    subprocess.run(("ip", *arguments), check=True, env={**os.environ, "PATH": "/usr/sbin:/sbin:/usr/bin:/bin"})


def open_tun(name: str) -> int:
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN))
    return descriptor


def set_up() -> list[int]:
    """The devices and routes of the topology; gives the devices, left first."""
    ip("link", "set", "lo", "up")
    for name, value in SYSCTLS.items():
        set_sysctl(name, value)
    devices = []
    for link in topology.LINKS:
        devices.append(open_tun(link.name))
        set_sysctl(f"conf/{link.name}/accept_source_route", 1)
        ip("-6", "addr", "flush", "dev", link.name)
        ip("addr", "add", f"{link.router}/{link.length}", "dev", link.name)
        ip("link", "set", link.name, "mtu", str(link.mtu), "txqueuelen", "10000", "up")
    for route in topology.ROUTES:
        if route.via:
            ip("route", "add", route.to, "via", route.via)
        else:
            ip("route", "add", route.type, route.to)
    return devices


def read_packet(devices: list[int]) -> bytes:
    """The next packet, of the last device first: the sentinel's reply is on the first one."""
    ready, _, _ = select.select(devices[::-1], [], [], PATIENCE)
    if not ready:
        raise TimeoutError("the kernel does not answer the sentinel")
    return os.read(ready[0], 65536 + len(IPV4))


def answers(devices: list[int], number: int, packet: bytes) -> list[bytes]:
    """What the kernel sends because of a packet: all that comes before the sentinel's reply."""
    os.write(devices[0], IPV4 + packet)
    os.write(devices[0], IPV4 + topology.sentinel(number))
    heard = []
    while True:
        answer = read_packet(devices)
        if not answer.startswith(IPV4):  # the kernel greets new devices by IPv6
            continue
        if topology.is_sentinels_reply(answer[len(IPV4):], number):
            return heard
        heard.append(answer[len(IPV4):])


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one queue, one order
    devices = set_up()
    out = []
    for number, (case, packet) in enumerate(read_records(sys.stdin.buffer.read())):
        out += [(case, answer) for answer in answers(devices, number, packet)]
    sys.stdout.buffer.write(write_records(out))


if __name__ == "__main__":
    main()
