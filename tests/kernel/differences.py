"""Where hop's profile `linux` and the kernel (6.18) are allowed to differ, and why. Each row has to
occur: a row that nothing needs any more fails the test as well as a difference without a row. A row
looks at both answers, so that a wrong one of ours is not taken for what it allows."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from cases import Case
from compare import Answer, dotted, quote_of, without_times

NO_OPERATION, LOOSE, STRICT, RECORD_ROUTE, TIMESTAMP = 1, 131, 137, 7, 68
LINK = bytes((10, 1))  # the subnet of the left link
ERROR = 576  # bytes of an error at most (RFC 1812 section 4.3.2.3)
TTL, SUM, DESTINATION = 8, (10, 11), range(16, 20)  # of an IP header
DF, RESERVED = 2, 4  # flags


def says(answer: Answer, message: str) -> bool:
    """Is it of the type and code, or does it begin with more than those?"""
    return answer.message.startswith(message if " " in message else message + " ")


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

    @property
    def option_bytes(self) -> bytes:
        """Of the packet."""
        return self.packet[20:(self.packet[0] & 15) * 4]

    def options(self) -> dict[int, bytes]:
        """By type."""
        return {option[0]: option for option in options_in(self.option_bytes)}

    def place_of(self, kind: int) -> int:
        """Where the last option of a type begins in the packet."""
        at, found = 20, 0
        for option in options_in(self.option_bytes):
            found = at if option[0] == kind else found
            at += len(option)
        return found

    def has_junk(self) -> bool:
        """Is there anything behind the end of its options?"""
        return any(self.option_bytes[sum(map(len, options_in(self.option_bytes))):])

    def both(self) -> Iterator[tuple[Answer, Answer]]:
        """Answers of ours beside the kernel's."""
        return zip(sorted(self.ours), sorted(self.kernels))

    def we_quote_it(self) -> bool:
        """Do our errors return the packet as it was received?"""
        return all(answer.quote == self.received(answer) for answer in self.ours if answer.is_error)

    def received(self, answer: Answer) -> str:
        """What an answer of ours has to return: the packet as far as there is room, or its data."""
        packet = self.packet[:int.from_bytes(self.packet[2:4])]  # without padding
        if answer.is_error:
            return quote_of(packet[:ERROR - 28 - len(answer.options) // 2]).hex()
        return packet[(packet[0] & 15) * 4 + 8:].hex()

    def we_tell(self, *messages: str) -> bool:
        """Is our only answer an error that begins so, and as it should be in all else?"""
        return (len(self.ours) == 1 and self.we_say(*messages) and self.ours[0].options == "" and
                self.is_answered_by_us())

    def is_answered_by_us(self) -> bool:
        """Are all our answers ICMP messages from the router to the source of the packet, and as they
        should be but for message and options?"""
        return all(answer == Answer(
            "10.1.0.254", dotted(self.packet[12:16]), self.tos_of(answer), 64, 0, 0, 1,
            answer.options, answer.message, self.received(answer),
            28 + len(answer.options + answer.quote) // 2, True) for answer in self.ours)

    def tos_of(self, answer: Answer) -> int:
        """What it should be: precedence 6 and the TOS bits in an error, all of it in a reply."""
        return 0xC0 | self.packet[1] & 0x1E if answer.is_error else self.packet[1]

    def we_say(self, *messages: str) -> bool:
        """Is one of our answers of that type and code, or begins so?"""
        return any(says(answer, message) for answer in self.ours for message in messages)

    def kernel_says(self, *messages: str) -> bool:
        """Is one of the kernel's?"""
        return any(says(answer, message) for answer in self.kernels for message in messages)


class Difference(NamedTuple):
    """What differs, when, and why that is right."""

    fields: frozenset[str]
    when: Callable[[Pair], bool]
    why: str


def row(fields: str, why: str, when: Callable[[Pair], bool]) -> Difference:
    return Difference(frozenset(fields.split()), when, why)


def options_in(data: bytes) -> list[bytes]:
    """Options up to their end, as far as they can be read."""
    found, at = [], 0
    while at < len(data) and data[at]:
        size = data[at + 1] if data[at] != NO_OPERATION and at + 1 < len(data) else 1
        found.append(data[at:at + max(size, 1)])
        at += max(size, 1)
    return found


def alike_but(one: str, other: str, places: set[int]) -> bool:
    """Do two strings of hexadecimal bytes differ nowhere else?"""
    ours, theirs = bytes.fromhex(one), bytes.fromhex(other)
    return len(ours) == len(theirs) and all(
        at in places for at, (a, b) in enumerate(zip(ours, theirs)) if a != b)


def quotes_differ_in(pair: Pair, places: set[int]) -> bool:
    """Only there, and ours is what was received?"""
    return pair.we_quote_it() and all(alike_but(one.quote, other.quote, places)
                                      for one, other in pair.both())


def differ_by_options(one: Answer, other: Answer) -> bool:
    """Is one longer than the other by its options?"""
    return (one.length - other.length) * 2 == len(one.options) - len(other.options)


def sends_no_options(pair: Pair) -> bool:
    """Do we, where the kernel does?"""
    return all(not one.options and differ_by_options(one, other) for one, other in pair.both())


def leaves_out_no_operations(pair: Pair) -> bool:
    """Are they all that we leave out of a fragment behind the first?"""
    def meant(options: str) -> list[bytes]:
        return [option for option in options_in(bytes.fromhex(options))
                if option[0] != NO_OPERATION]

    return all(differ_by_options(one, other) and
               (one.options == other.options if one.offset == 0 else
                meant(one.options) == meant(other.options)) for one, other in pair.both())


def points_one_further(one: Answer, other: Answer) -> bool:
    """Does the other's parameter problem point at the byte behind?"""
    pointer = int(one.message.split()[1][:2], 16)
    return other.message == one.message.replace(f" {pointer:02x}", f" {pointer + 1:02x}")


def has_unknown_flags(pair: Pair) -> bool:
    """Has its timestamp option flags that nobody defined?"""
    option = pair.options().get(TIMESTAMP, b"")
    return len(option) > 3 and option[3] & 15 not in (0, 1, 3)


def is_used_up(route: bytes) -> bool:
    """Is the pointer of a source route behind its end?"""
    return len(route) > 2 and route[2] > len(route)


def goes_back_by_the_stop(pair: Pair) -> bool:
    """Is what we tell about a packet with a loose source route through one stop right, and sent by
    that stop, with what is left of the way?"""
    source, stop = pair.packet[12:16], pair.options()[LOOSE][-4:]
    ahead = bytes((LOOSE, 7, 4)) + source + b"\0"
    return all((answer.source, answer.destination, answer.options) ==
               ("10.2.0.254", dotted(stop), ahead.hex()) for answer in pair.ours) and pair._replace(
                   ours=[answer._replace(source="10.1.0.254", destination=dotted(source))
                         for answer in pair.ours]).is_answered_by_us()


def is_short_timestamp(pair: Pair) -> bool:
    return pair.icmp_type == 13 and len(pair.packet) - (pair.packet[0] & 15) * 4 < 20


def returns_what_follows_the_times(pair: Pair) -> bool:
    """Of a timestamp, where the kernel ends with them?"""
    more = pair.packet[(pair.packet[0] & 15) * 4 + 20:].hex()
    return all(one.quote == other.quote + more and one.length == other.length + len(more) // 2
               for one, other in pair.both())


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
        "errors", lambda p: not p.kernels and p.icmp_type in (9, 10, 30, 42, 43) and
        p.we_tell("3/0", "3/1", "11/0")),
    row("answers", "a source route that fails is told of (RFC 1812 section 5.2.7.1); the kernel "
        "drops the packet where the route lookup for the next stop fails",
        lambda p: not p.kernels and has_source_route(p) and p.we_tell("3/5")),
    row("answers", "no route is told of along a source route, too; the kernel is silent",
        lambda p: not p.kernels and has_source_route(p) and p.we_say("3/0") and
        goes_back_by_the_stop(p)),
    row("answers", "a strict route through somebody else is told of by us also where the kernel "
        "finds no route before it looks at the options",
        lambda p: not p.kernels and STRICT in p.options() and p.we_tell("12/0 10")),
    row("answers", "a pointer between two slots is followed by us; the kernel forwards such a "
        "packet, but gives up when it writes an answer",
        lambda p: not p.kernels and is_misaligned(p) and p.is_answered_by_us() and
        p.we_say("0/0", "3/0", "3/3", "11/0")),
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
        lambda p: p.packet[16:18] == LINK and p.we_tell("3/1") and p.kernel_says("5/1")),
    row(EVERYTHING, "the same along a source route",
        lambda p: has_source_route(p) and p.we_tell("3/5") and bool(p.kernels)),
    # Quotes and options.
    row("quote", "errors quote what was received; the kernel decrements the TTL before a redirect",
        lambda p: p.kernel_says("5/1") and quotes_differ_in(p, {TTL, *SUM})),
    row("quote", "errors quote what was received; the kernel has written into the options by then, "
        "along a source route into the destination, and has cleared what follows the options' end",
        lambda p: quotes_differ_in(p, {*SUM, *range(20, (p.packet[0] & 15) * 4),
                                       *(DESTINATION if has_source_route(p) else ()),
                                       *((TTL,) if p.kernel_says("5/1") else ())})),
    row("options length", "a parameter problem is about options that could not be read, so we send "
        "none of them back; the kernel sends those before the bad one",
        lambda p: p.we_say("12/0") and p.kernel_says("12/0") and sends_no_options(p)),
    row("options", "what follows the end of the options is passed on as it is; the kernel clears it",
        lambda p: p.has_junk() and all(answer.options == without_times(p.option_bytes).hex()
                                       for answer in p.ours)),
    row("options length", "options without the copied flag are left out of later fragments (RFC 791 "
        "section 3.1); the kernel puts no-operations in their place",
        lambda p: len(p.ours) > 1 and leaves_out_no_operations(p)),
    row("message", "a bad length is shown by the type byte of its option; the kernel shows the length "
        "byte of some", lambda p: p.we_say("12/0") and all(points_one_further(one, other)
                                                           for one, other in p.both())),
    row(EVERYTHING, "a timestamp option with flags nobody defined is a parameter problem; the kernel "
        "lets it pass", lambda p: has_unknown_flags(p) and
        p.we_tell(f"12/0 {p.place_of(TIMESTAMP) + 3:02x}")),
    row("options destination length", "a strict route that has been used up before it came here is "
        "no route to send an answer back on",
        lambda p: is_used_up(p.options().get(STRICT, b"")) and p.we_tell("12/0")),
    # Messages.
    row("answers", "a timestamp of less than 20 bytes lacks a time (RFC 792); the kernel fills it up",
        lambda p: not p.ours and is_short_timestamp(p)),
    row("quote length", "what follows the times of a timestamp comes back; the kernel cuts it off",
        lambda p: p.icmp_type == 13 and returns_what_follows_the_times(p)),
    row("sums", "the checksum of an echo reply that is all zeros is 0xffff; the kernel's update gives "
        "0 (RFC 1624 section 3)", lambda p: p.icmp_type == 8 and
        all(one.sums and one.message == "0/0 00000000" and not one.quote.strip("0")
            for one, _ in p.both())),
    # Headers.
    row("flags", "a reset of ours may be fragmented; the kernel's has DF and identification 0",
        lambda p: p.packet[9] == 6 and all((one.flags, other.flags) == (0, DF)
                                           for one, other in p.both())),
    row("flags", "the reserved flag is passed on in every fragment (RFC 1812 section 5.2.5); the "
        "kernel clears it", lambda p: p.packet[6] & 0x80 != 0 and
        all(one.flags == other.flags | RESERVED for one, other in p.both())),
)
