"""hop set, stats, events and exec, and both ends of a network: what runs is asked and changed."""

import json
import os
import unittest

from support import Running, hop, hop_run, run, scratch

TWO_ENDS = """\
tuns:
  tunA: { address: 198.18.0.1/24, netns: left }
  tunB: { address: 198.18.9.1/24, netns: right }
nodes: { r1: {}, r2: {} }
links:
  - endpoints: [tunA, r1]
  - endpoints: [r1, r2]
  - endpoints: [r2, tunB]
"""
ONE_WORKER = ("--workers", "1")  # several do not make a link lossy
ONE_END = """\
tuns: { tun0: { address: 198.18.0.1/24 } }
nodes: { r1: {}, r2: {} }
links:
  - endpoints: [tun0, r1]
  - endpoints: [r1, { node: r2, address: 198.18.5.9/24 }]
"""
PING = "ping -n -c 1 -W 1"


class Inside(unittest.TestCase):
    """Of commands that `hop run` runs: they need not say which network."""

    def outcome(self, script: str, *options: str, topology: str = ONE_END):
        """How a script for sh(1) ends, in which `hop` is the program."""
        with scratch() as directory:
            file = directory / "lab.yaml"
            file.write_text(topology)
            return hop_run("sh", "-c", f'hop() {{ "{hop()}" "$@"; }}; {script}', file=file,
                           options=options)

    def test_mtu(self):
        """Packets that are too large from then on are reported, and the device follows its link."""
        done = self.outcome("hop set link r1-r2 mtu=1280; "
                            f"{PING} -M do -s 1300 198.18.5.9; "
                            "hop set link r1-tun0 mtu=1400; ip -o link show tun0")
        self.assertIn("From 198.18.0.2 icmp_seq=1 Frag needed and DF set (mtu = 1280)", done.out)
        self.assertIn(" mtu 1400 ", done.out, done)

    def test_link_down_and_up(self):
        """As the nodes see it."""
        done = self.outcome(f"hop set link r1-r2 up=false; {PING} 198.18.5.9; "
                            f"hop set link r1-r2 up=true; {PING} 198.18.5.9")
        self.assertIn("From 198.18.0.2 icmp_seq=1 Destination Net Unreachable", done.out, done)
        self.assertIn("64 bytes from 198.18.5.9: icmp_seq=1 ttl=63", done.out, done)

    def test_node(self):
        """Keys with dots, and lists."""
        done = self.outcome("hop set node r1 icmp.silent='[time-exceeded]' icmp.ttl=99; "
                            f"{PING} -t 1 198.18.5.9; {PING} 198.18.0.2; "
                            "hop set node r1 'filter=[{ protocol: icmp, reject: "
                            f"host-prohibited }}]'; {PING} 198.18.5.9")
        self.assertNotIn("Time to live exceeded", done.out, done)
        self.assertIn("from 198.18.0.2: icmp_seq=1 ttl=99", done.out, done)
        self.assertIn("Destination Host Prohibited", done.out, done)

    def test_mistakes(self):
        """Are told by the network, and change nothing."""
        for words, said in (("link r1-r9 mtu=1280", "no link is named 'r1-r9'"),
                            ("link r1-r2 dealy=5ms", "did you mean 'delay'?"),
                            ("link r1-r2 jitter=5ms", "a jitter of 5ms is more than the delay"),
                            ("node r1 kind=host", "'kind' cannot change while the network runs"),
                            ("node r1 up", "expected KEY=VALUE, found 'up'"),
                            ("port r1 up=false", "port not in {link,node}")):
            with self.subTest(words):
                done = self.outcome(f"hop set {words}")
                self.assertEqual((done.status, done.out), (2, ""), done)
                self.assertIn(said, done.err)

    def test_stats(self):
        """Lines as `hop up` prints in the end, of all or some, and JSON."""
        done = self.outcome(f"{PING} 198.18.5.9 >/dev/null; hop set link r1-r2 loss=100%; "
                            f"{PING} 198.18.5.9 >/dev/null; hop stats r1-r2 r2; hop stats --json",
                            *ONE_WORKER)
        self.assertEqual(done.out.splitlines()[:2], [
            "r1-r2 from r1: lost=1",
            "r2: answered=1 IpInReceives=1 IpInDelivers=1 IpOutRequests=1 IcmpInMsgs=1 "
            "IcmpOutMsgs=1 IcmpMsgInType8(echo-request)=1 IcmpMsgOutType0(echo-reply)=1"], done)
        told = json.loads(done.out.splitlines()[2])
        self.assertEqual(told["nodes"]["r1"]["forwarded"], 3)

    def test_stats_of_nobody(self):
        """Is a mistake, not an empty answer."""
        done = self.outcome("hop stats r1 r9")
        self.assertEqual((done.status, done.out), (2, ""), done)
        self.assertIn("no TUN, link or node is called 'r9'", done.err)

    def test_both_ends(self):
        """Each in a namespace of its own; --at and `hop exec` choose one."""
        done = self.outcome("ip -brief address show scope global; hop exec tunA -- ip -brief address "
                            f"show scope global; {PING} 198.18.0.1; hop exec tunA -- {PING} "
                            "198.18.9.1; exit 5", "--at", "tunB", topology=TWO_ENDS)
        self.assertRegex(done.out, r"^tunB .* 198.18.9.1/24 \ntunA .* 198.18.0.1/24 \n")
        self.assertEqual(done.out.count(" 0% packet loss"), 2, done)
        self.assertEqual(done.status, 5)

    def test_no_such_end(self):
        """Is told before anything runs."""
        done = self.outcome("echo ran", "--at", "tunC", topology=TWO_ENDS)
        self.assertEqual((done.status, done.out), (2, ""), done)
        self.assertIn("the network has no TUN 'tunC'", done.err)
        done = self.outcome("hop exec tunC -- true")
        self.assertEqual(done.status, 2, done)

    def test_exec_fails_as_its_command(self):
        """And as env(1) where there is none."""
        done = self.outcome("hop exec -- sh -c 'exit 7'; echo $?; hop exec -- /no/such/program")
        self.assertEqual((done.status, done.out), (127, "7\n"), done)

    def test_timeline(self):
        """Happens in the time of the machine; an event tells of it."""
        timeline = "timeline: [{ at: 300ms, every: 1s, link: r1-r2, set: { up: false } }]\n"
        done = self.outcome("hop events 2>/dev/null | { read -r event; echo $event; }; "
                            f"{PING} 198.18.5.9", topology=ONE_END + timeline)
        self.assertRegex(done.out, r"(?m)^\d+\.\d{9} link r1-r2: \{up: false\}$")
        self.assertIn("Destination Net Unreachable", done.out, done)


