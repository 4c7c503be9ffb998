"""The rows of the table: what is measured, against what, and what is to be reached."""

import json
import os
import statistics
import subprocess
from collections.abc import Callable
from typing import NamedTuple

from .laboratory import GENERATOR_CPU, STACK_CPU, Laboratory, Unavailable, resident_megabytes
from .programs import Programs
from .routed_tcp import TcpRoutes
from .stacks import (CHAIN_END, ONE_ROUTER, KernelStack, NamespaceChain, SpinningStack, Stack,
                     TunStack, WorkersStack, chain_topology)

Samples = dict[str, float]  # by contender, of one round; "hop" is among them


class Row(NamedTuple):
    """One line. With a `baseline`, the figure is hop's by that contender's; else it is hop's own."""

    work: str
    measure: Callable[[int], Samples]  # of the round with that number
    unit: str  # of the samples
    baseline: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    notes: list[str] = []

    def figure(self, samples: Samples) -> float:
        """What is held against the target."""
        return samples["hop"] / samples[self.baseline] if self.baseline else samples["hop"]

    def falls_short(self, figure: float) -> bool:
        """By its median."""
        return ((self.at_least is not None and figure < self.at_least) or
                (self.at_most is not None and figure > self.at_most))


class Suite:
    """All rows. Stacks are started when a row needs them first."""

    def __init__(self, laboratory: Laboratory, programs: Programs, rounds: int, seconds: float):
        self._laboratory, self._programs = laboratory, programs
        self._rounds, self._seconds = rounds, str(seconds)
        self._stacks: dict[str, Stack | Unavailable] = {}
        self._benchmarks: dict[str, dict[str, list[dict]]] = {}
        self._counts: dict[str, float] = {}
        self._tcp: TcpRoutes | None = None
        self.rows = [*self._device_rows(), *self._round_trip_rows(), *self._memory_rows(),
                     *self._table_rows(), *self._chain_rows(), *self._tcp_rows(), *self._size_rows()]

    # ---- stacks

    def _stack(self, name: str) -> Stack:
        """The stack of that name; what cannot be had is not tried again."""
        if name not in self._stacks:
            try:
                self._stacks[name] = self._start(name)
            except Unavailable as why:
                self._stacks[name] = why
        stack = self._stacks[name]
        if isinstance(stack, Unavailable):
            raise stack
        return stack

    def _start(self, name: str) -> Stack:
        lab, programs = self._laboratory, self._programs
        if name == "kernel":
            return KernelStack(lab, programs)
        if name == "namespaces":
            return NamespaceChain(lab, programs)
        if name == "lwIP":
            return TunStack(lab, programs, "lwip").start(programs.lwip())
        if name == "bare spin":
            return SpinningStack(lab, programs, "spin").start([str(programs.bare), "spin"])
        if name.startswith("bare "):
            loop = name.removeprefix("bare ")
            return TunStack(lab, programs, loop).start([str(programs.bare), loop])
        if name == "hop chain":
            command = programs.hop_up()
            return TunStack(lab, programs, "hop-chain").start_hop(command, chain_topology())
        options = name.removeprefix("hop").split()
        command = programs.hop_up(*options)
        kinds = {"--busy-poll": SpinningStack, "--workers": WorkersStack}
        kind = next((kinds[option] for option in options if option in kinds), TunStack)
        return kind(lab, programs, "".join(["hop"] + options)).start_hop(command, ONE_ROUTER)

    def _rates(self, contenders: dict[str, str], required: tuple[str, ...], notes: list[str],
               *arguments: str) -> Samples:
        """Thousands of packets a second by the generator; contenders that are not required may be
        missing."""
        samples = {}
        for contender, stack in contenders.items():
            try:
                figures = self._stack(stack).measure("--seconds", self._seconds, *arguments)
            except Unavailable as why:
                if contender in required:
                    raise
                note_once(notes, f"{contender}: {why}")
                continue
            if figures.get("wrong"):
                note_once(notes, f"{contender}: wrong answers")
                figures["answered_pps"] = 0 if contender == "hop" else figures["answered_pps"]
            if contender in required and figures["answered_pps"] == 0:
                raise Unavailable(f"{contender} answered nothing")
            samples[contender] = figures["answered_pps"] / 1000
            if "cpu_ns" in figures and figures["answered_pps"] > 0:
                answers = figures["answered_pps"] * float(self._seconds)
                samples[f"{contender}, ns of CPU"] = figures["cpu_ns"] / answers
        return samples

    # ---- through a TUN

    def _device_rows(self) -> list[Row]:
        baseline = "bare io_uring"
        contenders = {"hop": "hop", baseline: "bare uring", "bare epoll": "bare epoll",
                      "bare read/write": "bare rw", "lwIP": "lwIP", "kernel on veth": "kernel"}
        works = (("echo 64 B", ("--work", "echo"), 0.95), ("forward 64 B", ("--work", "forward"), 0.95),
                 ("time exceeded 64 B", ("--work", "time-exceeded"), 0.95),
                 ("echo 1400 B", ("--work", "echo", "--size", "1400"), 0.90))
        rows = []
        for work, arguments, target in works:
            for mode, more in (("flood", ()), ("window", ("--window", "256"))):
                rows.append(self._device_row(f"TUN {work}, {mode}", contenders, baseline, target,
                                             "--verify", *arguments, *more))
        rows.append(self._device_row("TUN echo 64 B, flood, --io epoll",
                                     {"hop": "hop --io epoll", "bare epoll": "bare epoll"},
                                     "bare epoll", None, "--verify"))
        for mode, more in (("flood", ()), ("window", ("--window", "256"))):
            rows.append(self._device_row(f"TUN forward 64 B, 64 flows, two workers, {mode}",
                                         {"hop": "hop --workers 2", "one worker": "hop"},
                                         "one worker", None, "--verify", "--work", "forward",
                                         "--destinations", "64", *more))
        return rows

    def _device_row(self, work: str, contenders: dict[str, str], baseline: str,
                    target: float | None, *arguments: str) -> Row:
        notes: list[str] = []
        return Row(work, lambda _: self._rates(contenders, ("hop", baseline), notes, *arguments),
                   "thousand packets/s", baseline, at_least=target, notes=notes)

    def _round_trip_rows(self) -> list[Row]:
        return [self._round_trip_row("round trip at idle", "hop", "bare epoll", 1.1),
                self._round_trip_row("round trip at idle, --busy-poll", "hop --busy-poll",
                                     "bare spin", 1.25)]

    def _round_trip_row(self, work: str, hop: str, baseline: str, target: float) -> Row:
        def measure(_: int) -> Samples:
            return {name: self._median_round_trip(stack)
                    for name, stack in (("hop", hop), (baseline, baseline))}

        return Row(work, measure, "microseconds, median", baseline, at_most=target)

    def _median_round_trip(self, stack: str) -> float:
        figures = self._stack(stack).measure("--seconds", self._seconds, "--pace", "1000")
        if figures["answered"] == 0:
            raise Unavailable(f"{stack} answered nothing")
        return figures["p50_us"]

    # ---- in memory

    def _benchmark(self, program: str, pattern: str, round_: int,
                   cpus: str = STACK_CPU) -> dict[str, dict]:
        """What Google Benchmark says of one repetition, by name. All repetitions are one run of the
        program, in random order."""
        if pattern not in self._benchmarks:
            done = subprocess.run(
                ("taskset", "-c", cpus, program, f"--benchmark_filter={pattern}",
                 f"--benchmark_repetitions={self._rounds}", "--benchmark_format=json",
                 "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.1"),
                capture_output=True, text=True, check=True)
            results: dict[str, list[dict]] = {}
            for result in json.loads(done.stdout)["benchmarks"]:
                if result["run_type"] == "iteration":
                    results.setdefault(result["run_name"].split("/iterations:")[0], []).append(result)
            self._benchmarks[pattern] = results
        return {name: runs[round_] for name, runs in self._benchmarks[pattern].items()}

    def _floor_row(self, work: str, benchmark: str, target: float) -> Row:
        """Processor time, since other work on the machine is none of it."""
        def measure(round_: int) -> Samples:
            results = self._benchmark(str(self._programs.floor_bench), f"^{benchmark}/", round_)
            each = {name.split("/")[1]: 1e9 / result["items_per_second"]
                    for name, result in results.items()}
            return {name: each[name] for name in ("hop", "floor")}

        return Row(work, measure, "ns", "floor", at_most=target)

    def _memory_rows(self) -> list[Row]:
        return [self._floor_row("in memory: forward 64 B", "forward", 2),
                self._floor_row("in memory: echo 64 B", "echo", 1.5),
                self._floor_row("in memory: echo 1400 B", "echo 1400 B", 1.5),
                self._floor_row("in memory: time exceeded 64 B", "time exceeded", 2),
                self._floor_row("in memory: forward, 1,000,000 routes", "forward 1M routes", 4),
                self._workers_row("forward"), self._workers_row("echo"),
                self._instructions_row("forward", "forward", 200),
                self._instructions_row("echo", "echo 64 B", 300),
                self._instructions_row("time-exceeded", "time exceeded", 400)]

    def _workers_row(self, work: str) -> Row:
        """Two threads, each with a router of its own as hop's workers have, and one."""
        def measure(round_: int) -> Samples:
            results = self._benchmark(str(self._programs.floor_bench), f"^workers {work}/", round_,
                                      f"{GENERATOR_CPU},{STACK_CPU}")
            rates = {name.rsplit(":", 1)[1]: result["items_per_second"] / 1e6
                     for name, result in results.items()}
            return {"hop": rates["2"], "one worker": rates["1"]}

        return Row(f"in memory: {work} 64 B, two workers", measure, "million packets/s", "one worker",
                   at_least=1.6)

    def _instructions_row(self, name: str, work: str, target: float) -> Row:
        return Row(f"instructions: {work}", lambda _: {"hop": self._instructions(name)},
                   "instructions", at_most=target)

    def _instructions(self, work: str) -> float:
        """Exact, so counted once."""
        if not self._counts:
            script = os.path.join(os.path.dirname(__file__), "../../../scripts/count-instructions")
            done = subprocess.run((script, str(self._programs.instructions)), capture_output=True,
                                  text=True, check=False)
            words = [line.split() for line in done.stdout.splitlines()]
            self._counts = {word[0]: float(word[1]) for word in words if len(word) > 1}
        if work not in self._counts:
            raise Unavailable("valgrind is missing: scripts/install-deps test")
        return self._counts[work]

    def _table_rows(self) -> list[Row]:
        program = str(self._programs.floor_bench)
        return [self._floor_row("lookup, 1,000,000 routes: random", "lookup random", 1.2),
                self._floor_row("lookup, 1,000,000 routes: in the table", "lookup in table", 1.2),
                self._floor_row("lookup, 1,000,000 routes: 4096 hot", "lookup hot", 1.2),
                self._own_row("build 1,000,000 routes", program, "build 1M routes/hop", "cpu_time", 1,
                              "ms", 1000),
                self._own_row("a route more among 1,000,000", program, "update 1M routes/hop",
                              "cpu_time", 1, "us", 1000),
                self._own_row("table of ten routes", program, "ten routes/hop", "bytes", 1, "bytes",
                              4096)]

    def _own_row(self, work: str, program: str, benchmark: str, key: str, scale: float, unit: str,
                 target: float) -> Row:
        """A figure of hop alone."""
        def measure(round_: int) -> Samples:
            result = self._benchmark(program, f"^{benchmark}", round_)[benchmark]
            return {"hop": result[key] * scale}

        return Row(work, measure, unit, at_most=target)

    # ---- networks

    def _chain_rows(self) -> list[Row]:
        program = str(self._programs.stack_bench)
        set_up = "set_up_chain/routers:1000"
        first = "set_up_chain_and_pass/hops:250/routers:1000"
        hop = "through_chain/hops:100/routers:100"
        megabyte = 1 / (1 << 20)
        return [
            self._own_row("1000 routers: set up", program, set_up, "cpu_time", 1, "ms", 10),
            self._own_row("1000 routers: memory", program, set_up, "bytes", megabyte, "MB", 10),
            self._own_row("1000 routers: set up, and a packet over 250 hops", program, first,
                          "cpu_time", 1, "ms", 10),
            Row("a hop in memory, of 100",
                lambda round_: {"hop": 1e9 / self._benchmark(program, f"^{hop}$", round_)[hop]
                                ["items_per_second"]}, "ns", at_most=50),
            self._long_way_row("flood"), self._long_way_row("window", "--window", "256")]

    def _long_way_row(self, mode: str, *arguments: str) -> Row:
        notes: list[str] = []

        def measure(_: int) -> Samples:
            end = self._stack("namespaces").end
            common = ("--verify", "--ttl", "255", *arguments)
            samples = self._rates({"hop": "hop chain"}, ("hop",), notes, *common, "--to", CHAIN_END)
            return samples | self._rates({"100 namespaces": "namespaces"}, ("100 namespaces",), notes,
                                         *common, "--to", end)

        return Row(f"TUN echo through 100 hops, {mode}", measure, "thousand packets/s",
                   "100 namespaces", at_least=10, notes=notes)

    def _tcp_rows(self) -> list[Row]:
        def measure(_: int) -> Samples:
            self._tcp = self._tcp or TcpRoutes(self._laboratory, self._programs)
            return self._tcp.measure(self._seconds)

        return [Row("TCP through a router between two TUNs", measure, "Gbit/s",
                    "relay of super-packets", at_least=0.95)]

    # ---- memory of a process

    def _size_rows(self) -> list[Row]:
        return [Row("resident, hop up with the tour", lambda _: {"hop": self._tour_size()}, "MB",
                    at_most=8),
                Row("resident, after a flood", lambda _: {"hop": self._tour_size(flooded=True)}, "MB",
                    at_most=8)]

    def _tour_size(self, flooded: bool = False) -> float:
        lab = self._laboratory
        if "tour" not in self._stacks:
            stack = Stack(lab, self._programs, lab.namespace("tour"))
            stack.process = lab.start_hop(stack.namespace, STACK_CPU, *self._programs.hop_up())
            stack.arguments = ("--from", "198.18.0.1", "--to", "198.18.4.80")
            self._stacks["tour"] = stack
        stack = self._stack("tour")
        if flooded:
            stack.measure("--seconds", self._seconds)
        return resident_megabytes(stack.process)


def note_once(notes: list[str], note: str) -> None:
    """Rounds repeat themselves."""
    if note not in notes:
        notes.append(note)


def spread(figures: list[float]) -> tuple[float, float, float]:
    """Median, least and most."""
    return statistics.median(figures), min(figures), max(figures)
