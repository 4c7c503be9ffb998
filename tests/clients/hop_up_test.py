"""`hop up`: devices, addresses and routes come and go, and what was there before stays."""

import contextlib
import json
import re
import shlex
import signal
import unittest
from collections.abc import Iterator

from support import Running, Sandbox, hop, hop_until_ready, scratch, watch
from tour import ROUTERS, TUN, WEB


def state(sandbox: Sandbox) -> tuple:
    """Devices with their MTU, addresses and whether they are up, and all routes. What the kernel
    changes by itself when somebody opens a device (carrier, queue, IPv6) is left out."""
    devices = json.loads(sandbox.run("ip", "-json", "address").out)
    return (
        [(d["ifname"], d["mtu"], "UP" in d["flags"], addresses(d)) for d in devices],
        sandbox.run("ip", "-4", "route", "show", "table", "all").out.replace(" linkdown", ""),
        sandbox.run("ip", "rule").out,
    )


def addresses(device: dict) -> list[str]:
    """The IPv4 addresses of a device, as ADDRESS/LENGTH."""
    return [f"{a['local']}/{a['prefixlen']}" for a in device["addr_info"] if a["family"] == "inet"]


@contextlib.contextmanager
def up(sandbox: Sandbox, *arguments: str) -> Iterator[Running]:
    """`hop up` inside, ready."""
    with hop_until_ready("up", *arguments, prefix=sandbox.prefix()) as program:
        yield program


class Ending(unittest.TestCase):
    """A signal ends it, in good order."""

    def check(self, number: signal.Signals) -> None:
        """Status 0, and the device and its routes are gone."""
        with Sandbox() as sandbox:
            before = state(sandbox)
            with up(sandbox) as program:
                self.assertIn("198.18.4.0/24", state(sandbox)[1])
                outcome = program.stop(number)
            self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
            self.assertEqual(state(sandbox), before)

    def test_interrupt(self):
        """SIGINT, from the keyboard."""
        self.check(signal.SIGINT)

    def test_terminate(self):
        """SIGTERM, from a service manager."""
        self.check(signal.SIGTERM)

    def test_hang_up(self):
        """SIGHUP, when the terminal goes away."""
        self.check(signal.SIGHUP)

    def test_quit(self):
        """SIGQUIT, from the keyboard too."""
        self.check(signal.SIGQUIT)

    def test_says_what_became_of_all_packets(self):
        """A line of counters for the device and for each router that had packets."""
        with Sandbox() as sandbox:
            with up(sandbox) as program:
                sandbox.run("ping", "-n", "-c", "3", "-i", "0.01", ROUTERS[1])
                outcome = program.stop()
        self.assertRegex(outcome.out, r"(?m)^tun0: received=\d+ written=3$", outcome)
        self.assertRegex(outcome.out, r"(?m)^r2: answered=3 ", outcome)

    def test_killed(self):
        """Even then: the kernel takes back a device that hop made, at once but from io_uring, of which
        io_test asks."""
        with Sandbox() as sandbox:
            before = state(sandbox)
            with up(sandbox, "--io", "epoll") as program:
                program.stop(signal.SIGKILL)
            self.assertEqual(state(sandbox), before)

    def test_device_deleted_meanwhile(self):
        """A lost device ends it with a failure that says so."""
        with Sandbox() as sandbox:
            with up(sandbox) as program:
                sandbox.run("ip", "link", "delete", "tun0")
                outcome = program.finish()
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn("tun0 is gone", outcome.err)


class WhileItRuns(unittest.TestCase):
    """While it runs."""

    def test_answers(self):
        """Packets of the kernel are answered."""
        with Sandbox() as sandbox, up(sandbox):
            outcome = sandbox.run("ping", "-n", "-c", "1", WEB)
        self.assertEqual(outcome.status, 0, outcome)

    def test_says_what_to_try(self):
        """A table of commands, once it is up. Each makes the network send something back, unless
        the table says that nothing comes."""
        with Sandbox() as sandbox, up(sandbox) as program:
            outcome = program.stop()
        self.assertRegex(outcome.out, rf"tun0 is up .*{TUN}/24", outcome)
        rows = re.findall(r"^  ((?:ping|traceroute|tracepath|nping|nmap) .*?\S) {2,}(.+)$",
                          outcome.out, re.MULTILINE)
        self.assertGreater(len(rows), 10, outcome)
        for command, shows in rows:
            with self.subTest(command):
                seen = watch(*shlex.split(command.replace(".N.", ".0.")))
                answers = [packet for packet in seen.packets if packet.source != TUN]
                self.assertEqual(bool(answers), not shows.startswith("nothing"), seen)

    def test_quiet(self):
        """Nothing but errors."""
        with Sandbox() as sandbox, up(sandbox, "--quiet") as program:
            outcome = program.stop()
        self.assertEqual((outcome.out, outcome.err), ("", ""), outcome)

    def test_survives_a_device_that_is_taken_down(self):
        """Set down and up again, it goes on."""
        with Sandbox() as sandbox, up(sandbox):
            sandbox.run("ip", "link", "set", "tun0", "down")
            sandbox.run("ip", "link", "set", "tun0", "up")
            outcome = sandbox.run("ping", "-n", "-c", "1", "-W", "1", ROUTERS[0])
        self.assertEqual(outcome.status, 0, outcome)

    def test_two_networks(self):
        """Each with a device of its own, in one namespace."""
        with Sandbox() as sandbox, scratch() as directory:
            file = directory / "second.yaml"
            file.write_text("tuns: { tun1: { address: 10.9.8.1/24 } }\nnodes: { r: {} }\n"
                            "links: [ { endpoints: [tun1, r] } ]\n", encoding="utf-8")
            with up(sandbox), up(sandbox, str(file)):
                for address in (WEB, "10.9.8.2"):
                    outcome = sandbox.run("ping", "-n", "-c", "1", address)
                    self.assertEqual(outcome.status, 0, outcome)


