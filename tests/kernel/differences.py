"""Where hop's profile `linux` and the kernel (6.18) are allowed to differ, and why. Each row has to
occur: a row that nothing needs any more fails the test as well as a difference without a row."""

from collections.abc import Callable
from typing import NamedTuple

from cases import Case
from compare import Answer

LOOSE, STRICT, RECORD_ROUTE, TIMESTAMP = 131, 137, 7, 68
LINK = bytes((10, 1))  # the subnet of the left link


class Pair(NamedTuple):
    """A case, and what both said to it."""

    case: Case
    ours: list[Answer]
    kernels: list[Answer]

    @property
    def packet(self) -> bytes:
        return self.case.packets[-1]

    @property
    def icmp_type(self) -> int:
        """Of the packet; -1 if it has none."""
        header = (self.packet[0] & 15) * 4
        return self.packet[header] if self.packet[9] == 1 and len(self.packet) > header else -1

    def option_list(self) -> list[bytes]:
        """The packet's options up to their end, as far as they can be read."""
        data = self.packet[20:(self.packet[0] & 15) * 4]
        found, at = [], 0
        while at < len(data) and data[at]:
            size = data[at + 1] if data[at] != 1 and at + 1 < len(data) else 1
            found.append(data[at:at + max(size, 1)])
            at += max(size, 1)
        return found

    def options(self) -> dict[int, bytes]:
        """By type."""
        return {option[0]: option for option in self.option_list()}

    def has_junk(self) -> bool:
        """Is there anything behind the end of its options?"""
        end = 20 + sum(map(len, self.option_list()))
        return any(self.packet[end:(self.packet[0] & 15) * 4])

    def we_say(self, *messages: str) -> bool:
        """Does one of our answers begin so?"""
        return any(answer.message.startswith(messages) for answer in self.ours)

    def kernel_says(self, *messages: str) -> bool:
        """Does one of the kernel's?"""
        return any(answer.message.startswith(messages) for answer in self.kernels)


class Difference(NamedTuple):
    """What differs, when, and why that is right."""

    fields: frozenset[str]
    when: Callable[[Pair], bool]
    why: str


def row(fields: str, why: str, when: Callable[[Pair], bool]) -> Difference:
    return Difference(frozenset(fields.split()), when, why)


def is_network_address(address: bytes) -> bool:
    return address in (bytes((10, 1, 0, 0)), bytes((10, 2, 0, 0)))


def is_broadcast(address: bytes) -> bool:
    return address in (bytes((10, 1, 255, 255)), bytes((10, 2, 255, 255)))


def is_link_local(address: bytes) -> bool:
    return address[:2] == bytes((169, 254))


def is_misaligned(pair: Pair) -> bool:
    """A pointer that does not stand at the beginning of a slot."""
    options = pair.options()
    route, times = options.get(RECORD_ROUTE, b""), options.get(TIMESTAMP, b"")
    return (len(route) > 2 and route[2] % 4 != 0) or (len(times) > 2 and times[2] % 4 != 1)


def has_source_route(pair: Pair) -> bool:
    return LOOSE in pair.options() or STRICT in pair.options()


EVERYTHING = ("answers source destination tos ttl flags offset protocol options message quote "
              "length sums")

