"""Open, closed and filtered TCP ports, as clients see them."""

import re
import unittest

from support import Outcome, hop_run, scratch

LAB = """
tuns: { tun0: { address: 198.18.0.1/24, routes: [203.0.113.0/24] } }
nodes:
  r1: {}
  web:
    kind: host
    tcp: { open: [80, 8000-8100], sink: [9], filtered: [25] }
    udp: { filtered: [53] }
  strict: { kind: host, tcp: { filtered: all, reject: admin-prohibited } }
links:
  - endpoints: [tun0, r1]
  - { endpoints: [r1, { node: web, address: 203.0.113.80/26 }], subnet: 203.0.113.64/26 }
  - { endpoints: [r1, { node: strict, address: 203.0.113.130/26 }], subnet: 203.0.113.128/26 }
"""
WEB, STRICT = "203.0.113.80", "203.0.113.130"

SOCKETS = """
import socket
def connected(port):
    return socket.create_connection(("203.0.113.80", port), 50)
"""


def in_lab(*command: str) -> Outcome:
    """`hop run` of the network of these tests."""
    with scratch() as directory:
        file = directory / "lab.yaml"
        file.write_text(LAB, encoding="utf-8")
        return hop_run(*command, file=file)


def python(code: str) -> Outcome:
    """A program that talks to the host."""
    return in_lab("python3", "-c", SOCKETS + code)


class Ports(unittest.TestCase):
    """What scanners make of them."""

    def states(self, *options: str) -> dict[str, str]:
        """Of five ports, by nmap."""
        outcome = in_lab("nmap", "-n", "-Pn", "--max-retries", "2", "-p", "9,25,80,81,8050",
                         *options, WEB)
        return dict(re.findall(r"(?m)^(\d+)/\w+ +(\S+)", outcome.out))

    def test_nmap(self):
        """By half a handshake and by a whole one."""
        expected = {"9": "open", "25": "filtered", "80": "open", "81": "closed", "8050": "open"}
        for scan in ("-sS", "-sT"):
            with self.subTest(scan):
                self.assertEqual(self.states(scan), expected)

    def test_traceroute(self):
        """-T ends at an open port; -O info says so."""
        outcome = in_lab("traceroute", "-n", "-w", "5,0,0", "-T", "-O", "info", "-p", "80", WEB)
        self.assertRegex(outcome.out, rf"(?m)^ 2  {re.escape(WEB)} .*<syn,ack", outcome)

    def test_reject(self):
        """Told by the code that the file has; the kernel calls 3/13 EHOSTUNREACH."""
        outcome = in_lab("python3", "-c", f"""
import socket
try: socket.create_connection(("{STRICT}", 80), 50)
except OSError as error: print(error.errno)
""")
        self.assertEqual(outcome.out, "113\n", outcome)


class Connections(unittest.TestCase):
    """What is said over them."""

    def test_closes_after_the_first_data(self):
        """The end of the file, not a reset."""
        outcome = python("s = connected(80); s.sendall(b'hello'); print(s.recv(9))")
        self.assertEqual(outcome.out, "b''\n", outcome)

    def test_sink_takes_all(self):
        """A megabyte, until the client closes its half."""
        outcome = python("""
s = connected(9); s.sendall(bytes(1 << 20)); s.shutdown(socket.SHUT_WR); print(s.recv(9))
""")
        self.assertEqual(outcome.out, "b''\n", outcome)

    def test_many_at_once(self):
        """Each with an end of its own."""
        outcome = python("""
many = [connected(8000 + i % 101) for i in range(300)]
for s in many: s.sendall(b'x')
print({s.recv(9) for s in many})
""")
        self.assertEqual(outcome.out, "{b''}\n", outcome)

    def test_curl(self):
        """Reaches an open port, where nobody speaks HTTP (52), and a closed one (7)."""
        self.assertEqual(in_lab("curl", "-s", f"http://{WEB}/").status, 52)
        self.assertEqual(in_lab("curl", "-s", f"http://{WEB}:81/").status, 7)


if __name__ == "__main__":
    unittest.main()
