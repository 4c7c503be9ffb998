"""The kernel and hop as the same router, and what both say to the cases."""

import collections
import functools
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
from typing import NamedTuple

import topology
from cases import Case, all_cases
from compare import answer_of, differing
from differences import wanted
from records import read_records, write_records
from sent import Sent

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 60  # seconds for each; a safety net for what hangs, never a measure

Packets = list[bytes]


class Pair(NamedTuple):
    """A case, and the packets that both answered."""

    case: Case
    ours: Packets
    kernels: Packets


class Verdict(NamedTuple):
    """What a pair shows."""

    reasons: list[str]  # of DIFFERENCES, for what differs
    report: str  # of what differs without one


def output_of(command: tuple[object, ...], packets: bytes) -> bytes:
    """What a router writes; what it complains about, if it fails."""
    done = subprocess.run(command, input=packets, capture_output=True, timeout=PATIENCE, check=False)
    if done.returncode:
        raise RuntimeError(f"{pathlib.Path(str(command[0])).name}, Linux {platform.release()}: "
                           f"{done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def kernel(packets: bytes) -> bytes:
    """What the kernel makes of a capture."""
    return output_of(("unshare", "-Urn", sys.executable, HERE / "router.py"), packets)


def hop(packets: bytes) -> bytes:
    """What hop makes of it."""
    with tempfile.TemporaryDirectory(prefix="hop-kernel-") as folder:
        yaml = pathlib.Path(folder, "router.yaml")
        yaml.write_text(topology.YAML, encoding="ascii")
        return output_of((os.environ["HOP"], "replay", "-q", "--tun", "left", yaml, "-", "-"), packets)


def by_case(cases: list[Case], capture: bytes) -> dict[int, Packets]:
    """The answers to each case. A packet that comes out as it went in has only crossed a link, and
    what comes after the last case is about fragments that others never followed."""
    answers = collections.defaultdict(list)
    for number, packet in read_records(capture):
        if number < len(cases) and packet not in cases[number].packets:
            answers[number].append(packet)
    return answers


@functools.cache
def pairs() -> list[Pair]:
    """All cases, through both."""
    cases = all_cases()
    packets = write_records([(number, packet) for number, case in enumerate(cases)
                             for packet in case.packets])
    ours, kernels = by_case(cases, hop(packets)), by_case(cases, kernel(packets))
    return [Pair(case, ours[number], kernels[number]) for number, case in enumerate(cases)]


def judged(pair: Pair) -> Verdict:
    """Compares what hop said with what it has to say where the kernel said that."""
    ours, kernels = (list(map(answer_of, packets)) for packets in (pair.ours, pair.kernels))
    right, reasons = wanted(Sent(pair.case.packets[-1]), kernels)
    fields = differing(ours, right)
    if not fields:
        return Verdict(reasons, "")
    return Verdict(reasons, "\n  ".join((
        f"{pair.case.name}: {', '.join(sorted(fields))}",
        *(f"sent   {packet.hex()}" for packet in pair.case.packets),
        *map("hop    {}".format, ours), *map("kernel {}".format, kernels),
        *(map("wanted {}".format, right) if reasons else ()), *reasons)))
