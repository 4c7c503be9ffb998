"""`hop up|run --io` and `--busy-poll`: however packets are read and written, the network is the same."""

import re
import signal
import unittest

from support import Running, Sandbox, hop, hop_run, hop_until_ready, run, scratch, tool
from tour import ROUTERS, WEB

ENGINES = ("auto", "uring", "epoll")


class Engines(unittest.TestCase):
    """--io ENGINE."""

    def test_flood(self):
        """Real ping, as fast as answers come, and what it sends ahead."""
        for engine in ENGINES:
            for more in ((), ("--busy-poll",)):
                with self.subTest(engine=engine, more=more):
                    outcome = hop_run("ping", "-n", "-q", "-f", "-l", "3", "-c", "500", WEB,
                                      options=("--io", engine, *more))
                    self.assertIn("500 received", outcome.out, outcome)

    def test_path(self):
        """Real traceroute, of which many probes are under way at a time."""
        for engine in ENGINES:
            with self.subTest(engine):
                outcome = hop_run("traceroute", "-n", "-N", "64", "-q", "5", WEB,
                                  options=("--io", engine))
                lines = outcome.out.splitlines()[1:]
                self.assertEqual([line.split()[1] for line in lines], [*ROUTERS, WEB], outcome)
                self.assertNotIn("*", outcome.out, outcome)

    def test_unknown(self):
        """The engines that there are stand in the message."""
        outcome = hop_run("true", options=("--io", "aio"))
        self.assertEqual(outcome.status, 2, outcome)
        self.assertIn("--io: expected auto, uring or epoll, found 'aio'", outcome.err)

    def test_killed(self):
        """The kernel takes a device back from the ring too, if a little later."""
        with Sandbox() as sandbox, Running((*sandbox.prefix(), tool("ip"), "-oneline", "monitor",
                                            "link")) as monitor:
            with hop_until_ready("up", "--io", "uring", prefix=sandbox.prefix()) as program:
                program.stop(signal.SIGKILL)
            line = "something"
            while line and not line.startswith("Deleted"):
                line = monitor.read_line()
            self.assertRegex(line, r"^Deleted \d+: tun0")


class BusyPoll(unittest.TestCase):
    """--busy-poll[=TIME]."""

    def test_real_time_and_delays(self):
        """Never early; --busy-poll takes no file for its time."""
        with scratch() as directory:
            file = directory / "delay.yaml"
            file.write_text("tuns: { tun0: { address: 198.18.0.1/24 } }\nnodes: { r: {} }\n"
                            "links: [ { endpoints: [tun0, r], delay: 20ms } ]\n", encoding="utf-8")
            for option in ("--busy-poll", "--busy-poll=50us", "--busy-poll=1s"):
                with self.subTest(option):
                    outcome = run(hop(), "run", option, str(file), "--", "ping", "-n", "-c", "3",
                                  "-i", "0.01", "198.18.0.2")
                    self.assertIn("3 received", outcome.out, outcome)
                    times = [float(time) for time in re.findall(r"time=([\d.]+) ms", outcome.out)]
                    self.assertEqual(len(times), 3, outcome)
                    self.assertGreaterEqual(min(times), 40, outcome)

    def test_control(self):
        """Who does not sleep still listens."""
        outcome = hop_run("sh", "-c", f"ping -n -q -c 1 {WEB} && {hop()} set link r1-r2 up=false && "
                          f"{hop()} stats r1", options=("--busy-poll=1min",))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("r1:", outcome.out, outcome)

    def test_not_a_time(self):
        """What would be one stands in the message."""
        for option in ("--busy-poll=50", "--busy-poll=0s", "--busy-poll=always"):
            with self.subTest(option):
                outcome = hop_run("true", options=(option,))
                self.assertEqual(outcome.status, 2, outcome)
                self.assertIn("--busy-poll: expected a duration such as", outcome.err)


if __name__ == "__main__":
    unittest.main()
