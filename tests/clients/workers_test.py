"""`hop up|run --workers`: several threads at one network, which together are as one."""

import json
import os
import re
import sys
import unittest
import unittest.mock

from support import Outcome, Sandbox, hop, hop_run, hop_until_ready, scratch

WORKERS = ("--workers", "2")
LAB = """
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes:
  r1: { icmp: { rate: unlimited } }
  web: { kind: host, udp: { echo: [7] } }
links:
  - { endpoints: [tun0, { node: r1, address: 198.18.0.2/24 }] }
  - { endpoints: [r1, { node: web, address: 198.18.5.9/24 }], subnet: 198.18.5.0/24 }
"""
TWO_ENDS = """
tuns:
  tunA: { address: 198.18.0.1/24, netns: left }
  tunB: { address: 198.18.9.1/24, netns: right }
nodes: { r1: {} }
links: [{ endpoints: [tunA, r1] }, { endpoints: [r1, tunB] }]
"""
FLOWS = 32

# What programs in these networks begin with: so many flows at a time.
SOCKETS = f"""
import os, socket, struct, subprocess, sys
def udp(to, port):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.settimeout(30)
    one.setsockopt(socket.IPPROTO_IP, 11, 1)  # IP_RECVERR: errors that may pass, too
    one.connect((to, port))
    return one
def flows(to, port):
    return [udp(to, port) for _ in range({FLOWS})]
def outcomes(to):
    answers = []
    for one in flows(to, 9999):
        one.send(b"x")
        try:
            one.recv(9)
        except OSError as error:
            answers.append(error.strerror)
    return answers
def hop(*words):
    return subprocess.run((HOP, *words), capture_output=True, text=True)
"""

ECHOES = """
ones = flows("198.18.5.9", 7)
for start in range(0, 100, 10):
    numbers = [struct.pack("!I", number) for number in range(start, start + 10)]
    for number in numbers:
        for one in ones:
            one.send(number)
    for one in ones:
        assert [one.recv(9) for _ in numbers] == numbers, start
"""

# Errors of a router belong to the flow of its answers, as the kernel has it.
PINGS_AMONG_ERRORS = """
pings = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
pings.settimeout(30)
pings.setsockopt(255, 1, struct.pack("=I", ~1 & 0xffffffff))  # SOL_RAW, ICMP_FILTER: echo replies alone
ones = flows("198.18.5.9", 9999)
for one in ones:
    one.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)
def checksum(words):
    total = sum(words)
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff
expected = 0
for number in range(2000):
    words = (0x800, 0, 7, number)
    pings.sendto(struct.pack("!4H", words[0], checksum(words), *words[2:]), ("198.18.0.2", 0))
    try:
        ones[number % len(ones)].send(b"x")
    except OSError:
        pass  # the error about an earlier one
    while number - expected >= 64 or number == 1999 and expected < 2000:
        answer = pings.recv(99)
        assert answer[26:28] == struct.pack("!H", expected), (answer[26:28], expected)
        expected += 1
"""

TRANSFERS = """
server = socket.create_server(("198.18.9.1", 5000))
client = '''
import socket, threading
def send():
    with socket.create_connection(("198.18.9.1", 5000), 30) as one:
        one.sendall(bytes(500_000))
threads = [threading.Thread(target=send) for _ in range(8)]
for thread in threads:
    thread.start()
'''
sender = subprocess.Popen((HOP, "exec", "tunA", "--", sys.executable, "-c", client))
for _ in range(8):
    one, _ = server.accept()
    one.settimeout(30)
    size = 0
    while piece := one.recv(65536):
        size += len(piece)
    assert size == 500_000, size
assert sender.wait() == 0
"""


@unittest.mock.patch.dict(os.environ, HOP_OPTIONS="")
def in_lab(code: str, *options: str, topology: str = LAB) -> Outcome:
    """How a Python program in a network with two workers ends."""
    with scratch() as directory:
        file = directory / "lab.yaml"
        file.write_text(topology, encoding="utf-8")
        return hop_run(sys.executable, "-c", f"HOP = {hop()!r}\n" + SOCKETS + code, file=file,
                       options=(*WORKERS, *options))


class Flows(unittest.TestCase):
    """Each is answered in order, whoever does it."""

    def check(self, code: str, *options: str, topology: str = LAB) -> Outcome:
        """The program ends well, and there is nothing to complain about."""
        outcome = in_lab(code, *options, topology=topology)
        self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
        return outcome

    def test_queues(self):
        """The device has as many as there are workers."""
        outcome = self.check("os.system('ip -d link show tun0')")
        self.assertIn("numqueues 2 ", outcome.out)

    def test_datagrams(self):
        """UDP echo of numbered datagrams in many flows at a time."""
        self.check(ECHOES)

    def test_pings_among_errors(self):
        """Errors that other workers send from the address of a router do not move its pings."""
        self.check(PINGS_AMONG_ERRORS)

    def test_tcp_across(self):
        """From one TUN to the other."""
        self.check(TRANSFERS, "--at", "tunB", topology=TWO_ENDS)

    def test_counters(self):
        """Are sums: what `hop stats` prints, and what is written in the end."""
        with scratch() as directory:
            file = directory / "counters"
            outcome = self.check(ECHOES + "print(hop('stats', '--json').stdout)", "--counters",
                                 str(file))
            for counters in (json.loads(outcome.out), json.loads(file.read_text())):
                self.assertEqual(counters["tuns"]["tun0"], {"received": 3200, "written": 3200})
                self.assertEqual(counters["nodes"]["web"]["delivered"], 3200)

    def test_events(self):
        """Those of all workers are told."""
        outcome = self.check("""
events = subprocess.Popen((HOP, "events"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
assert events.stdout.readline() == "listening; Ctrl-C ends it\\n"
outcomes("198.18.5.9")
for _ in range(%d):
    print(events.stdout.readline(), end="")
events.terminate()
""" % FLOWS)
        self.assertEqual(outcome.out.count(" web dropped port-unreachable: "), FLOWS, outcome)


