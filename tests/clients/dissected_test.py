"""Nothing that leaves hop is malformed, says Wireshark."""

import pathlib
import unittest

from dissector import Exchange, complaints, new_complaints
from support import ROOT, frames

REPLAYS = sorted((ROOT / "tests" / "replay").glob("*.expected.pcap"))
ECHO = bytes.fromhex("4500001c000040004001aeb9 c6120002 c6120001 0800f7fd00010001")


def exchange(expected: pathlib.Path) -> Exchange:
    """The packets of a replay."""
    came = expected.with_name(expected.name.replace(".expected", ""))
    return Exchange(*([packet for packet, _ in frames(file)] for file in (came, expected)))


class Dissected(unittest.TestCase):
    """All that the replays hold hop to, byte for byte, and what real clients are told."""

    def test_replays(self):
        """Every kind of answer, error, fragment and option."""
        exchanges = [exchange(file) for file in REPLAYS]
        self.assertGreater(sum(len(one.left) for one in exchanges), 400)
        self.assertEqual(new_complaints(exchanges), [])

    def test_finds_what_is_wrong(self):
        """A dissector that finds fault with nothing would prove nothing."""
        wrong_sum = ECHO[:22] + b"\0\0" + ECHO[24:]
        cut_short = ECHO[:2] + b"\0\x30" + ECHO[4:]
        self.assertEqual(complaints([ECHO]), [])
        for packet in (wrong_sum, cut_short):
            self.assertEqual([found.packet for found in complaints([packet])][:1], [0])


if __name__ == "__main__":
    unittest.main()
