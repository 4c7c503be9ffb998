"""Links that delay, lose, double, corrupt and mark, as ping(8) of the kernel's side sees them.

Chance comes from the seed of the file and the packets come in the order they are sent, so what is
lost is the same in every run. Delays are only held against what is written from below: a machine
under load adds to them.
"""

import json
import re
import unittest

from support import (Outcome, Sandbox, Watched, hop, hop_run, hop_until_ready, run, scratch,
                     watch)

ROUTER = "198.18.0.2"
ECHO, ECHO_REPLY = (8, 0), (0, 0)


def topology(link: str) -> str:
    """tun0 and a router, on a link with these keys."""
    return ("seed: 7\n"
            "tuns: { tun0: { address: 198.18.0.1/24 } }\n"
            "nodes: { r1: { icmp: { rate: unlimited } } }\n"
            "links: [{ " + link + " }]\n")


def ping(*options: str) -> tuple[str, ...]:
    """ping of the router."""
    return ("ping", "-n", *options, ROUTER)


def behind(link: str, *command: str) -> Watched:
    """`hop run` of a command behind such a link."""
    with scratch() as directory:
        file = directory / "lab.yaml"
        file.write_text(topology(link))
        return watch(*command, file=file)


def answered(outcome: Outcome) -> list[int]:
    """The sequence numbers that ping got answers for, in order."""
    return [int(number) for number in re.findall(r"icmp_seq=(\d+) ttl", outcome.out)]


class Delay(unittest.TestCase):
    """The delay of each direction is in every round trip."""

    def check(self, link: str, milliseconds: int) -> None:
        """No round trip is shorter than that, nor was the network's part of it."""
        watched = behind(link, *ping("-c", "5", "-i", "0.02"))
        times = [float(time) for time in re.findall(r"time=([\d.]+) ms", watched.outcome.out)]
        self.assertEqual(len(times), 5, watched)
        self.assertGreaterEqual(min(times), milliseconds, watched)
        for request, reply in zip(watched.icmp(*ECHO), watched.icmp(*ECHO_REPLY)):
            self.assertEqual(request.rest, reply.rest, watched)
            self.assertGreaterEqual(reply.when - request.when, milliseconds * 10**6, watched)

    def test_of_a_link(self):
        """Twice in a round trip."""
        self.check("endpoints: [tun0, r1], delay: 30ms", 60)

    def test_of_each_direction(self):
        """A TUN may say its own."""
        self.check("endpoints: [{ node: tun0, delay: 10ms }, r1], delay: 35ms", 45)

    def test_with_jitter(self):
        """No less than the delay without the jitter, and nothing overtakes."""
        watched = behind("endpoints: [tun0, r1], delay: 20ms, jitter: 10ms",
                         *ping("-c", "100", "-i", "0.002"))
        self.assertEqual(answered(watched.outcome), list(range(1, 101)), watched.outcome)
        for request, reply in zip(watched.icmp(*ECHO), watched.icmp(*ECHO_REPLY)):
            self.assertGreaterEqual(reply.when - request.when, 20 * 10**6, watched)


class Loss(unittest.TestCase):
    """What is written is what ping reports."""

    def test_independent(self):
        """Of 500 requests with 10 % loss 27 to 77 are lost in 99.99 % of all seeds; the same ones in
        every run."""
        link = "endpoints: [{ node: tun0, loss: 10% }, r1]"
        first, second = (behind(link, *ping("-c", "500", "-i", "0.002", "-W", "1"))
                         for _ in range(2))
        got = answered(first.outcome)
        self.assertTrue(27 <= 500 - len(got) <= 77, first.outcome)
        self.assertEqual(answered(second.outcome), got)
        self.assertEqual(len(first.icmp(*ECHO)), 500, "what enters is not lost yet")

    def test_everything(self):
        """100 % is all."""
        watched = behind("endpoints: [tun0, { node: r1, loss: 100% }]",
                         *ping("-c", "3", "-i", "0.01", "-W", "1"))
        self.assertIn("3 packets transmitted, 0 received, 100% packet loss", watched.outcome.out)
        self.assertEqual(watched.icmp(*ECHO_REPLY), [])

    def test_exactly_these(self):
        """Two from the second on, and every sixth from the first on."""
        watched = behind("endpoints: [{ node: tun0, drop: [{ nth: 2, count: 2, icmp-type: "
                         "echo-request }, { nth: 1, every: 6, protocol: icmp }] }, r1]",
                         *ping("-c", "10", "-i", "0.01", "-W", "1"))
        self.assertEqual(answered(watched.outcome), [4, 5, 6, 8, 9, 10], watched.outcome)


class Duplicates(unittest.TestCase):
    """ping says what came twice."""

    def test_of_replies(self):
        """Every one, but that of the last reply, for which ping does not wait."""
        watched = behind("endpoints: [tun0, { node: r1, duplicate: 100% }]",
                         *ping("-c", "5", "-i", "0.05"))
        self.assertGreaterEqual(watched.outcome.out.count("(DUP!)"), 4, watched)
        replies = [packet.rest for packet in watched.icmp(*ECHO_REPLY)]
        self.assertEqual(replies[::2], replies[1::2], watched)


