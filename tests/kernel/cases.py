"""What goes into both routers. Every case has a source of its own, since the kernel limits errors
and redirects by source; its packets go in one after the other. Nothing here depends on time: what
both do in the course of it (limits, back-off, reassembly timeouts) is left to the tests of hop alone,
where time is virtual."""

import random
import struct
from collections.abc import Callable
from typing import NamedTuple

from packets import address, checksum, counting, icmp, ip, tcp, udp
from topology import FAR, LEFT, RIGHT, ROUNDABOUT

US, OTHER = LEFT.router, RIGHT.router
NEIGHBOUR = "10.2.0.2"

Build = Callable[[str], bytes | list[bytes]]


class Case(NamedTuple):
    """A name, and the packets that a source sends."""

    name: str
    packets: list[bytes]


def record_route(slots: int, *filled: str, pointer: int | None = None) -> bytes:
    """A record route option."""
    data = b"".join(map(address, filled)).ljust(4 * slots, b"\0")
    return bytes((7, 3 + len(data), 4 + 4 * len(filled) if pointer is None else pointer)) + data


def timestamp(flag: int, slots: bytes, *, pointer: int = 5, overflow: int = 0) -> bytes:
    """A timestamp option."""
    return bytes((68, 4 + len(slots), pointer, overflow << 4 | flag)) + slots


def source_route(kind: int, *stops: str, pointer: int = 4) -> bytes:
    """A loose (131) or strict (137) source route."""
    return bytes((kind, 3 + 4 * len(stops), pointer)) + b"".join(map(address, stops))


def datagram(destination: str = FAR, data: bytes = b"data", **fields) -> Build:
    """UDP to `destination` with these fields of the IP header."""
    return lambda source: ip(source, destination, udp(source, destination, data), **fields)


def message(destination: str, kind: int, code: int = 0, rest: int = 0, data: bytes = b"",
            **fields) -> Build:
    """ICMP to `destination`."""
    return lambda source: ip(source, destination, icmp(kind, code, rest, data), protocol=1,
                             **fields)


def segment(destination: str, *, header: dict | None = None, **fields) -> Build:
    """TCP to `destination`."""
    return lambda source: ip(source, destination, tcp(source, destination, **fields), protocol=6,
                             **(header or {}))


def pieces(build: Build, *sizes: int, order: tuple[int, ...] | None = None) -> Build:
    """The packet in fragments whose payloads have these sizes, the rest in one more."""

    def cut(source: str) -> list[bytes]:
        whole = build(source)
        header, payload = whole[:20], whole[20:]
        fragments, at = [], 0
        for size in (*sizes, len(payload)):
            part = payload[at:at + size]
            fields = dict(protocol=header[9], ident=0x4242, offset=at,
                          flags=1 if at + len(part) < len(payload) else 0)
            fragments.append(ip(source, ".".join(map(str, header[16:20])), part, **fields))
            at += len(part)
        return [fragments[i] for i in order] if order else fragments

    return cut


def forwarding() -> dict[str, Build]:
    rows = {f"forward ttl {ttl}": datagram(ttl=ttl) for ttl in (2, 3, 64, 255)}
    rows |= {f"forward tos {tos:#x}": datagram(tos=tos) for tos in (1, 2, 3, 0x1C, 0xB8, 0xFF)}
    rows |= {f"forward flags {flags}": datagram(flags=flags) for flags in (1, 2, 3, 4, 6)}
    rows |= {f"fragment {size}": datagram(data=counting(size))
             for size in (571, 572, 573, 580, 1144, 1145, 1400)}
    rows |= {f"fragment of fragment {flags}": datagram(data=counting(1000), offset=800, flags=flags)
             for flags in (0, 1, 4, 5)}
    rows |= {f"df {size}": datagram(data=counting(size), flags=2) for size in (572, 573, 1400)}
    rows["df first fragment"] = datagram(data=counting(600), flags=3)
    rows["df later fragment"] = datagram(data=counting(600), flags=2, offset=800)
    rows["forward protocol 253"] = lambda s: ip(s, FAR, b"x", protocol=253)
    rows["forward nothing"] = lambda s: ip(s, FAR, protocol=253)
    rows["forward echo"] = message(FAR, 8, data=b"abc")
    rows["to the neighbour"] = datagram(NEIGHBOUR)
    rows["to the neighbour ttl 1"] = datagram(NEIGHBOUR, ttl=1)
    rows["odd length"] = datagram(data=b"abc")
    return rows


