"""`hop run`: a private network, a command in it, its status, and nothing left behind."""

import pathlib
import signal
import sys
import unittest

from support import (Outcome, Running, Sandbox, as_ordinary_user, copy_of_hop, hop, hop_run,
                     hop_until_ready, open_tun_device, run, scratch, tool)
from tour import ROUTERS, TUN, WEB


# A command that says when it runs, and runs until a signal ends it.
WAIT = ("sh", "-c", "echo waiting; exec tail -f /dev/null")


class Status(unittest.TestCase):
    """The status of hop is that of the command."""

    def test_success(self):
        """0."""
        self.assertEqual(hop_run("true").status, 0)

    def test_failure(self):
        """Any number."""
        self.assertEqual(hop_run("sh", "-c", "exit 7").status, 7)

    def test_killed(self):
        """128 and the number of the signal, as a shell has it."""
        self.assertEqual(hop_run("sh", "-c", "kill -KILL $$").status, 128 + signal.SIGKILL)

    def test_no_such_command(self):
        """127, as env(1) has it, and a message that names it."""
        outcome = hop_run("no-such-command")
        self.assertEqual(outcome.status, 127, outcome)
        self.assertRegex(outcome.err, "hop: cannot run no-such-command: [Nn]o such file", outcome)

    def test_not_executable(self):
        """126."""
        outcome = hop_run("/dev/null")
        self.assertEqual(outcome.status, 126, outcome)


class Streams(unittest.TestCase):
    """Standard streams and arguments are those of the command."""

    def test_input_and_output(self):
        """What goes in comes out, and nothing else."""
        outcome = hop_run("cat", text="one\ntwo\n")
        self.assertEqual((outcome.out, outcome.err), ("one\ntwo\n", ""), outcome)

    def test_arguments(self):
        """Options behind -- are the command's, and so is a second --."""
        outcome = hop_run("printf", "%s\\n", "--help", "--", "a b")
        self.assertEqual(outcome.out, "--help\n--\na b\n", outcome)

    def test_shell(self):
        """Without a command $SHELL runs, and reads what it is told."""
        outcome = run("env", "SHELL=/bin/sh", hop(), "run", "--quiet",
                      text=f"ping -c1 {WEB} && exit 3\n")
        self.assertIn(f"from {WEB}", outcome.out, outcome)
        self.assertEqual(outcome.status, 3, outcome)

    def test_no_open_descriptor_is_inherited(self):
        """Neither the device nor the capture nor the word of readiness is the command's."""
        with scratch() as directory:
            outcome = hop_run("ls", "-l", "/proc/self/fd",
                              options=("--capture", str(directory / "a.pcap")))
        self.assertNotRegex(outcome.out, r"-> .*(tun|pcap|socket|anon_inode)", outcome)


class Signals(unittest.TestCase):
    """Signals reach the command, which decides."""

    def check(self, number: signal.Signals) -> None:
        """The command gets the signal, says so, and its status is hop's."""
        script = (f"import signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [{int(number)}]); "
                  f"print('waiting', flush=True); got = signal.sigwait([{int(number)}]); "
                  "print('got', int(got)); sys.exit(42)")
        with Running((hop(), "run", "--", sys.executable, "-c", script)) as program:
            self.assertEqual(program.read_line(), "waiting\n")
            outcome = program.stop(number)
        self.assertEqual(outcome.out, f"got {int(number)}\n", outcome)
        self.assertEqual(outcome.status, 42, outcome)

    def test_terminate(self):
        """SIGTERM."""
        self.check(signal.SIGTERM)

    def test_interrupt(self):
        """SIGINT."""
        self.check(signal.SIGINT)

    def test_hang_up(self):
        """SIGHUP."""
        self.check(signal.SIGHUP)

    def test_user(self):
        """SIGUSR1, which hop has no use for itself."""
        self.check(signal.SIGUSR1)

    def test_defaults_are_restored(self):
        """The command finds signals as hop found them: SIGTERM ends it."""
        with Running((hop(), "run", "--", *WAIT)) as program:
            self.assertEqual(program.read_line(), "waiting\n")
            outcome = program.stop(signal.SIGTERM)
        self.assertEqual(outcome.status, 128 + signal.SIGTERM, outcome)

    def test_command_dies_with_hop(self):
        """Killed, hop takes the command along: its output ends."""
        with Running((hop(), "run", "--", *WAIT)) as program:
            self.assertEqual(program.read_line(), "waiting\n")
            outcome = program.stop(signal.SIGKILL)
        self.assertEqual(outcome.status, -signal.SIGKILL, outcome)


    def test_child_signal_is_ignored(self):
        """Started by a program that ignores SIGCHLD, hop still sees its command end."""
        outcome = run("sh", "-c", "trap '' CHLD; exec \"$0\" run -- sh -c 'exit 7'", hop())
        self.assertEqual(outcome.status, 7, outcome)