class Events(unittest.TestCase):
    """What `hop events` prints of packets."""

    def test_of_packets(self):
        """Those that were dropped or lost, with the reason and the place; all if that is wanted."""
        with scratch() as directory:
            file, socket = directory / "lab.yaml", str(directory / "hop.sock")
            file.write_text(ONE_END)
            script = f'echo ready; read -r go < "$1"; "$0" set link r1-r2 loss=100%; ' \
                     f'{PING} -t 1 198.18.5.9; {PING} 198.18.5.9'
            os.mkfifo(directory / "go")
            with Running((hop(), "run", *ONE_WORKER, "--control", socket, str(file), "--", "sh", "-c", script,
                          hop(), str(directory / "go"))) as network:
                self.assertEqual(network.read_line(), "ready\n")
                with self.listening(socket) as told, \
                        self.listening(socket, "--all", "--json") as every:
                    (directory / "go").write_text("go\n")
                    lines = told.finish().out.splitlines()
                    first = [json.loads(line) for line in every.finish().out.splitlines()]
        self.assertRegex(lines[0], r"^\d+\.\d{9} link r1-r2: \{loss: 100%\}$")
        self.assertRegex(lines[1], r" r1 dropped ttl-expired: 198.18.0.1 > 198.18.5.9 icmp 8 code 0 "
                                   r"ttl 1 length 84$")
        self.assertRegex(lines[2], r" r1-r2 from r1 lost: 198.18.0.1 > 198.18.5.9 icmp 8 code 0 "
                                   r"ttl 63 length 84$")
        self.assertEqual([event.get("verdict") for event in first],
                         [None, "dropped", "forwarded", "lost"])

    def listening(self, socket: str, *options: str) -> Running:
        """`hop events`, from when it would miss nothing."""
        events = Running(("sh", "-c", 'exec "$0" events "$@" 2>&1', hop(), "--control", socket,
                          *options))
        self.assertEqual(events.read_line(), "listening; Ctrl-C ends it\n")
        return events


class Sockets(unittest.TestCase):
    """Where the control socket is."""

    def test_nothing_runs(self):
        """Is told, with what to do."""
        with scratch() as directory:
            done = run("env", f"XDG_RUNTIME_DIR={directory}", hop(), "stats")
        self.assertEqual(done.status, 1, done)
        self.assertIn("no network runs; start one with 'hop up' or 'hop run'", done.err)

    def test_is_gone_with_the_network(self):
        """And only its user may use it meanwhile."""
        with scratch() as directory:
            socket = str(directory / "hop.sock")
            done = hop_run("stat", "-c", "%a", socket, options=("--control", socket))
            self.assertEqual(done.out, "600\n", done)
            self.assertFalse(os.path.exists(socket))

    def test_several_run(self):
        """Then one has to be chosen."""
        with scratch() as directory:
            inner = f'"{hop()}" run -- env -u HOP_CONTROL "{hop()}" stats'
            done = run("env", f"XDG_RUNTIME_DIR={directory}", hop(), "run", "--", "sh", "-c", inner)
        self.assertIn("several networks run; choose with --control one of: ", done.err, done)


if __name__ == "__main__":
    unittest.main()
