"""scripts/netns/two-ends: two namespaces joined by hop, with ping, traceroute and iperf3."""

import shutil
import unittest

from support import (ROOT, Outcome, as_ordinary_user, copy_of_hop, hop, open_tun_device, run,
                     scratch)

SCRIPT = ROOT / "scripts" / "netns" / "two-ends"
# A private /run, so that the namespaces that the script makes are not the machine's.
PRIVATE_RUN = ("unshare", "-Urnm", "sh", "-c",
               'mount -t tmpfs tmpfs /run && "$@" && echo left over: $(ls /run/netns)', "-")


class TwoEnds(unittest.TestCase):
    """The script says what it does, does it, and cleans up."""

    def check(self, outcome: Outcome) -> None:
        """Both ends reach each other through two routers, and TCP gets through."""
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(outcome.out.count("3 packets transmitted, 3 received, 0%"), 2, outcome)
        self.assertRegex(outcome.out, r"(?m)^ 3  198\.18\.2\.1 ", outcome)
        self.assertRegex(outcome.out, r"\d [KMG]Bytes .* receiver", outcome)

    def test_as_root(self):
        """With `ip netns`; nothing is left of it."""
        outcome = run(*PRIVATE_RUN, str(SCRIPT), "--hop", hop())
        self.check(outcome)
        self.assertTrue(outcome.out.endswith("left over:\n"), outcome)

    def test_as_ordinary_user(self):
        """Everything inside a user namespace."""
        with scratch() as directory, open_tun_device() as node:
            script = shutil.copy(SCRIPT, directory)
            outcome = run(script, "--hop", copy_of_hop(directory), "--tun-device", str(node),
                          prefix=as_ordinary_user(), cwd="/")
        self.check(outcome)

    def test_without_hop(self):
        """It says what is missing and how to get it."""
        outcome = run(str(SCRIPT), "--hop", "/no/such/hop")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn("no program at /no/such/hop; build it:", outcome.err)


if __name__ == "__main__":
    unittest.main()
