"""Sends packets into the TUN tun0 and prints what comes back: runs inside `hop run`.

    python3 exchange.py < PACKETS > ANSWERS

Both are JSON: PACKETS a list of rounds, each {"packets": [HEX], "until": NUMBER}; a round is over when so
many errors have come back that quote the Identification LAST. ANSWERS is a list of hex.
"""

import json
import select
import socket
import sys

LAST = 0xFFFF  # Identification of the last packet of a flow
PATIENCE = 30  # seconds; a safety net, never a measure
ETH_P_IP = 0x0800


def is_last(packet: bytes) -> bool:
    """Is it an error about the last packet of a flow?"""
    return (packet[9] == 1 and packet[20] in (3, 11) and
            int.from_bytes(packet[32:34], "big") == LAST)


def received(socket_: socket.socket) -> bytes:
    """The next packet that came out of the TUN; those that went in are seen as well."""
    while True:
        ready, _, _ = select.select([socket_], [], [], PATIENCE)
        if not ready:
            raise SystemExit(f"nothing came within {PATIENCE} s")
        packet, (_, _, kind, *_) = socket_.recvfrom(65536)
        if kind != socket.PACKET_OUTGOING:
            return packet


def main() -> None:
    """All rounds, one after the other."""
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
    wire.bind(("tun0", ETH_P_IP))
    answers = []
    for one in json.load(sys.stdin):
        for packet in one["packets"]:
            wire.sendto(bytes.fromhex(packet), ("tun0", ETH_P_IP))
        missing = one["until"]
        while missing:
            answers.append(received(wire))
            missing -= is_last(answers[-1])
    json.dump([packet.hex() for packet in answers], sys.stdout)


if __name__ == "__main__":
    main()
