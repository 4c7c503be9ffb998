"""The same packets into hop and into the kernel of this machine: do they answer alike?

The kernel routes between TUN devices in a namespace of its own, hop replays the packets through the
same network with `profile: linux`. Allowed differences are in differences.py, each with its reason.
"""

import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import topology
from cases import Case, all_cases
from compare import Answer, answer_of, differing
from differences import DIFFERENCES, Pair
from records import read_records, write_records

HERE = pathlib.Path(__file__).resolve().parent
PATIENCE = 60  # seconds; a safety net for what hangs, never a measure


def kernel(packets: bytes) -> bytes:
    """What the kernel makes of a capture."""
    return subprocess.run(("unshare", "-Urn", sys.executable, HERE / "router.py"), input=packets,
                          stdout=subprocess.PIPE, timeout=PATIENCE, check=True).stdout


def hop(packets: bytes) -> bytes:
    """What hop makes of it."""
    with tempfile.TemporaryDirectory(prefix="hop-kernel-") as folder:
        yaml = pathlib.Path(folder, "router.yaml")
        yaml.write_text(topology.YAML, encoding="ascii")
        return subprocess.run((os.environ["HOP"], "replay", "-q", "--tun", "left", yaml, "-", "-"),
                              input=packets, stdout=subprocess.PIPE, timeout=PATIENCE,
                              check=True).stdout


def by_case(cases: list[Case], capture: bytes) -> dict[int, list[Answer]]:
    """The answers to each case. A packet that comes out as it went in has only crossed a link, and
    what comes after the last case is about fragments that others never followed."""
    answers = collections.defaultdict(list)
    for number, packet in read_records(capture):
        if number < len(cases) and packet not in cases[number].packets:
            answers[number].append(answer_of(packet))
    return answers


def explain(pair: Pair, explained: collections.Counter) -> str:
    """Says what of a pair differs without a row in the table; counts the rows that it needs."""
    fields = differing(pair.ours, pair.kernels)
    for difference in DIFFERENCES:
        known = fields & difference.fields
        if known and difference.when(pair):
            explained[difference.why] += 1
            fields -= known
    if not fields:
        return ""
    return "\n  ".join((f"{pair.case.name}: {', '.join(sorted(fields))}",
                        f"sent   {pair.packet.hex()}", *map("hop    {}".format, pair.ours),
                        *map("kernel {}".format, pair.kernels)))


def other_pointer(answer: Answer) -> Answer:
    """A parameter problem that points elsewhere."""
    if not answer.message.startswith("12/0 "):
        return answer
    pointer = int(answer.message[5:7], 16) ^ 0x40
    return answer._replace(message=f"12/0 {pointer:02x}{answer.message[7:]}")


# Mistakes that a router might make in any answer.
MISTAKES = {
    "no answer": lambda answer: None,
    "a wrong checksum": lambda answer: answer._replace(sums=False),
    "zeros for what came": lambda answer: answer._replace(quote="0" * len(answer.quote)),
    "a quote without its end": lambda answer: answer._replace(quote=answer.quote[:-2]),
    "another pointer": other_pointer,
    "another code": lambda answer: answer._replace(message=answer.message.replace("/", "/1", 1)),
    "all flags": lambda answer: answer._replace(flags=7),
    "to somebody else": lambda answer: answer._replace(destination="9.9.9.9"),
    "from somebody else": lambda answer: answer._replace(source="9.9.9.9"),
    "another TOS": lambda answer: answer._replace(tos=answer.tos ^ 0x20),
    "another TTL": lambda answer: answer._replace(ttl=answer.ttl - 1),
    "options of its own": lambda answer: answer._replace(options=answer.options + "94040000"),
    "another length": lambda answer: answer._replace(length=answer.length + 4),
}


class Kernel(unittest.TestCase):
    """hop with `profile: linux` beside the kernel."""

    @classmethod
    def setUpClass(cls):
        cases = all_cases()
        packets = write_records([(number, packet) for number, case in enumerate(cases)
                                 for packet in case.packets])
        ours, kernels = by_case(cases, hop(packets)), by_case(cases, kernel(packets))
        cls.pairs = [Pair(case, ours[number], kernels[number]) for number, case in enumerate(cases)]
        cls.explained = collections.Counter()
        cls.unexplained = [text for pair in cls.pairs if (text := explain(pair, cls.explained))]

    def test_every_difference_is_listed(self):
        """Nothing differs that has no row in the table."""
        self.assertEqual(self.unexplained, [], "\n".join(self.unexplained))

    def test_every_listed_difference_occurs(self):
        """No row of the table has outlived its difference."""
        gone = [row.why for row in DIFFERENCES if not self.explained[row.why]]
        self.assertEqual(gone, [])

    def test_no_row_hides_a_mistake(self):
        """What would be wrong in an answer of ours is a difference, or what the kernel does."""
        for name, mistake in MISTAKES.items():
            wrong = [pair._replace(ours=[bad for answer in pair.ours if (bad := mistake(answer))])
                     for pair in self.pairs]
            hidden = [f"{bad.case.name}: {bad.ours}" for pair, bad in zip(self.pairs, wrong)
                      if bad.ours != pair.ours and differing(bad.ours, bad.kernels)
                      and not explain(bad, collections.Counter())]
            with self.subTest(name):
                self.assertEqual(hidden, [], "\n".join(hidden))

    def test_most_packets_are_answered_and_most_answers_are_alike(self):
        """Or the comparison would say little."""
        answered = [pair for pair in self.pairs if pair.kernels]
        alike = [pair for pair in answered if not differing(pair.ours, pair.kernels)]
        self.assertGreater(len(answered), 500)
        self.assertGreater(len(alike), 400)


if __name__ == "__main__":
    unittest.main()
