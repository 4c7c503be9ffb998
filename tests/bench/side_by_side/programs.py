"""Which programs take part, and what they can do."""

import functools
import pathlib
import subprocess

from .laboratory import Unavailable


class Programs:
    """The programs of a build."""

    def __init__(self, build: pathlib.Path, hop: pathlib.Path):
        self.hop = hop
        self.generator = build / "tests/bench/generator"
        self.bare = build / "tests/bench/bare"
        self.lwip_peer = build / "tests/bench/lwip_peer"
        self.floor_bench = build / "tests/bench/floor_bench"
        self.stack_bench = build / "tests/bench/stack_bench"
        self.instructions = build / "tests/bench/instructions"

    @functools.cached_property
    def _help(self) -> str:
        return subprocess.run((self.hop, "up", "--help"), capture_output=True, text=True,
                              check=True).stdout

    def hop_up(self, *options: str) -> list[str]:
        """The command, if this hop knows the options."""
        for option in options:
            if option.startswith("--") and option not in self._help:
                raise Unavailable(f"this hop has no {option}")
        return [str(self.hop), "up", *options]

    def lwip(self) -> list[str]:
        """lwIP on a TUN, if it was built."""
        if not self.lwip_peer.exists():
            raise Unavailable("lwIP is not here: scripts/install-deps bench, and build again")
        return [str(self.lwip_peer)]