class Persistent(unittest.TestCase):
    """A device that was there before (`ip tuntap add`) is attached to and left as it was found."""

    def check(self, *setup: str) -> None:
        """`hop up` works, and nothing has changed after it."""
        with Sandbox() as sandbox:
            for command in ("ip tuntap add dev tun0 mode tun", *setup):
                done = sandbox.run(*command.split())
                self.assertEqual(done.status, 0, done)
            before = state(sandbox)
            with up(sandbox) as program:
                ping = sandbox.run("ping", "-n", "-c", "1", WEB)
                self.assertEqual(ping.status, 0, ping)
                outcome = program.stop()
            self.assertEqual((outcome.status, outcome.err), (0, ""), outcome)
            self.assertEqual(state(sandbox), before)

    def test_bare(self):
        """Without address, down."""
        self.check()

    def test_with_the_address(self):
        """The address of the file, up: both stay."""
        self.check(f"ip address add {TUN}/24 dev tun0", "ip link set tun0 up")

    def test_with_another_mtu(self):
        """Its MTU comes back."""
        self.check("ip link set tun0 mtu 1280")

    def test_with_a_route(self):
        """A route that was there already stays."""
        self.check(f"ip address add {TUN}/24 dev tun0", "ip link set tun0 up",
                   "ip route add 198.18.4.0/24 dev tun0")


class Refused(unittest.TestCase):
    """Each refusal says what, why, and what to do; and undoes what was done."""

    def check(self, setup: tuple[str, ...], *patterns: str) -> None:
        """`hop up` fails with a message of all these patterns, and leaves things as they were."""
        with Sandbox() as sandbox:
            for command in setup:
                done = sandbox.run(*command.split())
                self.assertEqual(done.status, 0, done)
            before = state(sandbox)
            outcome = sandbox.run(hop(), "up")
            self.assertEqual(outcome.status, 1, outcome)
            for pattern in ("hop: cannot .+; .+", *patterns):
                self.assertRegex(outcome.err, pattern)
            self.assertEqual(state(sandbox), before)

    def test_other_address(self):
        """The device has an address that is not the one in the file."""
        self.check(("ip tuntap add dev tun0 mode tun", "ip address add 10.1.1.1/24 dev tun0"),
                   r"tun0 with address 198\.18\.0\.1/24: it has 10\.1\.1\.1/24")

    def test_route_of_another_device(self):
        """A subnet of the network is routed elsewhere."""
        self.check(("ip tuntap add dev other mode tun", "ip link set other up",
                    "ip route add 198.18.4.0/24 dev other"), r"198\.18\.4\.0/24 .*other")

    def test_not_a_tun_device(self):
        """The name belongs to something else: a TAP device carries frames, not packets."""
        self.check(("ip tuntap add dev tun0 mode tap",), "tun0")

    def test_in_use(self):
        """Another process has the device."""
        with Sandbox() as sandbox, up(sandbox):
            outcome = sandbox.run(hop(), "up")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertRegex(outcome.err, r"hop: cannot attach to TUN device tun0: .+; .+")

    def test_no_device_node(self):
        """The path names nothing."""
        with Sandbox() as sandbox:
            outcome = sandbox.run(hop(), "up", "--tun-device", "/dev/no-such-node")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertRegex(outcome.err, r"hop: cannot open /dev/no-such-node: .+; .+")

    def test_without_privilege(self):
        """No CAP_NET_ADMIN: the message names `hop run`."""
        with Sandbox() as sandbox:
            outcome = sandbox.run("setpriv", "--inh-caps=-all", "--bounding-set=-all", hop(), "up")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn("hop run", outcome.err, outcome)


if __name__ == "__main__":
    unittest.main()
