"""Where hop's profile `linux` and the kernel (6.18) are allowed to differ, and why.

A row does not excuse anything: it makes of the kernel's answers the ones that hop has to give, which are
then compared as all others. Each row has to occur: one that nothing needs any more fails the test."""

import ipaddress
from collections.abc import Callable
from typing import NamedTuple

from compare import TIMESTAMP_OPTION, Answer
from packets import address
from sent import (LOOSE, ON_LEFT, ON_RIGHT, STRICT, Sent, echo_reply, error, has_route,
                  our_address)

Answers = list[Answer]


class Difference(NamedTuple):
    """Why hop is right, when the kernel's answers are others, and what hop's are then."""

    why: str
    when: Callable[[Sent, Answers], bool]
    instead: Callable[[Sent, Answers], Answers]


def each(why: str, when: Callable[[Sent, Answer], bool],
         instead: Callable[[Sent, Answer], Answer]) -> Difference:
    """A row about single answers."""
    return Difference(
        why, lambda sent, said: any(when(sent, one) for one in said),
        lambda sent, said: [instead(sent, one) if when(sent, one) else one for one in said])


def silence(_: Sent, __: Answers) -> Answers:
    return []


def only(message: str) -> Callable[[Sent, Answers], Answers]:
    """One error; those about options have none themselves."""
    options = b"" if message.startswith("12/") else None
    return lambda sent, _: [error(sent, message, options)]


def is_on(stop: str, *links: ipaddress.IPv4Network) -> bool:
    return bool(stop) and any(ipaddress.IPv4Address(stop) in link for link in links)


def is_network_address(text: str) -> bool:
    return text in ("10.1.0.0", "10.2.0.0")


def is_broadcast(text: str) -> bool:
    return text in ("10.1.255.255", "10.2.255.255")


def is_link_local(text: str) -> bool:
    return text.startswith("169.254.")


def is_sent_back(sent: Sent, said: Answers) -> bool:
    """Is it passed on, and nothing else said?"""
    return [one.source for one in said] == [sent.source]


def undefined_flags(sent: Sent) -> int:
    """Where a timestamp option has flags that nobody defined; 0 if it has not."""
    return next((at + 3 for at, data in sent.options.items() if data[0] == TIMESTAMP_OPTION and
                 len(data) > 3 and data[3] & 15 not in (0, 1, 3)), 0)


def is_redirect_to(gateway: str, one: Answer) -> bool:
    return one.message == f"5/1 {address(gateway).hex()}"


def is_length_byte(sent: Sent, one: Answer) -> bool:
    """Does a parameter problem point at the length of an option?"""
    option = sent.options.get(int(one.message[5:7], 16) - 1) if one.message.startswith("12/0") else b""
    return bool(option) and option[0] > 1


def answer_behind_pointer(sent: Sent, _: Answers) -> Answers:
    options = sent.stamped_twice()
    return [echo_reply(sent, options) if sent.is_for_us and sent.icmp_type == 8 else
            error(sent, sent.failure, options)]


def junk(sent: Sent) -> bytes:
    """What stands behind the end of its options."""
    return sent.packet[20 + sum(map(len, sent.options.values())):sent.header]


def without_end(one: Answer, rest: bytes) -> str:
    return one.options[:len(one.options) - 2 * len(rest)]