class Network(unittest.TestCase):
    """What the command finds."""

    def test_devices(self):
        """Loopback and the TUN device, both up."""
        outcome = hop_run("ip", "-brief", "address")
        names = [line.split()[0] for line in outcome.out.splitlines()]
        self.assertEqual(names, ["lo", "tun0"], outcome)
        self.assertIn(f"{TUN}/24", outcome.out)

    def test_answers_at_once(self):
        """The command starts when packets are answered: the first ping is."""
        outcome = hop_run("ping", "-n", "-c", "1", "-W", "1", WEB)
        self.assertEqual(outcome.status, 0, outcome)

    def test_other_name(self):
        """--tun renames the device."""
        outcome = hop_run("ip", "-brief", "link", "show", "wire0", options=("--tun", "wire0"))
        self.assertEqual(outcome.status, 0, outcome)

    def test_root_inside(self):
        """Root of the namespace, as `unshare -Ur` has it."""
        self.assertEqual(hop_run("id", "-u").out, "0\n")

    def test_ready_fd(self):
        """The word comes once, when the command starts."""
        with hop_until_ready("run", prefix=()) as program:
            self.assertEqual(program.finish().status, 0)

    def test_ready_fd_that_is_not_open(self):
        """A wrong number is a usage error, even one that hop itself would use next."""
        for number in range(3, 8):
            outcome = hop_run("true", options=("--ready-fd", str(number)))
            self.assertEqual(outcome.status, 2, outcome)
            self.assertIn(f"--ready-fd {number}: ", outcome.err, outcome)

    def test_packets_larger_than_the_link(self):
        """Whoever raises the MTU of the device gets larger packets through."""
        outcome = hop_run("sh", "-c", f"ip link set tun0 mtu 9000; ping -n -c1 -s 8000 {ROUTERS[0]}")
        self.assertEqual(outcome.status, 0, outcome)

    def test_own_files(self):
        """A topology file instead of the tour."""
        with scratch() as directory:
            file = directory / "pair.yaml"
            file.write_text("tuns: { t0: { address: 10.9.8.1/30 } }\nnodes: { r: {} }\n"
                            "links: [ { endpoints: [t0, r] } ]\n", encoding="utf-8")
            outcome = hop_run("ping", "-n", "-c", "1", "10.9.8.2", file=file)
        self.assertEqual(outcome.status, 0, outcome)


class Traces(unittest.TestCase):
    """`hop run` leaves nothing behind."""

    def test_devices_routes_and_namespaces(self):
        """The namespace that it was started from looks as before."""
        look = "ip address; ip route; ip rule; ls /run/netns 2>/dev/null"
        with Sandbox() as sandbox:
            before = sandbox.run("sh", "-c", look)
            outcome = sandbox.run(hop(), "run", "--", "ping", "-n", "-c", "1", WEB)
            after = sandbox.run("sh", "-c", look)
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(before, after)

    def test_processes(self):
        """Nobody is left in a process namespace but the shell that asks."""
        script = '"$0" run -- true; echo /proc/[0-9]*'
        outcome = run("unshare", "-Urpf", "--mount-proc", "sh", "-c", script, hop())
        self.assertEqual(outcome.out, "/proc/1\n", outcome)

    def test_files(self):
        """No file appears, neither in the working directory nor where temporary files go."""
        with scratch() as directory:
            run("env", f"TMPDIR={directory}", f"HOME={directory}", hop(), "run", "--", "true",
                cwd=directory)
            self.assertEqual(list(directory.iterdir()), [])


class OrdinaryUser(unittest.TestCase):
    """No root is needed."""

    def run_as_nobody(self, node: pathlib.Path, *command: str) -> Outcome:
        """hop run as a user without any privilege, with a device node of the test's own."""
        with scratch() as directory:
            return run(copy_of_hop(directory), "run", "--tun-device", str(node), "--", *command,
                       prefix=as_ordinary_user(), cwd="/")

    def test_ping(self):
        """The network answers; inside, the user is root."""
        with open_tun_device() as node:
            outcome = self.run_as_nobody(node, "sh", "-c", f"id -u; ping -n -c 1 {WEB}")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertTrue(outcome.out.startswith("0\n"), outcome)

    def test_raw_sockets(self):
        """traceroute needs them, and has them."""
        with open_tun_device() as node:
            outcome = self.run_as_nobody(node, "traceroute", "-n", "-I", WEB)
        self.assertIn(f" 5  {WEB}", outcome.out, outcome)

    def test_closed_device_node(self):
        """A node that may not be opened: the message says which and what to do."""
        with open_tun_device(mode=0o600) as node:
            outcome = self.run_as_nobody(node, "true")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertRegex(outcome.err, rf"hop: cannot open {node}: [Pp]ermission denied; .+")


class Refused(unittest.TestCase):
    """User namespaces are forbidden."""

    def in_a_place_that_forbids(self, *prefix: str):
        """hop run where user.max_user_namespaces is 0."""
        script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
        return run("unshare", "-Ur", "sh", "-c", script, "-", *prefix, hop(), "run", "--", "true")

    def test_message(self):
        """It names the setting and what to do."""
        outcome = self.in_a_place_that_forbids("setpriv", "--inh-caps=-all", "--bounding-set=-all")
        self.assertEqual(outcome.status, 1, outcome)
        self.assertIn("user.max_user_namespaces is 0", outcome.err, outcome)
        self.assertIn("sysctl", outcome.err, outcome)

    def test_root_needs_none(self):
        """A network namespace alone does for one who may make it."""
        outcome = self.in_a_place_that_forbids(tool("env"))
        self.assertEqual(outcome.status, 0, outcome)


if __name__ == "__main__":
    unittest.main()
