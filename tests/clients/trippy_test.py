"""tools/examples/trippy: situations of the kind that trippy tests itself with, traced by others."""

import pathlib
import re
import shlex
import tomllib
import unittest
from collections.abc import Iterator
from typing import NamedTuple

from examples import EXAMPLES, losses, path, patient
from support import Watched, hop, run, scratch, watch

FILES = sorted((EXAMPLES / "trippy").glob("*.toml"))
NAMES = {file.stem for file in FILES}
UNREACHABLE_PORT, ECHO_REPLY = (3, 3), (0, 0)
TOS_WITH_ITS_PRECEDENCE = 224


def scenario(name: str) -> tuple[dict, list[str]]:
    """What the file says, and the commands of its comment but the import."""
    text = (EXAMPLES / "trippy" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text), re.findall(r"(?m)^# {5}hop run lab\.yaml -- (.*)$", text)


class Tried(NamedTuple):
    """A command of a scenario and what came of it."""

    command: str
    seen: Watched


def tried(name: str) -> Iterator[Tried]:
    """All commands, behind the network as it is imported."""
    with scratch() as directory:
        imported = run(hop(), "import", str(EXAMPLES / "trippy" / f"{name}.toml"))
        file = pathlib.Path(directory / "lab.yaml")
        file.write_text(imported.out, encoding="utf-8")
        for command in scenario(name)[1]:
            yield Tried(command, watch(*patient(shlex.split(command)), file=file))


class Trippy(unittest.TestCase):
    """Sixteen files."""

    def test_paths(self):
        """Every tracer finds the hops that the file names, in order."""
        self.assertEqual(len(FILES), 16)
        for name in sorted(NAMES - {"icmp-pattern"}):
            hops = [hop_["resp"].get("addr", "*") for hop_ in scenario(name)[0]["hops"]]
            for command, seen in tried(name):
                with self.subTest(name, command=command):
                    if command.startswith("traceroute"):
                        self.assertEqual(path(seen.outcome), hops, seen)
                    elif command.startswith("mtr"):
                        self.assertEqual(losses(seen.outcome), dict.fromkeys(hops, 0.0), seen)
                    else:
                        self.assertEqual(seen.outcome.status, 0, seen)

    def test_out_of_order(self):
        """Each hop takes at least as long to answer as its file says: the nearer, the longer."""
        hops = scenario("icmp-out-of-order")[0]["hops"]
        ((_, seen),) = tried("icmp-out-of-order")
        told = re.findall(r"(?m)^ *\d+  \S+  ([\d.]+) ms$", seen.outcome.out)
        least = [hop_["resp"]["rtt_ms"] for hop_ in hops]
        self.assertEqual(len(told), len(least), seen)
        for took, bound in zip(told, least):
            self.assertGreaterEqual(float(took), bound, seen)
        self.assertEqual(least, sorted(least, reverse=True))

    def test_data_comes_back(self):
        """All of the pattern."""
        ((_, seen),) = tried("icmp-pattern")
        (reply,) = seen.icmp(*ECHO_REPLY)
        self.assertEqual(reply.payload[-40:], b"\xff" * 40, seen)

    def test_no_data_comes_back(self):
        """Of a request without."""
        *_, (_, seen) = tried("icmp-min")
        (reply,) = seen.icmp(*ECHO_REPLY)
        self.assertEqual(len(reply.data), 28, seen)

    def test_type_of_service(self):
        """Is kept by a reply and in what an error returns."""
        ((_, ping), _) = tried("icmp-tos")
        (reply,) = ping.icmp(*ECHO_REPLY)
        self.assertEqual(reply.data[1], TOS_WITH_ITS_PRECEDENCE, ping)
        ((_, trace),) = tried("udp-tos")
        errors = trace.icmp(*UNREACHABLE_PORT)
        self.assertTrue(errors, trace)
        self.assertEqual({error.quote[1] for error in errors}, {TOS_WITH_ITS_PRECEDENCE})

    def test_probes_come_back_as_they_were(self):
        """Their IP identification, ports and checksum of UDP, by which tracers know them."""
        for name in ("udp-paris", "udp-dublin", "udp-fixed-src", "udp-fixed-dest"):
            with self.subTest(name):
                ((_, seen),) = tried(name)
                sent = {(p.data[4:6], p.payload[:8]) for p in seen.packets if p.protocol == 17}
                errors = seen.icmp(11, 0) + seen.icmp(*UNREACHABLE_PORT)
                returned = {(e.quote[4:6], e.quote[20:28]) for e in errors}
                self.assertGreaterEqual(len(returned), 3, seen)
                self.assertLessEqual(returned, sent, seen)


if __name__ == "__main__":
    unittest.main()
