"""hop ping and hop traceroute print what iputils and traceroute(8) print, from the same place of the
same network: the real programs on this machine behind a TUN, ours on a node that stands for it."""

import re
import shlex
import unittest

from support import hop, hop_run, run, scratch

# Where the machine is, ours is the node `me` with the habits of Linux. r1 redirects to r4 what is for
# `side`. Codes of destination
# unreachable come from 192.0.CODE.0/24. Answers begin with unusual TTLs, for --back.
NETWORK = """
tuns: {{ tun0: {{ address: {tun} }} }}
nodes:
  {node}
  r1: {{ icmp: {{ ttl: 60 }} }}
  r2: {{ icmp: {{ ttl: 128 }} }}
  r3: {{ icmp: {{ ttl: 250 }} }}
  web: {{ kind: host }}
  r4: {{}}
  r5: {{}}
  side: {{ kind: host }}
links:
  - {{ endpoints: [{machine}, r1, r4], subnet: 198.18.0.0/24 }}
  - {{ endpoints: [r1, r2], subnet: 198.18.1.0/24, mtu: 1400 }}
  - {{ endpoints: [r2, r3], subnet: 198.18.2.0/24, mtu: 1000 }}
  - {{ endpoints: [r3, r5], subnet: 198.18.3.0/24 }}
  - {{ endpoints: [r5, web], subnet: 198.18.4.0/24, mtu: 900 }}
  - {{ endpoints: [r4, side], subnet: 198.18.5.0/24 }}
  {link}
routes:
  {route}
  r2:
    - {{ to: 192.0.100.0/24, type: blackhole }}
{rejects}
"""
CODES = ("net-unreachable", "host-unreachable", "protocol-unreachable", "port-unreachable",
         "frag-needed", "source-route-failed", "net-unknown", "host-unknown",
         "source-host-isolated", "net-prohibited", "host-prohibited",
         "net-unreachable-for-tos", "host-unreachable-for-tos", "admin-prohibited",
         "host-precedence-violation", "precedence-cutoff")
REJECTS = "\n".join(f"    - {{ to: 192.0.{code}.0/24, reject: {name} }}"
                    for code, name in enumerate(CODES))
REAL = NETWORK.format(tun="198.18.0.1/24", node="", machine="tun0", link="", route="", rejects=REJECTS)
OURS = NETWORK.format(tun="198.18.7.1/24",
                      node="me: { kind: host, icmp: { profile: linux } }",
                      machine="{ node: me, address: 198.18.0.1 }",
                      link="- { endpoints: [tun0, me], subnet: 198.18.7.0/24 }",
                      route="me: [{ to: 198.18.5.0/24, via: 198.18.0.2 }]", rejects=REJECTS)
WEB = "198.18.4.2"

# Code 4 comes from a narrow link: -F.
TRACEROUTES = [f"-n -q 1 192.0.{code}.1" for code in range(16) if code != 4] + [
    f"-n {WEB}", f"-n -I {WEB}", f"-n -q 1 -F {WEB} 1200", f"-n -m 1 {WEB}",
    f"-n --mtu {WEB}", f"-n --mtu -q 1 -I {WEB} 1200", f"-n --mtu -f 4 {WEB}",
    f"-n --mtu -q 2 {WEB} 800", f"-n --back {WEB}", f"-n --back --mtu -I -q 2 {WEB}",
    f"-n -q 1 -p 65534 {WEB}"]
PINGS = [
    f"-n -c 2 {WEB}", f"-n -c 1 -s 0 {WEB}", f"-n -c 1 -s 15 {WEB}", f"-n -c 1 -s 16 {WEB}",
    f"-n -q -c 1 -s 3 {WEB}", f"-n -c 1 -t 1 {WEB}", f"-n -c 1 -W 1 192.0.100.1",
    f"-n -c 3 -R {WEB}", f"-n -c 1 -T tsonly {WEB}", f"-n -c 1 -T tsandaddr {WEB}",
    f"-n -c 1 -T 'tsprespec 198.18.0.2 203.0.113.9' {WEB}", f"-n -c 2 -p ff00 {WEB}", f"-n -c 3 -l 3 {WEB}",
    f"-n -c 3 -l 3 -t 1 {WEB}", f"-n -c 1 -i 0 {WEB}", f"-n -c 3 -A {WEB}",
    f"-n -c 1 -M do -s 2000 {WEB}", f"-n -c 1 -I 198.18.0.1 {WEB}",
    f"-n -c 1 -I 203.0.113.77 {WEB}", "-n -c 1 198.18.5.2"] + [f"-n -c 1 192.0.{code}.1" for code in (0, 9, 13, 15)]


def plain(text: str) -> str:
    """Without what differs from run to run: times, and how many requests are under way where the
    next follows a reply. Spaces at ends of lines say nothing."""
    for pattern, instead in ((r"\d+(\.\d+)?(/\d+\.\d+)* ?ms", "T ms"), (r"\d+ absolute", "T"),
                             (r"\t-?\d+$", "\tT"), (r"pipe \d+, (?=ipg)", ""), (r"[ \t]+$", "")):
        text = re.sub(pattern, instead, text, flags=re.M)
    return text.strip()


def real(program: str, rows: list[str]) -> list[tuple[str, str]]:
    """Status and standard output of the real program for each row."""
    script = "".join(f"{program} {words(program, row)} 2>/dev/null; echo \"@@$?\"\n" for row in rows)
    with scratch() as directory:
        path = directory / "real.yaml"
        path.write_text(REAL)
        outcome = hop_run("sh", "-c", script, file=path, options=("--quiet",))
    return [(status, plain(text)) for text, status in
            re.findall(r"(.*?)@@(\d+)\n", outcome.out, re.S)]


def words(program: str, row: str) -> str:
    """iputils takes the hosts of tsprespec as words of their own."""
    return row.replace("'", "") if program == "ping" else row


def ours(program: str, row: str) -> tuple[str, str]:
    """The same of hop."""
    with scratch() as directory:
        path = directory / "ours.yaml"
        path.write_text(OURS)
        outcome = run(hop(), program, "--file", str(path), "--from", "me", *shlex.split(row))
    return str(outcome.status), plain(outcome.out)


class LikeTheRealPrograms(unittest.TestCase):
    """Row by row; times left out."""

    maxDiff = None

    def check(self, program: str, rows: list[str]) -> None:
        """All rows in one namespace for the real program."""
        told = real(program, rows)
        self.assertEqual(len(told), len(rows))
        for row, (status, text) in zip(rows, told):
            with self.subTest(program=program, row=row):
                self.assertEqual(ours(program, row), (status, text))

    def test_ping(self):
        """Headers, replies, records, errors, statistics, exit status."""
        self.check("ping", PINGS)

    def test_traceroute(self):
        """Header, hops, marks, exit status."""
        self.check("traceroute", TRACEROUTES)


if __name__ == "__main__":
    unittest.main()
