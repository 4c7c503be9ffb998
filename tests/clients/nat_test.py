"""A NAT between the kernel and itself: real clients at a TUN inside, and servers at one outside."""

import json
import re
import unittest

from examples import path
from support import Outcome, hop, run, scratch

OUTSIDE = "198.51.100.2"  # the NAT
SERVER = "203.0.113.80"
HOME = "192.168.1.2"
# One datagram or connection each; a server prints whom it sees, and says when it is ready.
UDP_SERVER = ("import socket; s = socket.socket(2, 2); s.bind(('', 7000)); print('ready', flush=True); "
              "d, who = s.recvfrom(9); print(*who, flush=True); s.sendto(d, who)")
TCP_SERVER = ("import socket, sys; s = socket.create_server(('', int(sys.argv[1]))); "
              "print('ready', flush=True); c, who = s.accept(); print(*who, flush=True); "
              "c.sendall(c.recv(9)); c.close()")
UDP_CLIENT = ("import socket; s = socket.socket(2, 2); s.bind(('', 5000)); "
              f"s.connect(('{SERVER}', 7000)); s.send(b'hello'); print('got', s.recv(9).decode())")
TCP_CLIENT = ("import socket, sys; s = socket.create_connection((sys.argv[1], int(sys.argv[2]))); "
              "s.sendall(b'hello'); print('got', s.recv(9).decode())")


def lab(settings: str = "") -> str:
    """home - nat - isp - far - web; the link between isp and far is narrow."""
    return f"""
tuns:
  home: {{ address: {HOME}/24, netns: home, routes: [default] }}  # for dublin-traceroute
  web: {{ address: {SERVER}/24, netns: web }}
nodes:
  nat: {{ nat: {{ external: nat-isp{settings} }} }}
  isp: {{}}
  far: {{}}
links:
  - endpoints: [home, nat]
  - endpoints: [{{ node: nat, address: {OUTSIDE}/24 }}, {{ node: isp, address: 198.51.100.1/24 }}]
  - endpoints: [{{ node: isp, address: 198.51.101.1/24 }}, {{ node: far, address: 198.51.101.2/24 }}]
    mtu: 1300
  - endpoints: [far, web]
"""


ROUTERS = ["192.168.1.1", "198.51.100.1", "198.51.101.2"]


class WithNat(unittest.TestCase):
    """Commands at both ends."""

    def inside(self, *command: str, settings: str = "") -> Outcome:
        """A command at home, in a directory of its own."""
        with scratch() as directory:
            (directory / "lab.yaml").write_text(lab(settings), encoding="utf-8")
            return run(hop(), "run", str(directory / "lab.yaml"), "--", *command, cwd=directory)

    def shell(self, text: str, settings: str = "") -> Outcome:
        """The same of a shell, for which `hop` is the program to test, and web its other end."""
        return self.inside("bash", "-c", f'hop() {{ "{hop()}" "$@"; }}; web() {{ hop exec web -- "$@"; }}; '
                           + text, settings=settings)

    @staticmethod
    def met(server: str, client: str) -> str:
        """Runs a client when the server is ready, and prints what both say."""
        return f"{server} | {{ read ready; {client}; cat; }}"


class Ping(WithNat):
    """Echo, by its identifier."""

    def test_through(self):
        """Three routers there and back."""
        ping = self.inside("ping", "-n", "-c", "3", "-i", "0.2", SERVER)
        self.assertIn("3 received, 0% packet loss", ping.out, ping)
        self.assertEqual(ping.out.count("ttl=61"), 3, ping)

    def test_in_fragments(self):
        """Put together, and cut again."""
        ping = self.inside("ping", "-n", "-c", "2", "-i", "0.2", "-s", "4000", "-M", "dont", SERVER)
        self.assertIn("2 received, 0% packet loss", ping.out, ping)

    def test_from_outside(self):
        """The NAT answers, and nobody behind it."""
        done = self.shell(f"web ping -n -c 1 {OUTSIDE}; web ping -n -c 1 -W 1 {HOME}; "
                          "hop stats nat")
        self.assertIn(f"64 bytes from {OUTSIDE}: icmp_seq=1 ttl=62", done.out, done)
        self.assertIn("1 packets transmitted, 0 received", done.out, done)
        self.assertRegex(done.out, r"(?m)^nat: .* drop\.nat-filtered=1\b", done)