class Marks(unittest.TestCase):
    """A queue that is long enough marks packets that are ECN-capable (RFC 3168)."""

    def check(self, tos: int, expected: int) -> None:
        """The reply has the TOS of the request as it arrived."""
        watched = behind("endpoints: [{ node: tun0, ecn: 0 }, r1]",
                         *ping("-c", "1", "-Q", str(tos)))
        self.assertEqual(watched.outcome.status, 0, watched)
        self.assertEqual([packet.data[1] for packet in watched.icmp(*ECHO_REPLY)], [expected])

    def test_capable(self):
        """ECT(0) becomes CE."""
        self.check(0xb8 | 2, 0xb8 | 3)

    def test_not_capable(self):
        """Passes as it is."""
        self.check(0xb8, 0xb8)


class Counters(unittest.TestCase):
    """The end of `hop up` tells what links did, by direction."""

    def ending(self, link: str, *command: str) -> tuple[Outcome, Outcome]:
        """How the command and `hop up` ended."""
        with Sandbox() as sandbox, scratch() as directory:
            file = directory / "lab.yaml"
            file.write_text(topology(link))
            with hop_until_ready("up", str(file), prefix=sandbox.prefix()) as program:
                done = sandbox.run(*command)
                return done, program.stop()

    def test_of_both_directions(self):
        """What ping missed was lost or broken; whether it still takes what was broken is its affair."""
        done, ended = self.ending("endpoints: [{ node: tun0, loss: 30% }, { node: r1, corrupt: 20% }]",
                                  *ping("-c", "100", "-i", "0.002", "-W", "1"))
        lost = int(re.search(r"(?m)^tun0-r1 from tun0: lost=(\d+)$", ended.out)[1])
        corrupted = int(re.search(r"(?m)^tun0-r1 from r1: corrupted=(\d+)$", ended.out)[1])
        self.assertGreater(min(lost, corrupted), 0, ended)
        self.assertIn(f"tun0: received=100 written={100 - lost}\n", ended.out)
        self.assertTrue(lost <= 100 - len(answered(done)) <= lost + corrupted, f"{done}\n{ended}")

    def test_in_json(self):
        """`--counters` writes the same, of `hop run` too."""
        with scratch() as directory:
            file, counters = directory / "lab.yaml", directory / "counters.json"
            file.write_text(topology("endpoints: [tun0, { node: r1, drop: [{ every: 2 }] }]"))
            outcome = hop_run(*ping("-c", "4", "-i", "0.01", "-W", "1"), file=file,
                              options=("--counters", str(counters)))
            told = json.loads(counters.read_text())
        self.assertEqual(answered(outcome), [1, 3], outcome)
        self.assertEqual(told["links"],
                         [{"dropped": 2, "link": 0, "name": "tun0-r1", "from": "r1"}])
        self.assertEqual(told["tuns"], {"tun0": {"received": 4, "written": 2}})
        self.assertEqual(told["nodes"]["r1"]["answered"], 4)

    def test_into_nowhere(self):
        """A file that cannot be written is told before anything runs, one that is full at the end."""
        outcome = hop_run("echo", "ran", options=("--counters", "/no/such/file"))
        self.assertEqual((outcome.status, outcome.out), (2, ""), outcome)
        self.assertEqual(outcome.err, "hop: cannot write the counters /no/such/file: no such file or "
                                      "directory\n")
        outcome = hop_run("echo", "ran", options=("--counters", "/dev/full"))
        self.assertEqual((outcome.status, outcome.out), (1, "ran\n"), outcome)
        self.assertIn("hop: cannot write the counters /dev/full: no space left on device\n",
                      outcome.err)

    def test_of_a_plain_link(self):
        """No line."""
        _, ended = self.ending("endpoints: [tun0, r1]", *ping("-c", "1"))
        self.assertNotIn(" from ", ended.out)


class Replays(unittest.TestCase):
    """In virtual time everything is exact."""

    def test_same_seed_same_bytes(self):
        """Two replays of a capture through a bad link are equal; another seed gives another."""
        link = ("endpoints: [tun0, r1], delay: 5ms, jitter: 5ms, reorder: 10%, loss: 10%, "
                "duplicate: 10%, corrupt: 10%")
        with scratch() as directory:
            file, asked = directory / "lab.yaml", directory / "asked.pcap"
            file.write_text(topology("endpoints: [tun0, r1]"))
            done = run(hop(), "run", "--capture", str(asked), str(file), "--",
                       *ping("-c", "100", "-i", "0.002"))
            self.assertEqual(done.status, 0, done)
            results = []
            for number, seed in enumerate((7, 7, 8)):
                file.write_text(topology(link).replace("seed: 7", f"seed: {seed}"))
                out = directory / f"{number}.pcap"
                done = run(hop(), "replay", str(file), str(asked), str(out))
                self.assertEqual(done.status, 0, done)
                self.assertRegex(done.out, r"(?m)^tun0-r1 from tun0: lost=\d+ duplicated=\d+ ")
                results.append(out.read_bytes())
        self.assertEqual(results[0], results[1])
        self.assertNotEqual(results[0], results[2])


if __name__ == "__main__":
    unittest.main()