def errors() -> dict[str, Build]:
    rows = {f"expired ttl {ttl} tos {tos:#x}": datagram(ttl=ttl, tos=tos)
            for ttl, tos in ((0, 0), (1, 0), (1, 1), (1, 2), (1, 3), (1, 0x10), (1, 0x1C),
                             (1, 0xB8), (1, 0xE0), (1, 0xFF))}
    rows |= {f"expired {size}": datagram(ttl=1, data=counting(size))
             for size in (0, 1, 519, 520, 521, 600, 1400)}
    rows |= {f"expired icmp {kind}": message(FAR, kind, data=counting(28), ttl=1)
             for kind in (0, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 30, 40, 42,
                          43, 77, 253)}
    rows |= {f"expired flags {flags}": datagram(ttl=1, flags=flags) for flags in (1, 2, 4)}
    rows["expired later fragment"] = datagram(ttl=1, offset=8)
    rows["expired empty icmp"] = lambda s: ip(s, FAR, protocol=1, ttl=1)
    rows["expired tcp"] = segment(FAR, header={"ttl": 1})
    rows["expired protocol 253"] = lambda s: ip(s, FAR, protocol=253, ttl=1)
    for name, to in (("no route", "8.8.8.8"), ("unreachable", "198.51.100.9"),
                     ("prohibit", "198.51.101.9"), ("blackhole", "198.51.102.9")):
        rows[name] = datagram(to)
        rows[f"{name} ttl 1"] = datagram(to, ttl=1)
        rows[f"{name} echo"] = message(to, 8)
        rows[f"{name} error"] = message(to, 3, 1, data=counting(28))
        rows[f"{name} later fragment"] = datagram(to, offset=80)
        rows[f"{name} big"] = datagram(to, data=counting(1400))
    rows["roundabout"] = datagram(ROUNDABOUT)
    rows["roundabout tos"] = datagram(ROUNDABOUT, tos=0xFF)
    rows["roundabout ttl 1"] = datagram(ROUNDABOUT, ttl=1)
    rows["roundabout error"] = message(ROUNDABOUT, 11, data=counting(28))
    rows["roundabout echo"] = message(ROUNDABOUT, 8)
    rows["roundabout later fragment"] = datagram(ROUNDABOUT, offset=80)
    return rows


def delivery() -> dict[str, Build]:
    rows = {}
    for name, to in (("us", US), ("our other address", OTHER)):
        rows |= {
            f"{name}: echo": message(to, 8, rest=0x00070001, data=b"abcdefg"),
            f"{name}: echo ttl 0": message(to, 8, ttl=0),
            f"{name}: echo code 1": message(to, 8, 1),
            f"{name}: port": datagram(to),
            f"{name}: port tos": datagram(to, tos=0xFF),
            f"{name}: port df": datagram(to, flags=2),
            f"{name}: protocol": lambda s, to=to: ip(s, to, b"abc", protocol=253),
            f"{name}: syn": segment(to),
            f"{name}: ack": segment(to, flags=16, ack=0x0A0B0C0D),
            f"{name}: syn ack": segment(to, flags=18, ack=0x0A0B0C0D),
            f"{name}: fin": segment(to, flags=1, data=b"xyz"),
            f"{name}: rst": segment(to, flags=4),
        }
    rows |= {f"echo tos {tos:#x}": message(US, 8, tos=tos) for tos in (1, 2, 3, 0x1C, 0xE0, 0xFF)}
    rows |= {f"echo of {size}": message(US, 8, data=counting(size))
             for size in (0, 1, 1471, 1472)}
    rows |= {f"icmp {kind}": message(US, kind, data=counting(12))
             for kind in (0, 1, 3, 4, 5, 6, 9, 10, 11, 12, 14, 15, 16, 17, 18, 30, 40, 42, 43, 77)}
    rows["timestamp"] = message(US, 13, rest=0x00070001, data=struct.pack("!III", 1, 2, 3))
    rows["timestamp code 1"] = message(US, 13, 1, data=struct.pack("!III", 1, 2, 3))
    rows["timestamp short"] = message(US, 13, data=b"1234")
    rows["timestamp long"] = message(US, 13, data=counting(20))
    rows["icmp bad checksum"] = lambda s: ip(s, US, b"\x08\0\1\1\0\0\0\0", protocol=1)
    rows["icmp too short"] = lambda s: ip(s, US, b"\x08\0\xf7\xff", protocol=1)
    rows["udp bad checksum"] = lambda s: ip(s, US, udp(s, OTHER))
    rows["udp no checksum"] = lambda s: ip(s, US, struct.pack("!HHHH", 1, 2, 9, 0) + b"x")
    rows["udp bad length"] = lambda s: ip(s, US, struct.pack("!HHHH", 1, 2, 99, 0) + b"x")
    rows["udp too short"] = lambda s: ip(s, US, b"1234")
    rows["tcp bad checksum"] = lambda s: ip(s, US, tcp(s, OTHER), protocol=6)
    rows["tcp too short"] = lambda s: ip(s, US, b"1234", protocol=6)
    rows["fragments"] = pieces(message(US, 8, data=counting(3000)), 1480, 1480)
    rows["fragments in disorder"] = pieces(message(US, 8, data=counting(3000)), 1480, 1480,
                                           order=(2, 0, 1))
    rows["fragments of a datagram"] = pieces(datagram(US, data=counting(100)), 56)
    rows["duplicate fragment"] = pieces(message(US, 8, data=counting(100)), 56, order=(0, 0, 1))
    rows["fragments for a protocol"] = pieces(lambda s: ip(s, US, counting(80), protocol=253), 40)
    return rows


