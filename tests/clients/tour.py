"""The addresses of the tour network (tools/tour.yaml), which most tests talk to."""

TUN = "198.18.0.1"  # this machine's end
ROUTERS = ("198.18.0.2", "198.18.1.2", "198.18.2.2", "198.18.3.2")  # as traceroute sees them
WEB = "198.18.4.80"  # five hops away, behind the narrow link
OLD = "198.18.4.81"  # next to it, with the profile legacy
GW2, SIDE = "198.18.0.3", "198.19.105.80"  # the better first hop to a host
SLOW = "198.19.104.80"  # behind a slow link with a short queue
LOOP = "198.19.111.1"  # r2 and r3 send it to each other
BLACKHOLE = "198.19.100.1"
NARROW_MTU = 600
PATH = (*ROUTERS, WEB)


def rejecting(code: int) -> str:
    """An address that r2 answers with destination unreachable of this code."""
    return f"198.19.{code}.1"
