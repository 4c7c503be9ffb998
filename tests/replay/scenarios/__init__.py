"""The replay scenarios: what goes in, and what RFC and design say must come out.

Every module registers functions with @scenario. A function puts packets into the network and says
what leaves it when; it computes nothing that a stack would compute, but names each field."""

import importlib
import os

import pcap

MODULES = (
    "delivery", "echo", "forwarding", "fragments", "option_policy", "options", "quotes", "reassembly",
    "redirects", "routes", "silence", "source_routes", "ttl",
)
SCENARIOS = {}

NOON = 1_709_294_400 * pcap.SECOND  # 2024-03-01 12:00:00 UTC
MILLISECOND = 1_000_000


class Scenario:
    """Packets into the network and packets out of it, each with its instant in nanoseconds."""

    def __init__(self, path, start):
        self.path = path  # of the captures, without a suffix
        self.next = start
        self.sent = []
        self.heard = []

    def into(self, packet, at=None, gap_ms=100):
        """Sends `packet` into the network, `gap_ms` after the one before, and says when."""
        instant = self.next if at is None else at
        self.next = instant + gap_ms * MILLISECOND
        self.sent.append((instant, packet))
        return instant

    def captured(self):
        """The packets that the kernel sent, from the committed capture."""
        self.sent = pcap.read(f"{self.path}.pcap")
        return self.sent

    def out(self, packet, at, ms=0):
        """Expects `packet` to leave the network `ms` milliseconds after the instant `at`."""
        self.heard.append((at + ms * MILLISECOND, packet))

    def write(self, captured):
        if not captured:
            pcap.write(f"{self.path}.pcap", self.sent)
        pcap.write(f"{self.path}.expected.pcap", sorted(self.heard, key=lambda record: record[0]))


def scenario(name, start=NOON, captured=False):
    """Registers a scenario function; `captured` says that the kernel made its input."""

    def register(play):
        if name in SCENARIOS:
            raise ValueError(f"two scenarios named {name}")
        SCENARIOS[name] = (play, start, captured)
        return play

    return register


def make(name, folder):
    play, start, captured = SCENARIOS[name]
    run = Scenario(os.path.join(folder, name), start)
    play(run)
    run.write(captured)


def load():
    for module in MODULES:
        importlib.import_module(f"scenarios.{module}")
    return SCENARIOS