def addresses() -> dict[str, Build]:
    rows = {}
    for to in ("10.1.255.255", "255.255.255.255", "224.0.0.1", "224.0.0.5", "239.1.2.3",
               "10.2.255.255", "10.1.0.0", "10.2.0.0"):
        rows[f"udp to {to}"] = datagram(to)
        rows[f"echo to {to}"] = message(to, 8)
        rows[f"ttl 1 to {to}"] = datagram(to, ttl=1)
    for to in ("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.1.2.3", "240.1.2.3", "255.255.255.254",
               "169.254.1.1"):
        rows[f"udp to {to}"] = datagram(to)
    for source in ("0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "240.1.2.3",
                   "255.255.255.255", "10.1.255.255", "10.1.0.0", "10.2.255.255", US, OTHER,
                   "169.254.1.1", "8.8.8.8", "192.0.2.77", "10.2.0.77"):
        rows[f"forward from {source}"] = lambda _, s=source: datagram()(s)
        rows[f"echo from {source}"] = lambda _, s=source: message(US, 8)(s)
        rows[f"expired from {source}"] = lambda _, s=source: datagram(ttl=1)(s)
    return rows


def headers() -> dict[str, Build]:
    rows = {f"version {version}": datagram(version=version) for version in (0, 3, 5, 15)}
    rows |= {f"ihl {ihl}": datagram(ihl=ihl) for ihl in (0, 4, 15)}
    rows |= {f"total length {length}": datagram(length=length) for length in (0, 19, 20, 27, 33)}
    rows["bad checksum"] = datagram(bad_checksum=True)
    rows["bad checksum to us"] = datagram(US, bad_checksum=True)
    rows["padding"] = lambda s: datagram()(s) + b"\xa5" * 10
    rows["padding to us"] = lambda s: message(US, 8)(s) + b"\xa5" * 10
    rows["19 bytes"] = lambda s: datagram()(s)[:19]
    rows["truncated to us"] = datagram(US, length=33)
    return rows


def options() -> dict[str, Build]:
    two = address(FAR) + b"\0" * 4
    table = {
        "rr": record_route(3),
        "rr one": record_route(1),
        "rr full": record_route(2, "1.1.1.1", "2.2.2.2"),
        "rr pointer 3": record_route(2, pointer=3),
        "rr pointer 5": record_route(2, pointer=5),
        "rr pointer 10": record_route(2, pointer=10),
        "rr length 2": bytes((7, 2, 0, 0)),
        "rr length 3": bytes((7, 3, 4, 0)),
        "rr too long": bytes((7, 39, 4, 0)),
        "rr twice": record_route(1) + record_route(1),
        "ts 0": timestamp(0, b"\0" * 8),
        "ts 1": timestamp(1, b"\0" * 16),
        "ts 3 others": timestamp(3, two + address("9.9.9.9") + b"\0" * 4),
        "ts 3 us": timestamp(3, address(US) + b"\0" * 4 + two),
        "ts 3 our other": timestamp(3, address(OTHER) + b"\0" * 4 + two),
        "ts 0 full": timestamp(0, b"\0" * 4, pointer=9),
        "ts 0 full overflow": timestamp(0, b"\0" * 4, pointer=9, overflow=15),
        "ts 1 half": timestamp(1, b"\0" * 4),
        "ts flag 2": timestamp(2, b"\0" * 8),
        "ts pointer 4": timestamp(0, b"\0" * 8, pointer=4),
        "ts pointer 6": timestamp(0, b"\0" * 8, pointer=6),
        "ts pointer 11": timestamp(0, b"\0" * 8, pointer=11),
        "ts length 3": bytes((68, 3, 5, 0)),
        "ts length 4": bytes((68, 4, 5, 0)),
        "ts twice": timestamp(0, b"\0" * 4) + timestamp(0, b"\0" * 4),
        "rr and ts": record_route(2) + timestamp(1, b"\0" * 16),
        "alert 0": bytes((148, 4, 0, 0)),
        "alert 1": bytes((148, 4, 0, 1)),
        "alert length 3": bytes((148, 3, 0, 0)),
        "nops": bytes((1, 1, 1, 1)),
        "end and junk": bytes((0, 7, 7, 7)),
        "unknown": bytes((0x5E, 4, 1, 2)),
        "unknown copied": bytes((0x9E, 4, 1, 2)),
        "length 0": bytes((0x9E, 0, 0, 0)),
        "length 1": bytes((0x9E, 1, 0, 0)),
        "length past the end": bytes((0x9E, 9, 0, 0)),
        "type at the end": bytes((1, 1, 1, 0x9E)),
        "security": bytes((130, 11)) + b"\0" * 9,
        "stream": bytes((136, 4, 0, 1)),
    }
    rows = {}
    for name, option in table.items():
        rows[f"{name}, forwarded"] = datagram(options=option)
        rows[f"{name}, expired"] = datagram(options=option, ttl=1)
        rows[f"{name}, echo"] = message(US, 8, options=option, data=b"abc")
        rows[f"{name}, port"] = datagram(US, options=option)
    rows["rr, fragmented"] = datagram(options=record_route(2), data=counting(800))
    rows["copied, fragmented"] = datagram(options=bytes((0x9E, 4, 1, 2)), data=counting(800))
    rows["rr, df"] = datagram(options=record_route(2), data=counting(800), flags=2)
    rows["rr, roundabout"] = datagram(ROUNDABOUT, options=record_route(2))
    rows["rr, no route"] = datagram("8.8.8.8", options=record_route(2))
    return rows


