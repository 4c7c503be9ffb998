"""Stacks that answer the generator: each in a namespace of its own, where they stay, idle, until all
is done, so that rounds can be interleaved without starting anything."""

import json
import signal
import subprocess

from .laboratory import (GENERATOR_CPU, STACK_CPU, Laboratory, Unavailable, cpu_nanoseconds,
                         has_carrier, mac_address)
from .programs import Programs

# The router that the bare loops are, too: 10.0.0.2, with everything else where it came from.
ONE_ROUTER = """
routing: static
tuns: { tun0: { address: 10.0.0.1/24 } }
nodes: { r1: { icmp: { rate: unlimited, redirects: false } } }
links: [ { endpoints: [tun0, { node: r1, address: 10.0.0.2/24 }] } ]
routes: { r1: [ { to: 10.9.0.0/16, via: 10.0.0.1 } ] }
"""

CHAIN_LENGTH = 100
CHAIN_END = "10.200.0.2"


def chain_topology() -> str:
    """CHAIN_LENGTH routers behind each other, and a host that answers with TTL 255."""
    routers = [f"r{i}" for i in range(CHAIN_LENGTH)]
    links = "\n".join(f"  - endpoints: [{one}, {other}]"
                      for one, other in zip(["tun0"] + routers, routers))
    return f"""
tuns: {{ tun0: {{ address: 10.0.0.1/24 }} }}
nodes:
{chr(10).join(f"  {router}: {{}}" for router in routers)}
  end: {{ kind: host, icmp: {{ ttl: 255 }} }}
links:
{links}
  - endpoints: [{{ node: {routers[-1]}, address: 10.200.0.1/24 }}, {{ node: end, address: {CHAIN_END}/24 }}]
"""


class Stack:
    """Something that answers packets of the generator, which runs in `namespace`."""

    process: subprocess.Popen | None = None
    arguments: tuple[str, ...] = ()  # of the generator

    def __init__(self, laboratory: Laboratory, programs: Programs, namespace: str):
        self._laboratory = laboratory
        self._generator = str(programs.generator)
        self.namespace = namespace

    def measure(self, *arguments: str) -> dict[str, float]:
        """Figures of the generator, and the time of processors that the stack took for a packet."""
        before = cpu_nanoseconds(self.process) if self.process else 0
        command = self._laboratory.command(self.namespace, GENERATOR_CPU, self._generator, "--json",
                                           *self.arguments, *arguments)
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode not in (0, 1):  # 1: there were wrong answers, which the figures tell
            raise Unavailable(f"the generator failed: {done.stderr.strip()}")
        figures = json.loads(done.stdout)
        if self.process:
            figures["cpu_ns"] = cpu_nanoseconds(self.process) - before
        return figures


class TunStack(Stack):
    """A process that has the device tun0."""

    mode = "tun"
    cpus = STACK_CPU

    def __init__(self, laboratory: Laboratory, programs: Programs, name: str):
        super().__init__(laboratory, programs, laboratory.namespace(name))
        laboratory.ip(self.namespace, f"tuntap add dev tun0 mode {self.mode}", "addr add 10.0.0.1/24 dev tun0",
                      "link set tun0 up txqueuelen 1000")
        laboratory.sink(self.namespace, "tun0")

    def start(self, command: list[str]) -> "TunStack":
        """Some program, once it has the device."""
        self.process = self._laboratory.start(self.namespace, self.cpus, *command)
        self._laboratory.wait_for(self.process, command[0],
                                  lambda: has_carrier(self.namespace, "tun0"))
        return self

    def start_hop(self, command: list[str], topology: str) -> "TunStack":
        """hop with a topology."""
        file = self._laboratory.directory / f"{self.namespace}.yaml"
        file.write_text(topology)
        self.process = self._laboratory.start_hop(self.namespace, self.cpus, *command, str(file))
        return self


class WorkersStack(TunStack):
    """One with several threads, which share the processors with the generator."""

    mode = "tun multi_queue"
    cpus = f"{GENERATOR_CPU},{STACK_CPU}"


class SpinningStack(TunStack):
    """One that would take a processor from the others while it is not measured, or for a while after
    that."""

    def start(self, command: list[str]) -> "SpinningStack":
        super().start(command)
        self.process.send_signal(signal.SIGSTOP)
        return self

    def start_hop(self, command: list[str], topology: str) -> "SpinningStack":
        super().start_hop(command, topology)
        self.process.send_signal(signal.SIGSTOP)
        return self

    def measure(self, *arguments: str) -> dict[str, float]:
        self.process.send_signal(signal.SIGCONT)
        try:
            return super().measure(*arguments)
        finally:
            self.process.send_signal(signal.SIGSTOP)


