"""The same packets into hop and into the kernel of this machine: do they answer alike?

The kernel routes between TUN devices in a namespace of its own, hop replays the packets through the
same network with `profile: linux`. Allowed differences are in differences.py, each with its reason.
"""

import platform
import unittest

from compare import answer_of, differing
from differences import DIFFERENCES
from routers import judged, pairs


class Kernel(unittest.TestCase):
    """hop with `profile: linux` beside the kernel."""

    @classmethod
    def setUpClass(cls):
        cls.verdicts = [judged(pair) for pair in pairs()]

    def test_every_difference_is_listed(self):
        """Nothing differs that has no row in the table."""
        reports = [verdict.report for verdict in self.verdicts if verdict.report]
        self.assertEqual(len(reports), 0, "\n".join((f"Linux {platform.release()}:", *reports)))

    def test_every_listed_difference_occurs(self):
        """No row of the table has outlived its difference."""
        occurred = {why for verdict in self.verdicts for why in verdict.reasons}
        self.assertEqual([row.why for row in DIFFERENCES if row.why not in occurred], [])

    def test_most_packets_are_answered_and_most_answers_are_alike(self):
        """Or the comparison would say little."""
        answered = [pair for pair in pairs() if pair.kernels]
        alike = [pair for pair in answered
                 if not differing(list(map(answer_of, pair.ours)), list(map(answer_of, pair.kernels)))]
        self.assertGreater(len(answered), 500)
        self.assertGreater(len(alike), 400)


if __name__ == "__main__":
    unittest.main()
