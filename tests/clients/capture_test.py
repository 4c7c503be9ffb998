"""`--capture`: what crossed the TUN, for tcpdump, tshark and `hop replay`."""

import sys
import unittest

from support import (PCAP_HEADER, PCAP_PACKET_HEADER, Sandbox, fifo, hop, hop_run, hop_until_ready,
                     read_exactly, read_pcap, run, scratch, watch)
from tour import ROUTERS, TUN, WEB

# Many kinds of packets: echo, fragments, errors, options, UDP, TCP and other protocols.
MIXTURE = f"""
ping -n -c 2 -i 0.02 -s 3000 {WEB}
ping -n -c 1 -R {WEB}
ping -n -c 1 -T tsonly {WEB}
ping -n -c 1 -M do -s 1000 {WEB}
ping -n -c 1 -t 2 {WEB}
traceroute -n {WEB}
traceroute -n -T {WEB}
traceroute -n -UL -p 40000 {WEB}
ping -n -c 1 198.19.13.1
ping -n -c 1 198.19.105.80
hping3 --count 1 --icmp-ts {WEB}
nping --udp -g 40000 -p 7 -c 1 {WEB}
true
"""


class Readers(unittest.TestCase):
    """Other programs read it."""

    @classmethod
    def setUpClass(cls):
        cls.directory = cls.enterClassContext(scratch())
        cls.capture = cls.directory / "mixture.pcap"
        outcome = hop_run("sh", "-c", MIXTURE, options=("--capture", str(cls.capture)))
        if outcome.status != 0:
            raise AssertionError(str(outcome))

    def test_tcpdump(self):
        """Every packet, every checksum right, nothing cut."""
        outcome = run("tcpdump", "-n", "-v", "-r", str(self.capture))
        self.assertEqual(outcome.status, 0, outcome)
        self.assertIn("link-type RAW (Raw IP)", outcome.err)
        for complaint in ("bad cksum", "wrong icmp cksum", "truncated", "invalid", "[|"):
            self.assertNotIn(complaint, outcome.out)

    def test_tshark(self):
        """No packet is malformed, and every checksum that Wireshark checks is right. What is in UDP
        is data: traceroute's ports are those of any protocol at random, which it does not speak."""
        outcome = run("tshark", "-n", "-r", str(self.capture), "-d", "udp.port==0-65535,data",
                      "-o", "ip.check_checksum:TRUE",
                      "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
                      "-Y", "_ws.malformed or ip.checksum.status == 0 or icmp.checksum.status == 0 "
                      "or udp.checksum.status == 0 or tcp.checksum.status == 0")
        self.assertEqual((outcome.status, outcome.out), (0, ""), outcome)

    def test_nothing_is_missing(self):
        """tshark counts as many packets as are there, requests and answers alike."""
        outcome = run("tshark", "-n", "-r", str(self.capture), "-T", "fields", "-e", "frame.number")
        packets = read_pcap(self.capture)
        self.assertEqual(len(outcome.out.split()), len(packets), outcome)
        self.assertGreater(len(packets), 70)

    def test_times_do_not_go_back(self):
        """Packets stand in the order in which they crossed."""
        times = [packet.when for packet in read_pcap(self.capture)]
        self.assertEqual(times, sorted(times))


class Contents(unittest.TestCase):
    """What is in it."""

    def test_both_directions(self):
        """The request and its reply, and nothing between routers."""
        seen = watch("ping", "-n", "-c", "1", WEB)
        ends = [(packet.source, packet.destination) for packet in seen.packets]
        self.assertEqual(ends, [(TUN, WEB), (WEB, TUN)], seen)

    def test_last_words(self):
        """What the command sent before it ended is in it, down to the last packet."""
        script = (f"import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
                  f"[s.sendto(b'x', ('{WEB}', 9)) for _ in range(300)]")
        seen = watch(sys.executable, "-c", script)
        self.assertEqual(sum(packet.source == TUN for packet in seen.packets), 300, seen.outcome)

    def test_ttl_as_it_crossed(self):
        """64 as the kernel sent it; 60 as it came back."""
        seen = watch("ping", "-n", "-c", "1", WEB)
        self.assertEqual([packet.ttl for packet in seen.packets], [64, 60], seen)

    def test_standard_output(self):
        """- is standard output: the capture and nothing else."""
        script = '"$0" run --capture - -- sh -c "ping -n -c 1 $1 >&2" | tcpdump -n -r -'
        outcome = run("sh", "-c", script, hop(), WEB)
        self.assertEqual(len(outcome.out.splitlines()), 2, outcome)
        self.assertIn("ICMP echo reply", outcome.out, outcome)

    def test_written_while_it_runs(self):
        """Packets come out of the file while hop goes on, not when it ends."""
        expected = PCAP_HEADER + 2 * (PCAP_PACKET_HEADER + 84)
        with scratch() as directory, Sandbox() as sandbox, fifo(directory / "live.pcap") as live:
            options = ("--capture", str(directory / "live.pcap"))
            with hop_until_ready("up", *options, prefix=sandbox.prefix()):
                sandbox.run("ping", "-n", "-c", "1", ROUTERS[0])
                self.assertEqual(len(read_exactly(live, expected)), expected)

    def test_file_that_cannot_be_written(self):
        """A failure that names it, before anything else happens."""
        outcome = hop_run("true", options=("--capture", "/no/such/directory/a.pcap"))
        self.assertEqual(outcome.status, 1, outcome)
        self.assertRegex(outcome.err, "hop: cannot write the capture /no/such/directory/a.pcap: .+")


if __name__ == "__main__":
    unittest.main()
