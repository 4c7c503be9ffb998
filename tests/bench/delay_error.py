#!/usr/bin/env python3
"""How exact delays are on a real TUN, idle and at half load.

    tests/bench/delay_error.py HOP [PROBES]

Probes go by UDP to an echo port behind a plain link and to one behind a link with a delay, in turn.
The error of a probe is its round trip, less what was written, less the median round trip without a
delay at the same load. Half load is half of what a closed loop gets through by itself. Prints the
median and the 99th percentile of each.
"""

import os
import pathlib
import select
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

TOPOLOGY = """
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes:
  r1: {}
  near: { kind: host, udp: { echo: [7] } }
  far: { kind: host, udp: { echo: [7] } }
links:
  - endpoints: [tun0, r1]
  - { endpoints: [r1, { node: near, address: 10.0.1.2/24 }] }
  - { endpoints: [r1, { node: far, address: 10.0.2.2/24 }], delay: 5ms }
"""
NEAR, FAR = ("10.0.1.2", 7), ("10.0.2.2", 7)
WRITTEN = 10_000_000  # nanoseconds of delay in a round trip to FAR
SO_TIMESTAMPNS = 35  # <asm-generic/socket.h>
WINDOW = 32  # packets under way at full load
PATIENCE = 5  # seconds; a probe that is lost ends the measurement


def round_trip(probe: socket.socket, to: tuple[str, int]) -> int:
    """Nanoseconds until the kernel has the echo: that this program wakes up late is not counted."""
    sent = time.time_ns()
    probe.sendto(b"probe", to)
    _, extras, _, _ = probe.recvmsg(64, 64)
    seconds, nanoseconds = struct.unpack("qq", extras[0][2])
    return seconds * 10**9 + nanoseconds - sent


def probe_socket() -> socket.socket:
    """A UDP socket that gives up some time."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.settimeout(PATIENCE)
    probe.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    return probe


def load(rate: float) -> None:
    """Sends `rate` packets a second to NEAR, those of a millisecond at once, and takes the echoes; 0
    for as fast as they come back. Tells how many a second came back when standard input ends."""
    flow = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    os.set_blocking(0, False)
    back, sent, began = 0, 0, time.perf_counter()
    while not ended():
        due = (time.perf_counter() - began) * rate if rate else back + WINDOW
        for _ in range(int(due) - sent):
            flow.sendto(bytes(64), NEAR)
            sent += 1
        while select.select([flow], [], [], 0.001)[0]:
            flow.recv(128)
            back += 1
            if rate == 0:
                break
    print(back / (time.perf_counter() - began))


def ended() -> bool:
    """Has standard input ended?"""
    try:
        return os.read(0, 1) == b""
    except BlockingIOError:
        return False


class Load:
    """A loaded network while the `with` block runs; the rate that was reached afterwards."""

    def __init__(self, rate: float):
        self._process = subprocess.Popen((sys.executable, __file__, "--load", str(rate)), text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.rate = 0.0

    def __enter__(self) -> "Load":
        return self

    def __exit__(self, *_: object) -> None:
        self.rate = float(self._process.communicate()[0])


def measure(name: str, probes: int) -> None:
    """One line of the result."""
    probe = probe_socket()
    pairs = [(round_trip(probe, NEAR), round_trip(probe, FAR)) for _ in range(probes)]
    base = statistics.median(near for near, _ in pairs)
    for what, errors in (("without delay", sorted(near - base for near, _ in pairs)),
                         ("with delay", sorted(far - WRITTEN - base for _, far in pairs))):
        print(f"{name:12} {what:14} median {statistics.median(errors) / 1000:8.1f} us   "
              f"99th percentile {errors[len(errors) * 99 // 100] / 1000:8.1f} us   "
              f"least {errors[0] / 1000:8.1f} us   (base {base / 1000:.1f} us)")


def inside(probes: int) -> None:
    """In the namespace of `hop run`."""
    measure("idle", probes)
    with Load(0) as full:
        time.sleep(2)
    with Load(full.rate / 2) as half:
        measure("half load", probes)
    print(f"full load {full.rate:.0f} packets/s in a closed loop, half {half.rate:.0f}")


def main() -> None:
    """Starts the network and itself in it."""
    if sys.argv[1] == "--load":
        return load(float(sys.argv[2]))
    if sys.argv[1] == "--inside":
        return inside(int(sys.argv[2]))
    probes = sys.argv[2] if len(sys.argv) > 2 else "1000"
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "lab.yaml"
        file.write_text(TOPOLOGY)
        sys.exit(subprocess.run((sys.argv[1], "run", str(file), "--", sys.executable, __file__,
                                 "--inside", probes), check=False).returncode)


if __name__ == "__main__":
    main()