def steer_to_stack_cpu(laboratory: Laboratory, namespace: str, device: str) -> None:
    """The kernel works on what the device receives where other stacks run (RPS)."""
    mask = f"{1 << int(STACK_CPU):x}"
    path = f"/sys/class/net/{device}/queues/rx-0/rps_cpus"
    subprocess.run(("ip", "netns", "exec", namespace, "tee", path), input=mask, text=True,
                   stdout=subprocess.DEVNULL, check=True)


class KernelStack(Stack):
    """The kernel's own stack behind a veth; what it forwards comes back by another."""

    def __init__(self, laboratory: Laboratory, programs: Programs):
        super().__init__(laboratory, programs, laboratory.namespace("kernel-near"))
        near, far = self.namespace, laboratory.namespace("kernel-far")
        laboratory.ip(near, f"link add out type veth peer name in netns {far}",
                      f"link add back type veth peer name on netns {far}",
                      "addr add 10.0.0.1/24 dev out", "link set out up", "link set back up")
        laboratory.ip(far, "addr add 10.0.0.2/24 dev in", "addr add 10.9.255.254/16 dev on",
                      "link set in up", "link set on up",
                      f"neigh replace 10.0.0.1 lladdr {mac_address(near, 'out')} dev in nud permanent",
                      f"neigh replace 10.9.0.1 lladdr {mac_address(near, 'back')} dev on nud permanent")
        laboratory.sysctl(far, "net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0",
                          "net.ipv4.icmp_msgs_per_sec=100000000", "net.ipv4.icmp_msgs_burst=100000000")
        steer_to_stack_cpu(laboratory, far, "in")
        laboratory.sink(near, "out", "back")
        self.arguments = ("--device", "out", "--gateway", mac_address(far, "in"))

    def measure(self, *arguments: str) -> dict[str, float]:
        forwards = ("--answers", "back") if "forward" in arguments else ()
        return super().measure(*forwards, *arguments)


class NamespaceChain(Stack):
    """CHAIN_LENGTH namespaces as routers between a first, where the generator is, and a last, which
    answers. Link number i is 10.100.i.0/24, from .1 in namespace i to .2 in the next. All happens on
    the processor of the generator, where sending goes on to receiving. Steered to another (RPS) it is
    work of a kernel thread, for which a flood leaves no time."""

    def __init__(self, laboratory: Laboratory, programs: Programs):
        super().__init__(laboratory, programs, laboratory.namespace("chain0"))
        names = [self.namespace]
        for i in range(CHAIN_LENGTH + 1):
            names.append(laboratory.namespace(f"chain{i + 1}"))
            self._join(names[i], names[i + 1], i)
        for i, name in enumerate(names):
            laboratory.ip(name, *self._routes(i))
        laboratory.sink(self.namespace, "right")
        self.end = f"10.100.{CHAIN_LENGTH}.2"
        self.arguments = ("--device", "right", "--gateway", mac_address(names[1], "left"), "--from",
                          "10.100.0.1")

    def _join(self, near: str, far: str, i: int) -> None:
        """Neighbours are known from the start: a flood would not let ARP find them."""
        one, other = (f"02:00:00:00:{i:02x}:{end:02x}" for end in (1, 2))
        lab = self._laboratory
        lab.ip(near, f"link add right address {one} type veth peer name left address {other} netns {far}",
               f"addr add 10.100.{i}.1/24 dev right", "link set right up",
               f"neigh replace 10.100.{i}.2 lladdr {other} dev right nud permanent")
        lab.ip(far, f"addr add 10.100.{i}.2/24 dev left", "link set left up",
               f"neigh replace 10.100.{i}.1 lladdr {one} dev left nud permanent")
        lab.sysctl(far, "net.ipv4.ip_forward=1", "net.ipv4.ip_default_ttl=255")

    @staticmethod
    def _routes(i: int) -> list[str]:
        ahead = [f"route add default via 10.100.{i}.2"] if i <= CHAIN_LENGTH else []
        back = [f"route add 10.100.0.0/24 via 10.100.{i - 1}.1"] if i > 1 else []
        return ahead + back