DIFFERENCES = (
    # What the kernel does not say.
    Difference(
        "RFC 1122 section 3.2.2 lists the errors: router discovery (9, 10), traceroute (30) and "
        "extended echo (42, 43) are none. The kernel takes all that it does not know for errors",
        lambda sent, said: not said and sent.icmp_type in (9, 10, 30, 42, 43) and
        not sent.is_for_us and sent.may_be_told_of and bool(sent.failure),
        lambda sent, _: [error(sent, sent.failure)]),
    Difference(
        "a source route that fails is told of (RFC 1812 section 5.2.7.1, code 5); the kernel drops "
        "the packet where the route lookup for the next stop fails",
        lambda sent, said: not said and bool(sent.next_stop) and sent.may_be_told_of and
        not has_route(sent.next_stop),
        only("3/5 00000000")),
    Difference(
        "a strict route to somebody who is not on a link fails (RFC 1812 section 5.2.4.3), whatever "
        "its TTL; the kernel looks at the TTL before",
        lambda sent, said: bool(sent.option(STRICT)) and bool(sent.next_stop) and
        not is_on(sent.next_stop, ON_LEFT, ON_RIGHT) and
        [one.message for one in said] == ["11/0 00000000"],
        only("3/5 00000000")),
    Difference(
        "no route is told of along a source route, too (RFC 1812 section 5.2.7.1, code 0); the kernel "
        "is silent",
        lambda sent, said: not said and bool(sent.option(LOOSE)) and sent.may_be_told_of and
        not has_route(sent.destination), only("3/0 00000000")),
    Difference(
        "a strict route through somebody else is told of (RFC 1812 section 5.2.2); the kernel finds "
        "no route before it looks at the options",
        lambda sent, said: not said and bool(sent.option(STRICT)) and sent.may_be_told_of and
        not has_route(sent.destination), only("12/0 10000000")),
    Difference(
        "a pointer between two slots is followed by us (RFC 791 section 3.1 knows only the smallest "
        "that is legal); the kernel forwards such a packet, but gives up when it writes an answer",
        lambda sent, said: not said and sent.is_misaligned and sent.may_be_told_of,
        answer_behind_pointer),
    Difference(
        "a timestamp option with flags that RFC 791 section 3.1 does not define is a parameter problem "
        "(RFC 1812 section 4.3.3.5); the kernel lets it pass",
        lambda sent, _: undefined_flags(sent) > 0 and sent.may_be_told_of,
        lambda sent, _: [error(sent, f"12/0 {undefined_flags(sent):02x}000000", b"")]),
    # Addresses.
    Difference(
        "the all-zeros address of a subnet is its old broadcast (RFC 1812 section 4.2.3.1), as source "
        "and destination; to the kernel an ordinary one",
        lambda sent, _: is_network_address(sent.source) or is_network_address(sent.destination),
        silence),
    Difference(
        "a subnet's broadcast address is no source (RFC 1812 section 4.2.2.11); the kernel looks only "
        "with rp_filter", lambda sent, _: is_broadcast(sent.source), silence),
    Difference(
        "link-local addresses are not forwarded (RFC 3927 section 2.7)",
        lambda sent, _: is_link_local(sent.source) or is_link_local(sent.destination), silence),
    Difference(
        "whom nobody on the link of a TUN claims to be may be behind the TUN, but not for a packet from "
        "there (RFC 1812 section 4.3.3.1, code 1); the kernel knows no neighbours on a TUN and sends "
        "it back, with a redirect to the destination itself",
        lambda sent, said: any(is_redirect_to(sent.destination, one) for one in said),
        lambda sent, said: [one._replace(message="3/1 00000000",
                                         payload=sent.quote(len(one.payload) // 2))
                            for one in said if is_redirect_to(sent.destination, one)]),
    Difference(
        "the same along a source route, which has failed then (RFC 1812 section 5.2.7.1, code 5)",
        lambda sent, said: is_on(sent.next_stop, ON_LEFT) and is_sent_back(sent, said),
        only("3/5 00000000")),
    # Messages.
    Difference(
        "a timestamp of less than 20 bytes lacks a time (RFC 792); the kernel fills it up",
        lambda sent, _: sent.icmp_type == 13 and sent.is_for_us and len(sent.payload) < 20, silence),
    each("what follows the times of a timestamp comes back, as the data of an echo does; the kernel cuts "
         "it off",
         lambda sent, one: sent.icmp_type == 13 and one.message.startswith("14/0"),
         lambda sent, one: one._replace(payload=one.payload + sent.payload[20:].hex(),
                                        length=one.length + len(sent.payload[20:]))),
    each("the checksum of an echo reply that is all zeros is 0xffff; the kernel's update gives 0 (RFC "
         "1624 section 3)",
         lambda _, one: one.message == "0/0 00000000" and not one.payload.strip("0"),
         lambda _, one: one._replace(sound=True)),
    # Quotes and options.
    each("errors quote what was received (RFC 1812 section 4.3.2.3); the kernel decrements the TTL "
         "before a redirect",
         lambda _, one: one.message.startswith("5/1"),
         lambda sent, one: one._replace(payload=sent.quote(len(one.payload) // 2))),
    each("errors quote what was received (RFC 1812 section 4.3.2.3); the kernel has written into the "
         "options by then, and has cleared what follows their end",
         lambda sent, one: sent.header > 20 and one.message.startswith(("3/", "11/", "12/")),
         lambda sent, one: one._replace(payload=sent.quote(len(one.payload) // 2))),
    each("a parameter problem is about options that could not be read, so none of them goes back, and "
         "no source route (RFC 1812 section 4.3.2.6); the kernel sends those before the bad one",
         lambda _, one: one.message.startswith("12/0"),
         lambda sent, one: one.without_options()._replace(source=our_address(sent.source),
                                                          destination=sent.source)),
    each("a bad length is shown by the type byte of its option (RFC 792 lets the pointer stand at it as "
         "in the middle of an option); the kernel shows the length byte of some", is_length_byte,
         lambda _, one: one._replace(message=f"12/0 {int(one.message[5:7], 16) - 1:02x}000000")),
    each("what follows the end of the options is passed on as it is; the kernel clears it",
         lambda sent, one: not one.is_its_own and any(junk(sent)),
         lambda sent, one: one._replace(options=without_end(one, junk(sent)) + junk(sent).hex())),
    each("options without the copied flag are left out of later fragments (RFC 791 section 3.1); the "
         "kernel puts no-operations in their place",
         lambda sent, one: one.offset > 0 and set(bytes.fromhex(one.options)) == {0, 1},
         lambda _, one: one.without_options()),
    # Headers.
    each("a reset of ours may be fragmented, as all that is small and its own; the kernel's has DF",
         lambda _, one: one.is_its_own and one.protocol == 6,
         lambda _, one: one._replace(flags=0)),
    each("the reserved flag is passed on in every fragment (RFC 1812 section 5.2.5); the kernel clears "
         "it", lambda sent, one: not one.is_its_own and bool(sent.packet[6] & 0x80),
         lambda _, one: one._replace(flags=one.flags | 4)),
)


def wanted(sent: Sent, said: Answers) -> tuple[Answers, list[str]]:
    """What hop has to say where the kernel said that, and the reasons for what differs."""
    reasons = []
    for why, when, instead in DIFFERENCES:
        if when(sent, said) and sorted(said) != sorted(right := instead(sent, said)):
            said = right
            reasons.append(why)
    return said, reasons