DIFFERENCES = (
    # What the kernel does not say.
    row("answers", "RFC 1122 section 3.2.2 lists the errors: router discovery (9, 10), traceroute "
        "(30) and extended echo (42, 43) are none. The kernel takes all that it does not know for "
        "errors", lambda p: not p.kernels and p.icmp_type in (9, 10, 30, 42, 43)),
    row("answers", "a source route that fails is told of (RFC 1812 section 5.2.7.1); the kernel "
        "drops the packet where the route lookup for the next stop fails",
        lambda p: not p.kernels and has_source_route(p) and p.we_say("3/5")),
    row("answers", "no route is told of along a source route, too; the kernel is silent",
        lambda p: not p.kernels and has_source_route(p) and p.we_say("3/0")),
    row("answers", "a strict route through somebody else is told of by us also where the kernel "
        "finds no route before it looks at the options",
        lambda p: not p.kernels and STRICT in p.options() and p.we_say("12/0 10")),
    row("answers", "a pointer between two slots is followed by us; the kernel forwards such a "
        "packet, but gives up when it writes an answer",
        lambda p: not p.kernels and is_misaligned(p)),
    # Addresses.
    row("answers", "the all-zeros address of a subnet is its old broadcast (RFC 1812 section "
        "4.2.3.1), as source and destination; to the kernel an ordinary one",
        lambda p: not p.ours and (is_network_address(p.packet[16:20]) or
                                  is_network_address(p.packet[12:16]))),
    row("answers", "a subnet's broadcast address is no source (RFC 1812 section 4.2.2.11); the "
        "kernel looks only with rp_filter", lambda p: not p.ours and is_broadcast(p.packet[12:16])),
    row("answers", "link-local addresses are not forwarded (RFC 3927 section 2.7)",
        lambda p: not p.ours and (is_link_local(p.packet[12:16]) or
                                  is_link_local(p.packet[16:20]))),
    row(EVERYTHING, "whom nobody on the link of a TUN claims to be may be behind the TUN, but not for "
        "a packet from there; the kernel knows no neighbours on a TUN and sends it back",
        lambda p: p.packet[16:18] == LINK and p.we_say("3/1") and p.kernel_says("5/1")),
    row(EVERYTHING, "the same along a source route",
        lambda p: has_source_route(p) and p.we_say("3/5") and bool(p.kernels)),
    # Quotes and options.
    row("quote", "errors quote what was received; the kernel decrements the TTL before a redirect",
        lambda p: p.kernel_says("5/1")),
    row("quote", "errors quote what was received; the kernel has written into the options by then, "
        "and has cleared what follows their end",
        lambda p: p.packet[0] & 15 > 5),
    row("options length", "a parameter problem is about options that could not be read, so we send "
        "none of them back; the kernel sends those before the bad one",
        lambda p: p.we_say("12/0") and p.kernel_says("12/0")),
    row("options", "what follows the end of the options is passed on as it is; the kernel clears it",
        lambda p: p.has_junk()),
    row("options length", "options without the copied flag are left out of later fragments (RFC 791 "
        "section 3.1); the kernel puts no-operations in their place",
        lambda p: len(p.ours) > 1 and p.ours[-1].offset != p.ours[0].offset),
    row("message", "a bad length is shown by the type byte of its option; the kernel shows the length "
        "byte of some", lambda p: p.we_say("12/0") and p.kernel_says("12/0")),
    row(EVERYTHING, "a timestamp option with flags nobody defined is a parameter problem; the kernel "
        "lets it pass", lambda p: p.options().get(TIMESTAMP, b"\0" * 4)[3] & 15 not in (0, 1, 3) and
        p.we_say("12/0")),
    row("options destination length", "a strict route that has been used up before it came here is "
        "no route to send an answer back on",
        lambda p: STRICT in p.options() and p.packet[16:20] != p.packet[12:16]),
    # Messages.
    row("answers", "a timestamp of less than 20 bytes lacks a time (RFC 792); the kernel fills it up",
        lambda p: not p.ours and p.icmp_type == 13),
    row("quote length", "what follows the times of a timestamp comes back; the kernel cuts it off",
        lambda p: p.icmp_type == 13),
    row("sums", "the checksum of an echo reply that is all zeros is 0xffff; the kernel's update gives "
        "0 (RFC 1624 section 3)", lambda p: p.icmp_type == 8),
    # Headers.
    row("flags", "a reset of ours may be fragmented; the kernel's has DF and identification 0",
        lambda p: p.packet[9] == 6),
    row("flags", "the reserved flag is passed on in every fragment (RFC 1812 section 5.2.5); the "
        "kernel clears it", lambda p: p.packet[6] & 0x80 != 0),
)
