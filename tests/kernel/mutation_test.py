"""Would the comparison with the kernel see it? Spoils what hop answered, in one way at a time, and asks
for a report of every case that this touches."""

import random
import unittest
from collections.abc import Callable
from typing import NamedTuple

from compare import answer_of
from packets import checksum
from routers import Packets, Pair, judged, pairs
from sent import LOOSE, STRICT, Sent

Change = Callable[[bytes], bytes | None]


class Spoiling(NamedTuple):
    """What is spoilt, in which answers to what, and how."""

    name: str
    where: Callable[[Sent, bytes], bool]
    change: Change


def header_of(packet: bytes) -> int:
    return (packet[0] & 15) * 4


def is_own(packet: bytes) -> bool:
    return answer_of(packet).is_its_own


def is_icmp(packet: bytes, *kinds: int) -> bool:
    """A message of ours of one of these types, in one piece."""
    return is_own(packet) and answer_of(packet).message.split("/")[0] in map(str, kinds)


def is_error(packet: bytes) -> bool:
    return is_icmp(packet, 3, 5, 11, 12)


def resealed(packet: bytes) -> bytes:
    """With checksums that are right."""
    at = header_of(packet)
    data = bytearray(packet)
    data[10:12] = b"\0\0"
    data[10:12] = checksum(data[:at]).to_bytes(2)
    if is_own(packet) and answer_of(packet).message:
        data[at + 2:at + 4] = b"\0\0"
        data[at + 2:at + 4] = checksum(data[at:]).to_bytes(2)
    return bytes(data)


def put(at: int, data: bytes) -> Change:
    """Other bytes, in the header."""
    return lambda packet: resealed(packet[:at] + data + packet[at + len(data):])


def put_behind(at: int, data: bytes) -> Change:
    """Other bytes, behind the header."""
    return lambda packet: put(header_of(packet) + at, data)(packet)


def add(at: int, step: int) -> Change:
    """One byte of the header with another value."""
    return lambda packet: put(at, bytes(((packet[at] + step) % 256,)))(packet)


def add_behind(at: int, step: int) -> Change:
    """One byte behind the header with another value."""
    return lambda packet: add(header_of(packet) + at, step)(packet)


def flags(bits: int) -> Change:
    return lambda packet: put(6, bytes((packet[6] & 0x1F | bits << 5,)))(packet)


def wrong_sum(at: int) -> Change:
    """One bit of a checksum behind the header."""
    return lambda packet: (packet[:header_of(packet) + at] +
                           bytes((packet[header_of(packet) + at] ^ 1,)) +
                           packet[header_of(packet) + at + 1:])


def zero_sum(packet: bytes) -> bytes:
    at = header_of(packet)
    return packet[:at + 2] + b"\0\0" + packet[at + 4:]


def empty_quote(packet: bytes) -> bytes:
    return resealed(packet[:header_of(packet) + 8].ljust(len(packet), b"\0"))


def cut(packet: bytes) -> bytes:
    return put(2, (len(packet) - 1).to_bytes(2))(packet[:-1])


def without_options(packet: bytes) -> bytes:
    data = bytes((0x45,)) + packet[1:20] + packet[header_of(packet):]
    return put(2, len(data).to_bytes(2))(data)


def silent(_: bytes) -> None:
    return None