def source_routes() -> dict[str, Build]:
    rows = {}
    for name, kind in (("lsrr", 131), ("ssrr", 137)):
        table = {
            "onward": (US, source_route(kind, NEIGHBOUR)),
            "onward far": (US, source_route(kind, FAR)),
            "onward two": (US, source_route(kind, NEIGHBOUR, FAR)),
            "onward no route": (US, source_route(kind, "8.8.8.8")),
            "used up": (US, source_route(kind, NEIGHBOUR, pointer=8)),
            "not ours": (FAR, source_route(kind, NEIGHBOUR)),
            "not ours, used up": (FAR, source_route(kind, "10.1.0.5", pointer=8)),
            "pointer 3": (US, source_route(kind, NEIGHBOUR, pointer=3)),
            "pointer 6": (US, source_route(kind, NEIGHBOUR, pointer=6)),
            "empty": (US, source_route(kind)),
            "to a group": (US, source_route(kind, "224.0.0.1")),
            "to 127": (US, source_route(kind, "127.0.0.1")),
            "to us again": (US, source_route(kind, OTHER, NEIGHBOUR)),
            "back": (US, source_route(kind, "10.1.0.5")),
        }
        for row, (to, option) in table.items():
            rows[f"{name} {row}"] = datagram(to, options=option)
            rows[f"{name} {row}, ttl 1"] = datagram(to, options=option, ttl=1)
        rows[f"{name} echo along a route"] = message(
            US, 8, options=source_route(kind, "10.1.0.5", "10.1.0.6", pointer=12))
        rows[f"{name} twice"] = datagram(US, options=source_route(kind, NEIGHBOUR) * 2)
    return rows


def changed(packet: bytes, source: str, dice: random.Random) -> bytes:
    """The packet from another source, with some bytes changed, and a right header checksum most of
    the time."""
    data = bytearray(packet)
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(min(len(data), dice.choice((20, 40, len(data)))))
        data[at] = dice.randrange(256)
    data[12:16] = address(source)
    data[10:12] = b"\0\0"
    header = bytes(data[:(data[0] & 15) * 4])
    if len(header) >= 20:
        data[10:12] = struct.pack("!H", checksum(header) ^ (dice.randrange(16) == 0))
    return bytes(data)


def mutations(cases: list[Case], number: int) -> dict[str, Build]:
    """Cases of one packet, changed at random; always the same ones."""
    dice = random.Random(1812)
    single = [case for case in cases if len(case.packets) == 1 and len(case.packets[0]) > 20]
    rows = {}
    for n in range(number):
        case, seed = dice.choice(single), dice.random()
        rows[f"mutation {n} of {case.name}"] = (
            lambda source, packet=case.packets[0], seed=seed:
            changed(packet, source, random.Random(seed)))
    return rows


def of_rows(rows: dict[str, Build], first: int) -> list[Case]:
    """The cases of a table, with sources 10.1.1.0 and on."""
    cases = []
    for number, (name, build) in enumerate(rows.items(), first):
        packets = build(f"10.1.{1 + number // 250}.{1 + number % 250}")
        cases.append(Case(name, packets if isinstance(packets, list) else [packets]))
    return cases


def all_cases() -> list[Case]:
    """The tables one after the other, then random ones."""
    rows: dict[str, Build] = {}
    for table in (forwarding, errors, delivery, addresses, headers, options, source_routes):
        rows |= table()
    cases = of_rows(rows, 0)
    return cases + of_rows(mutations(cases, 400), len(cases))
