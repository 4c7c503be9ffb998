"""`hop conform` on hop itself, on the kernel of this machine, and on a hop that is wrong on purpose."""

import json
import pathlib
import unittest

from dissector import Exchange, new_complaints
from support import ROOT, Outcome, Sandbox, hop, run, scratch

SCRIPT = str(ROOT / "scripts" / "conform")
SUITE = ROOT / "tools" / "conform"


def conform(target: str, *options: str) -> Outcome:
    """The script, with the program under test."""
    return run(SCRIPT, target, "--hop", hop(), *options)


def report_of(directory: pathlib.Path, target: str, *options: str) -> tuple[Outcome, dict]:
    """The script and the report that it wrote."""
    file = directory / "report.json"
    outcome = conform(target, *options, "--report", str(file))
    if not file.exists():
        raise AssertionError(f"no report was written: {outcome}")
    return outcome, json.loads(file.read_text())


def exchange(case: dict) -> Exchange:
    """The packets of a case; the report has the first 32 each way."""
    return Exchange(*([bytes.fromhex(packet["hex"]) for packet in case.get(way, ())]
                      for way in ("sent", "got")))


def is_for_dissection(case: dict) -> bool:
    """Whether all that came is known, and dissectors do not err.

    RFC 4884 pads the quote of a packet that was cut short with zeros, which its UDP checksum does
    not know of.
    """
    return (case.get("sent_count", 0) == len(case.get("sent", ()))
            and not case["id"].startswith("header.truncated-"))


class Targets(unittest.TestCase):
    """Exactly the failures that the project lists."""

    def check(self, target: str) -> dict:
        """Runs everything; status 0 says that failures and list are equal, both ways. The counts are
        those of README.md."""
        with scratch() as directory:
            page = directory / "report.html"
            outcome, report = report_of(directory, target, "--report", str(page))
            self.assertEqual(outcome.status, 0, outcome)
            self.assertTrue(page.read_text().endswith("</body></html>\n"))
        self.assertTrue(report["good"])
        total = {word: sum(counts[word] for counts in report["levels"].values())
                 for word in ("passed", "known", "not-run")}
        self.assertIn(f"| `{target}` | {total['passed'] + total['known']} | {total['passed']} "
                      f"| {total['known']} | {total['not-run']} |", (SUITE / "README.md").read_text())
        return report

    def check_hop(self, target: str):
        """Every MUST and SHOULD."""
        report = self.check(target)
        for level, counts in report["levels"].items():
            self.assertEqual((level, counts["failed"], counts["known"]), (level, 0, 0))
        self.assertEqual(new_complaints([exchange(case) for case in report["cases"]
                                         if is_for_dissection(case)]), [])

    def check_kernel(self, target: str):
        """All but what the file of the target lists."""
        report = self.check(target)
        failing = {case["id"] for case in report["cases"] if case["outcome"] == "known"}
        for case in failing:
            self.assertIn(f"| `{case}` |", (SUITE / f"{target}.md").read_text())

    def test_hop(self):
        """As a router with its defaults."""
        self.check_hop("hop")

    def test_hop_switches(self):
        """As a router with everything switched on."""
        self.check_hop("hop-switches")

    def test_hop_host(self):
        """As a host."""
        self.check_hop("hop-host")

    def test_kernel(self):
        """As a router."""
        self.check_kernel("kernel")

    def test_kernel_host(self):
        """As a host."""
        self.check_kernel("kernel-host")

    def test_every_case_runs_somewhere(self):
        """A case that never runs shows nothing."""
        idle = None
        for scenario in ("default", "switches", "host", "strong-host"):
            outcome = run(hop(), "conform", "--list", "--config", str(SUITE / f"{scenario}.yaml"))
            self.assertEqual(outcome.status, 0, outcome)
            here = {line.split()[0] for line in outcome.out.splitlines()
                    if line.endswith("[not run here]")}
            idle = here if idle is None else idle & here
        self.assertEqual(idle, set())