class Traces(WithNat):
    """Errors from outside find who caused them."""

    def test_udp(self):
        """traceroute."""
        trace = self.inside("traceroute", "-n", "-q", "1", SERVER)
        self.assertEqual(path(trace), [*ROUTERS, SERVER], trace)

    def test_icmp(self):
        """traceroute -I."""
        trace = self.inside("traceroute", "-I", "-n", "-q", "1", SERVER)
        self.assertEqual(path(trace), [*ROUTERS, SERVER], trace)

    def test_tcp(self):
        """traceroute -T."""
        trace = self.inside("traceroute", "-T", "-n", "-q", "1", SERVER)
        self.assertEqual(path(trace), [*ROUTERS, SERVER], trace)

    def test_quotes_left_as_they_are(self):
        """Nobody knows these errors, of routers or of the server."""
        trace = self.inside("traceroute", "-n", "-q", "1", "-w", "1", "-m", "4", SERVER,
                            settings=", errors: outer-only")
        self.assertEqual(path(trace), [ROUTERS[0], "*", "*", "*"], trace)

    def test_dropped_errors(self):
        """The same, and they are counted."""
        done = self.shell(f"traceroute -n -q 1 -w 1 -m 2 {SERVER}; hop stats nat",
                          settings=", errors: drop")
        self.assertRegex(done.out, r"(?m)^nat: .* drop\.nat-error-dropped=1\b", done)
        self.assertEqual(path(done)[:2], [ROUTERS[0], "*"], done)

    def test_stale_checksums_are_no_matter_to_the_kernel(self):
        """It looks at ports alone."""
        trace = self.inside("traceroute", "-n", "-q", "1", SERVER, settings=", errors: stale-checksums")
        self.assertEqual(path(trace), [*ROUTERS, SERVER], trace)


    def test_nat_id(self):
        """dublin-traceroute knows a NAT by the checksum that a quote still has from outside."""
        for errors, is_known in (("translate", False), ("stale-checksums", True)):
            with self.subTest(errors):
                trace = self.inside("dublin-traceroute", "--npaths=5", "--max-ttl=4", SERVER,
                                    settings=f", errors: {errors}")
                self.assertIn(f"{SERVER} ({SERVER})", trace.out, trace)
                self.assertEqual("NAT detected" in trace.out, is_known, trace)


class PathMtu(WithNat):
    """The MTU of 1300 is behind the NAT."""

    LEARNT = r"cache expires \d+sec mtu 1300\b"
    PING = f"ping -n -c 1 -W 1 -M do -s 1372 {SERVER}; ip route get {SERVER}"

    def test_is_learnt(self):
        """By the kernel, from an error about its own packet."""
        done = self.shell(self.PING)
        self.assertIn("From 198.51.100.1 icmp_seq=1 Frag needed and DF set (mtu = 1300)", done.out)
        self.assertRegex(done.out, self.LEARNT, done)

    def test_is_found_by_tracepath(self):
        """Which says where."""
        trace = self.inside("tracepath", "-n", SERVER)
        self.assertRegex(trace.out, r"198\.51\.100\.1 .*pmtu 1300", trace)
        self.assertIn("Resume: pmtu 1300", trace.out, trace)

    def test_is_not_learnt_from_quotes_left_as_they_are(self):
        """What breaks connections behind such boxes; ping looks at its identifier alone."""
        done = self.shell(self.PING, settings=", errors: outer-only")
        self.assertIn("Frag needed", done.out, done)
        self.assertIn(f"{SERVER} dev home src {HOME}", done.out, done)
        self.assertNotRegex(done.out, self.LEARNT, done)


