"""TCP between two namespaces through different routers, all of which are there at once."""

import json
import subprocess

from .laboratory import Laboratory, Unavailable, has_carrier
from .programs import Programs

LEFT, RIGHT = "10.1.0", "10.2.0"
PORT = "5201"


class TcpRoutes:
    """hop, the bare relay with and without super-packets, and the kernel, as routers."""

    def __init__(self, laboratory: Laboratory, programs: Programs):
        self._laboratory, self._programs = laboratory, programs
        self._left: dict[str, str] = {}
        self._add("hop", self._route_by_hop)
        self._add("relay of super-packets", lambda *ends: self._route_by_relay(*ends, "--super-packets"))
        self._add("plain relay", self._route_by_relay)
        self._add("kernel on veth", self._route_by_kernel)

    def measure(self, seconds: str) -> dict[str, float]:
        """Gbit/s by each router."""
        return {name: self._throughput(left, seconds) for name, left in self._left.items()}

    def _add(self, name: str, route) -> None:
        short = f"tcp{len(self._left)}"
        left, right = self._laboratory.namespace(f"{short}l"), self._laboratory.namespace(f"{short}r")
        route(left, right, short)
        self._laboratory.start(right, None, "iperf3", "--server", "--port", PORT)
        self._left[name] = left

    def _throughput(self, left: str, seconds: str) -> float:
        command = self._laboratory.command(left, None, "iperf3", "--client", f"{RIGHT}.2", "--port",
                                           PORT, "--time", str(max(1, round(float(seconds)))), "--json")
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        result = json.loads(done.stdout or "{}")
        if done.returncode != 0 or "error" in result:
            raise Unavailable(f"iperf3 failed: {result.get('error', done.stderr.strip())}")
        return result["end"]["sum_received"]["bits_per_second"] / 1e9

    # ---- routers

    def _route_by_hop(self, left: str, right: str, short: str) -> None:
        file = self._laboratory.directory / f"{short}.yaml"
        file.write_text(f"""
tuns:
  west: {{ address: {LEFT}.2/24, netns: {left} }}
  east: {{ address: {RIGHT}.2/24, netns: {right} }}
nodes: {{ r1: {{}} }}
links:
  - endpoints: [west, {{ node: r1, address: {LEFT}.1/24 }}]
  - endpoints: [{{ node: r1, address: {RIGHT}.1/24 }}, east]
""")
        middle = self._laboratory.namespace(f"{short}m")
        self._laboratory.start_hop(middle, None, *self._programs.hop_up(str(file)))

    def _route_by_relay(self, left: str, right: str, short: str, *options: str) -> None:
        """The relay makes its devices where it runs; they are moved."""
        lab, middle = self._laboratory, self._laboratory.namespace(f"{short}m")
        process = lab.start(middle, None, str(self._programs.bare), "relay", "west", "east", *options)
        for device, end, address, beyond in (("west", left, LEFT, RIGHT), ("east", right, RIGHT, LEFT)):
            lab.wait_for(process, "bare relay", lambda: is_there(middle, device))
            lab.ip(middle, f"link set {device} netns {end}")
            lab.ip(end, f"addr add {address}.2/24 dev {device}",
                   f"link set {device} up txqueuelen 1000", f"route add {beyond}.0/24 dev {device}")
            lab.wait_for(process, "bare relay", lambda: has_carrier(end, device))

    def _route_by_kernel(self, left: str, right: str, short: str) -> None:
        lab, middle = self._laboratory, self._laboratory.namespace(f"{short}m")
        lab.sysctl(middle, "net.ipv4.ip_forward=1")
        for device, end, address, beyond in (("west", left, LEFT, RIGHT), ("east", right, RIGHT, LEFT)):
            lab.ip(middle, f"link add {device} type veth peer name {device} netns {end}",
                   f"addr add {address}.1/24 dev {device}", f"link set {device} up")
            lab.ip(end, f"addr add {address}.2/24 dev {device}", f"link set {device} up",
                   f"route add {beyond}.0/24 via {address}.1")


def is_there(namespace: str, device: str) -> bool:
    """Has the device been made?"""
    return subprocess.run(("ip", "-n", namespace, "link", "show", "dev", device),
                          capture_output=True, check=False).returncode == 0