class WrongOnPurpose(unittest.TestCase):
    """A suite that finds nothing wrong with a wrong router is worth nothing."""

    def spoilt(self, target: str, right: str, wrong: str, *options: str) -> set[str]:
        """The cases that fail when something of the target's topology is replaced."""
        topology = (SUITE / f"{target}.yaml").read_text()
        self.assertIn(right, topology)
        with scratch() as directory:
            file = directory / "wrong.yaml"
            file.write_text(topology.replace(right, wrong))
            outcome, report = report_of(directory, target, "--topology", str(file), *options)
        self.assertEqual(outcome.status, 1, outcome)
        return {case["id"] for case in report["cases"] if case["outcome"] == "failed"}

    def failing(self, settings: str, *options: str) -> set[str]:
        """The cases that fail when hop's router has other settings of `icmp:`."""
        return self.spoilt("hop", "icmp: { rate: unlimited, burst: unlimited }", settings, *options)

    def test_extensions_without_length(self):
        """The layout from before RFC 4884 fails wherever a structure is looked for."""
        failing = self.spoilt("hop-switches", "extensions: [interface]",
                              "extensions: [interface]\n      extension-layout: non-compliant",
                              "--case", "extension.ttl-exceeded-length",
                              "--case", "extension.ttl-exceeded-structure",
                              "--case", "extension.ttl-exceeded-incoming",
                              "--case", "error.ttl-exceeded")
        self.assertEqual(failing, {"extension.ttl-exceeded-length",
                                   "extension.ttl-exceeded-structure",
                                   "extension.ttl-exceeded-incoming"})

    def test_loose_for_strict(self):
        """A reverse path filter that looks for any way."""
        failing = self.spoilt("hop-switches", "rpf: strict", "rpf: loose", "--group", "filter")
        self.assertEqual(failing, {"filter.strict-by-other-interface",
                                   "filter.strict-neighbour-of-b", "filter.strict-ttl-expires"})

    def test_no_router_discovery(self):
        """Solicitations that nobody answers, and preludes too."""
        failing = self.spoilt("hop-switches", "router-discovery: true\n",
                              "router-discovery: false\n",
                              "--case", "router-discovery.solicited-on-a",
                              "--case", "router-discovery.invalid-code",
                              "--case", "router-discovery.advertised-address")
        self.assertEqual(len(failing), 3)

    def test_source_of_errors(self):
        """Errors from a fixed address fail the cases about the source, and no others."""
        failing = self.failing("icmp: { rate: unlimited, burst: unlimited, source: 198.18.2.1 }",
                               "--group", "error")
        self.assertEqual({case for case in failing if "source" not in case and "other-addr" not in case},
                         set())
        self.assertIn("error.ttl-exceeded-source", failing)

    def test_silent(self):
        """No time exceeded."""
        failing = self.failing("icmp: { rate: unlimited, burst: unlimited, "
                               "silent: [time-exceeded] }", "--group", "ttl")
        self.assertEqual(len(failing), 12)
        self.assertIn("ttl.1-expires", failing)

    def test_next_hop_mtu(self):
        """Fragmentation needed as before RFC 1191."""
        failing = self.failing("icmp: { rate: unlimited, burst: unlimited, next-hop-mtu: zero }",
                               "--group", "error")
        self.assertEqual(failing, {"error.next-hop-mtu-600-size-601",
                                   "error.next-hop-mtu-600-size-1500",
                                   "error.next-hop-mtu-68-size-69",
                                   "error.next-hop-mtu-68-size-1500"})

    def test_stays_silent(self):
        """A system that answers nothing at all is no system."""
        with Sandbox() as sandbox:
            sandbox.run("ip", "tuntap", "add", "dev", "conform-a", "mode", "tun")
            sandbox.run("ip", "link", "set", "conform-a", "up")
            outcome = sandbox.run(hop(), "conform", "--tun", "conform-a")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn("198.18.1.1 does not answer an echo request from 198.18.1.250 by conform-a",
                      outcome.err)


class CommandLine(unittest.TestCase):
    """Choosing cases, one interface alone, mistakes."""

    def test_list(self):
        """Every case of a group, with clause and level; nothing is run."""
        outcome = run(hop(), "conform", "--list", "--group", "ttl")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertRegex(outcome.out, r"(?m)^ttl\.1-expires +MUST +RFC 1812 5\.3\.1 ")
        self.assertNotIn("echo.", outcome.out)
        listed = json.loads(run(hop(), "conform", "--list", "--json").out)
        self.assertEqual(listed["format"], 1)

    def test_one_case(self):
        """Its result, and the tables."""
        outcome = conform("hop", "--case", "ttl.1-expires")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertRegex(outcome.out, r"(?m)^MUST +1 +0 +0 +0$")

    def test_one_interface(self):
        """A host behind one TUN, here the kernel: what needs more is not run, and counted."""
        with Sandbox() as sandbox, scratch() as directory:
            config = directory / "host.yaml"
            config.write_text("kind: host\n"
                              "interfaces: { a: { device: tun7, address: 10.9.0.1/24 } }\n"
                              "routes: {}\nfeatures: []\nreassembly-timeout: 30s\n")
            sandbox.run("ip", "tuntap", "add", "dev", "tun7", "mode", "tun")
            sandbox.run("ip", "address", "add", "10.9.0.1/24", "dev", "tun7")
            sandbox.run("ip", "link", "set", "tun7", "up")
            outcome = sandbox.run(hop(), "conform", "--config", str(config), "--group", "echo",
                                  "--group", "host", "--group", "ttl", "--json")
            report = json.loads(outcome.out)
        failed = {case["id"] for case in report["cases"] if case["outcome"] == "failed"}
        known = (SUITE / "kernel-host.md").read_text()
        self.assertEqual({case for case in failed if f"| `{case}` |" not in known}, set(), outcome)
        self.assertGreater(report["groups"]["host"]["passed"], 15, outcome)
        not_run = {case["id"]: case["why"] for case in report["cases"]
                   if case["outcome"] == "not-run"}
        self.assertEqual(not_run["ttl.1-expires"], "the system has no router, has no b")

    def test_mistakes(self):
        """Status 2, and what is wrong."""
        for options, message in (
                (("--group", "nothing"), "there is no group 'nothing'"),
                (("--case", "ttl.nothing"), "there is no case 'ttl.nothing'"),
                (("--config", "/no/such/file"), "cannot read /no/such/file"),
                (("--report", "report.txt"), "expected a name that ends in .json or .html"),
                (("--attach", "wire"), "--attach"),
                (("--tun", "a", "--tun", "b", "--tun", "c", "--tun", "d"),
                 "--tun is given 4 times; the system has 3 interfaces")):
            outcome = run(hop(), "conform", *options)
            self.assertEqual(outcome.status, 2, outcome)
            self.assertIn(message, outcome.err)

    def test_no_device(self):
        """It says how to make one."""
        outcome = run(hop(), "conform", "--tun", "no-device")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn("no device no-device; start the system under test", outcome.err)


if __name__ == "__main__":
    unittest.main()