class Changes(unittest.TestCase):
    """Of a network that runs."""

    def test_reach_all(self):
        """A link that is down is down for every flow."""
        outcome = in_lab("""
print(set(outcomes("198.18.5.9")))
hop("set", "link", "r1-web", "up=false")
print(set(outcomes("198.18.5.9")))
""")
        self.assertEqual(outcome.out, "{'Connection refused'}\n{'Network is unreachable'}\n", outcome)

    def test_that_flows_would_share(self):
        """Are refused, with what to do."""
        outcome = in_lab('print(hop("set", "link", "r1-web", "rate=10mbit").stderr)')
        self.assertIn("not with 2 workers: link r1-web has a rate then, which flows share; start the "
                      "network with --workers 1", outcome.out)

    def test_of_the_timeline(self):
        """Happen at all workers, and count when hop asks what flows share."""
        down = "timeline: [{ at: 0s, link: r1-web, set: { up: false } }]\n"
        outcome = in_lab('print(set(outcomes("198.18.5.9")))', topology=LAB + down)
        self.assertEqual((outcome.out, outcome.err), ("{'Network is unreachable'}\n", ""), outcome)
        outcome = in_lab("", topology=LAB + "timeline: [{ at: 60min, link: r1-web, set: { loss: 1% } }]\n")
        self.assertIn("one worker instead of 2: link r1-web has loss, which flows share", outcome.err)


class OneWorker(unittest.TestCase):
    """Where there cannot be several."""

    def test_shared(self):
        """Is said once, and by name; the network works, by one queue."""
        slow = LAB.replace("subnet: 198.18.5.0/24", "subnet: 198.18.5.0/24, rate: 1gbit")
        outcome = in_lab(ECHOES + "os.system('ip -d link show tun0')", topology=slow)
        self.assertEqual((outcome.status, outcome.err),
                         (0, "hop: one worker instead of 2: link r1-web has a rate, which flows share\n"),
                         outcome)
        self.assertNotIn("multi_queue", outcome.out)

    def test_capture(self):
        """Has the packets of all flows in their order."""
        with scratch() as directory:
            outcome = in_lab(ECHOES, "--capture", str(directory / "file"))
        self.assertIn("one worker instead of 2: --capture has packets in their order", outcome.err)

    def test_quiet(self):
        """Nothing but errors."""
        with scratch() as directory:
            outcome = in_lab(ECHOES, "--capture", str(directory / "file"), "--quiet")
        self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)

    def test_numbers(self):
        """That are none."""
        for number in ("0", "65", "two"):
            with self.subTest(number):
                outcome = hop_run("true", options=("--workers", number))
                self.assertEqual(outcome.status, 2, outcome)
                self.assertIn("--workers", outcome.err)


class Devices(unittest.TestCase):
    """That are there already, and how it ends."""

    def setUp(self):
        directory = self.enterContext(scratch())
        self.file = str(directory / "lab.yaml")
        (directory / "lab.yaml").write_text(LAB, encoding="utf-8")

    def test_with_one_queue(self):
        """Is refused, with what to do."""
        with Sandbox() as sandbox:
            sandbox.run("ip", "tuntap", "add", "tun0", "mode", "tun")
            outcome = sandbox.run(hop(), "up", *WORKERS, self.file)
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn("has one queue; make it with 'ip tuntap add tun0 mode tun multi_queue', use "
                      "--workers 1, or take another name", outcome.err)

    def test_with_several(self):
        """Is used by as many workers as are wanted, and stays."""
        with Sandbox() as sandbox:
            sandbox.run("ip", "tuntap", "add", "tun0", "mode", "tun", "multi_queue")
            for number in ("1", "2"):
                with hop_until_ready("up", "--workers", number, self.file,
                                     prefix=sandbox.prefix()) as program:
                    self.assertIn(f"numqueues {number} ",
                                  sandbox.run("ip", "-d", "link", "show", "tun0").out)
                    self.assertEqual(program.stop().status, 0)
            self.assertIn("tun0", sandbox.run("ip", "link").out)

    def test_end(self):
        """The counters of both, and nothing is left."""
        with Sandbox() as sandbox:
            with hop_until_ready("up", *WORKERS, self.file, prefix=sandbox.prefix()) as program:
                sandbox.run("ping", "-n", "-f", "-c", "100", "198.18.0.2")
                outcome = program.stop()
            self.assertEqual(outcome.status, 0, outcome)
            self.assertTrue(re.search(r"(?m)^r1: answered=100 ", outcome.out), outcome)
            self.assertNotIn("tun0", sandbox.run("ip", "link").out)

    def test_deleted_meanwhile(self):
        """Is told once, though both workers see it."""
        with Sandbox() as sandbox:
            with hop_until_ready("up", *WORKERS, self.file, prefix=sandbox.prefix()) as program:
                sandbox.run("ip", "link", "delete", "tun0")
                outcome = program.finish()
        self.assertEqual((outcome.status, outcome.err.count("tun0 is gone")), (1, 1), outcome)


if __name__ == "__main__":
    unittest.main()