class Sockets(WithNat):
    """Whom a server sees."""

    def test_udp(self):
        """The NAT, with the port of the client."""
        done = self.shell(self.met(f'web python3 -c "{UDP_SERVER}"', f'python3 -c "{UDP_CLIENT}"'))
        self.assertEqual(done.out, f"got hello\n{OUTSIDE} 5000\n", done)

    def test_ports(self):
        """Those that it may take."""
        done = self.shell(self.met(f'web python3 -c "{UDP_SERVER}"', f'python3 -c "{UDP_CLIENT}"'),
                          settings=", ports: 6000-6001, port-assignment: sequential")
        self.assertEqual(done.out, f"got hello\n{OUTSIDE} 6000\n", done)

    def test_tcp(self):
        """The NAT."""
        done = self.shell(self.met(f'web python3 -c "{TCP_SERVER}" 7000',
                                   f'python3 -c "{TCP_CLIENT}" {SERVER} 7000'))
        self.assertRegex(done.out, rf"^got hello\n{re.escape(OUTSIDE)} \d+\n$", done)

    def test_forwarded_port(self):
        """Leads to a server at home, which sees who comes."""
        done = self.shell(self.met(f'python3 -c "{TCP_SERVER}" 80',
                                   f'web python3 -c "{TCP_CLIENT}" {OUTSIDE} 8080'),
                          settings=f", forward: [{{ protocol: tcp, port: 8080, to: {HOME}:80 }}]")
        self.assertRegex(done.out, rf"^got hello\n{re.escape(SERVER)} \d+\n$", done)

    def test_turned_round(self):
        """Home reaches its own server by the address outside, which it sees, too."""
        done = self.shell(self.met(f'python3 -c "{TCP_SERVER}" 80',
                                   f'python3 -c "{TCP_CLIENT}" {OUTSIDE} 8080'),
                          settings=f", forward: [{{ protocol: tcp, port: 8080, to: {HOME}:80 }}]")
        self.assertRegex(done.out, rf"^got hello\n{re.escape(OUTSIDE)} \d+\n$", done)


class Check(unittest.TestCase):
    """hop check."""

    TOPOLOGY = """
tuns: { home: { address: 192.168.1.2/24, netns: home }, web: { address: 203.0.113.80/24, netns: web } }
nodes: { nat: { nat: { external: nat-isp } }, isp: {}, pc: { kind: host } }
links:
  - { endpoints: [home, nat, pc], subnet: 192.168.1.0/24 }
  - { endpoints: [nat, isp], subnet: 198.51.100.0/24 }
  - { endpoints: [isp, web] }
"""

    def test_paths(self):
        """Out and back by the address outside; and nobody comes in."""
        done = run(hop(), "check", "--json", "/dev/stdin", text=self.TOPOLOGY)
        paths = {(path["tun"], path["to"]): path for path in json.loads(done.out)["paths"]}
        there = paths["home", "isp"]
        self.assertEqual([step["address"] for step in there["forward"]["hops"]],
                         ["192.168.1.1", "198.51.100.2"], there)
        self.assertTrue(there["symmetric"], there)
        self.assertEqual(paths["web", "pc"]["forward"]["fault"],
                         "nat is a NAT and lets nothing in to 192.168.1.3", paths)


class Changing(WithNat):
    """hop set."""

    def test_sessions_begin_anew(self):
        """With another range of ports, as when the box is started again."""
        done = self.shell(f"hop set node nat nat.ports=7000-7009 && ping -n -c 1 {SERVER} && "
                          "hop set node nat nat=off && "
                          f"ping -n -c 1 {SERVER} && web ping -n -c 1 {HOME}")
        self.assertEqual(done.status, 0, done)
        self.assertEqual(done.out.count("1 received"), 3, done)

    def test_mistakes(self):
        """Are told as in a file."""
        done = self.shell("hop set node nat nat.external=isp-far")
        self.assertEqual(done.status, 2, done)
        self.assertIn("no link is named 'isp-far' that 'nat' is on", done.err)


if __name__ == "__main__":
    unittest.main()