SPOILINGS = (
    Spoiling("checksum of echo replies", lambda _, p: is_icmp(p, 0), wrong_sum(2)),
    Spoiling("checksum 0 of echo replies of zeros",
             lambda _, p: is_icmp(p, 0) and not any(p[header_of(p) + 4:]), zero_sum),
    Spoiling("checksum of errors", lambda _, p: is_error(p), wrong_sum(2)),
    Spoiling("checksum of headers", lambda *_: True, lambda p: p[:10] + bytes((p[10] ^ 1,)) + p[11:]),
    Spoiling("quote behind options", lambda s, p: is_error(p) and s.header > 20, empty_quote),
    Spoiling("quote of redirects", lambda _, p: is_icmp(p, 5), empty_quote),
    Spoiling("TTL in the quote, as after forwarding", lambda _, p: is_error(p), add_behind(16, -1)),
    Spoiling("option in the quote, as if written into",
             lambda s, p: is_error(p) and s.header > 20, add_behind(30, 4)),
    Spoiling("length of the quote", lambda _, p: is_error(p), cut),
    Spoiling("pointer, one more", lambda _, p: is_icmp(p, 12), add_behind(4, 1)),
    Spoiling("pointer, one less", lambda _, p: is_icmp(p, 12), add_behind(4, -1)),
    Spoiling("code of errors", lambda _, p: is_error(p), add_behind(1, 1)),
    Spoiling("type of errors, 3 for 11", lambda _, p: is_icmp(p, 11), put_behind(0, b"\3")),
    Spoiling("failed route told as expiry",
             lambda _, p: is_icmp(p, 3) and p[header_of(p) + 1] == 5, put_behind(0, b"\x0b\0")),
    Spoiling("MTU or gateway", lambda _, p: is_icmp(p, 3, 5), add_behind(7, 1)),
    Spoiling("flags of resets, all", lambda _, p: is_own(p) and p[9] == 6, flags(7)),
    Spoiling("flags of resets, DF", lambda _, p: is_own(p) and p[9] == 6, flags(2)),
    Spoiling("flags of TCP's resets", lambda _, p: is_own(p) and p[9] == 6, add_behind(13, 1)),
    Spoiling("reserved flag lost", lambda s, p: not is_own(p) and s.packet[6] & 0x80 != 0,
             lambda p: put(6, bytes((p[6] & 0x7F,)))(p)),
    Spoiling("destination of answers to strict routes",
             lambda s, p: is_own(p) and bool(s.option(STRICT)), put(16, bytes((9, 9, 9, 9)))),
    Spoiling("destination of answers to loose routes",
             lambda s, p: is_own(p) and bool(s.option(LOOSE)), put(16, bytes((9, 9, 9, 9)))),
    Spoiling("destination of everything", lambda *_: True, add(19, 1)),
    Spoiling("source of everything", lambda *_: True, put(12, bytes((10, 3, 0, 1)))),
    Spoiling("precedence", lambda *_: True, add(1, 0x20)),
    Spoiling("TTL", lambda *_: True, add(8, 1)),
    Spoiling("protocol", lambda *_: True, add(9, 1)),
    Spoiling("total length", lambda *_: True, add(3, 1)),
    Spoiling("fragment offset", lambda *_: True, add(7, 1)),
    Spoiling("identification of what is forwarded", lambda _, p: not is_own(p), add(5, 1)),
    Spoiling("checksum in what is forwarded",
             lambda s, p: not is_own(p) and p[9] == 1 and len(s.payload) >= 8, wrong_sum(2)),
    Spoiling("data in what is forwarded", lambda s, p: not is_own(p) and len(p) > header_of(p),
             lambda p: p[:-1] + bytes((p[-1] ^ 1,))),
    Spoiling("options of answers", lambda _, p: header_of(p) > 20, without_options),
    Spoiling("option with another pointer", lambda _, p: header_of(p) > 23, add(22, 4)),
    Spoiling("recorded address", lambda _, p: header_of(p) > 27 and p[20] == 7, add(26, 1)),
    Spoiling("route of an answer", lambda _, p: header_of(p) > 23 and p[20] in (LOOSE, STRICT),
             add(23, 1)),
    Spoiling("silent to timestamp requests", lambda s, _: s.icmp_type == 13, silent),
    Spoiling("silent to echo requests", lambda _, p: is_icmp(p, 0), silent),
    Spoiling("silent to strict routes", lambda s, _: bool(s.option(STRICT)), silent),
    Spoiling("silent to misaligned pointers", lambda s, _: s.is_misaligned, silent),
    Spoiling("silent to all", lambda *_: True, silent),
)


def spoilt(spoiling: Spoiling, pair: Pair) -> Packets:
    """Hop's answers after it."""
    sent = Sent(pair.case.packets[-1])
    changed = [spoiling.change(packet) if spoiling.where(sent, packet) else packet
               for packet in pair.ours]
    return [packet for packet in changed if packet is not None]


def reported(pair: Pair, ours: Packets) -> bool:
    return bool(judged(pair._replace(ours=ours)).report)


def unseen(cases: list[tuple[Pair, Packets]]) -> list[str]:
    """The names of the cases that nobody would hear of."""
    return [pair.case.name for pair, ours in cases if not reported(pair, ours)]


def compared_bytes(packet: bytes) -> list[int]:
    """Where a byte counts: not in sums, which are made right again, nor in what is left to chance."""
    at = header_of(packet)
    chance = {10, 11, at + 2, at + 3} | ({4, 5} if is_own(packet) else set())
    return [byte for byte in range(1, len(packet)) if byte not in chance]


def has_times(packet: bytes) -> bool:
    answer = answer_of(packet)
    return b"time".hex() in answer.options + answer.payload


class Mutation(unittest.TestCase):
    """hop's answers, spoilt."""

    def test_what_is_spoilt_is_reported(self):
        """Each way of spoiling, in every case where it is one."""
        for spoiling in SPOILINGS:
            with self.subTest(spoiling.name):
                cases = [(pair, ours) for pair in pairs() if (ours := spoilt(spoiling, pair)) != pair.ours]
                self.assertNotEqual(cases, [])
                self.assertEqual(unseen(cases), [])

    def test_any_byte_counts(self):
        """Some bytes of each answer, one at a time; always the same ones."""
        dice = random.Random(792)
        cases = []
        for pair in pairs():
            for number, packet in enumerate(pair.ours):
                if has_times(packet):
                    continue
                for at in dice.choices(compared_bytes(packet), k=6):
                    spoiled = add(at, dice.randrange(1, 256))(packet)
                    cases.append((pair, [*pair.ours[:number], spoiled, *pair.ours[number + 1:]]))
        self.assertGreater(len(cases), 3000)
        self.assertEqual(unseen(cases), [])

    def test_one_answer_more_is_reported(self):
        """To what is answered and to what is not."""
        another = next(packet for pair in pairs() for packet in pair.ours if is_error(packet))
        self.assertEqual(unseen([(pair, [*pair.ours, another]) for pair in pairs()]), [])

    def test_the_kernels_own_answers_are_reported_where_hop_is_to_give_others(self):
        """A listed difference is not an allowance but a demand."""
        cases = [(pair, pair.kernels) for pair in pairs() if judged(pair).reasons]
        self.assertGreater(len(cases), 100)
        self.assertEqual(unseen(cases), [])


if __name__ == "__main__":
    unittest.main()
