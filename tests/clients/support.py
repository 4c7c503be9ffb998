"""What the tests with real clients share: the program under test, namespaces, captures.

Every test makes its own namespaces and leaves none. Nothing here sleeps, retries or skips: what is
waited for is a condition, and a missing tool or privilege fails the test with its own message.
"""

import contextlib
import ipaddress
import os
import pathlib
import re
import select
import shutil
import signal
import stat
import struct
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from typing import NamedTuple

TESTS = pathlib.Path(__file__).resolve().parent
ROOT = TESTS.parents[1]
PATIENCE = 60  # seconds; a safety net for a hanging program, never a measure
NOBODY = 65534


def hop() -> str:
    """The program under test, from the environment: CMake sets it. With HOP_OPTIONS in the environment,
    every `hop up` and `hop run` of the tests gets those options, too: settings that change nothing."""
    path = os.environ.get("HOP")
    if not path:
        raise AssertionError("no program to test; run: HOP=build/release/tools/hop python3 "
                             "-m unittest discover -s tests/clients -p '*_test.py'")
    if os.environ.get("HOP_OPTIONS"):
        path = TESTS / "hop-with-options"
    return str(pathlib.Path(path).resolve(strict=True))


def tool(name: str) -> str:
    """Path of a client; a missing one is a failure that says how to get it."""
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/local/sbin:/usr/sbin:/sbin")
    if path is None:
        raise AssertionError(f"{name} is missing; run: scripts/install-deps")
    return path


class Outcome(NamedTuple):
    """How a command ended: its status, what it printed on both streams."""

    status: int
    out: str
    err: str

    def __str__(self) -> str:
        return f"status {self.status}\n--- out\n{self.out}\n--- err\n{self.err}"


ONE_WORKER = re.compile(r"hop: one worker instead of .*\n")


def complaints(err: str) -> str:
    """Standard error, less what hop says because of HOP_OPTIONS."""
    return ONE_WORKER.sub("", err) if os.environ.get("HOP_OPTIONS") else err


def run(*command: str, text: str = "", prefix: tuple[str, ...] = (), **options) -> Outcome:
    """Runs a command to its end, with `text` on its standard input."""
    done = subprocess.run((*prefix, tool(command[0]), *command[1:]), input=text, text=True,
                          capture_output=True, timeout=PATIENCE, check=False, errors="replace",
                          env=plain_environment(), **options)
    return Outcome(done.returncode, done.stdout, complaints(done.stderr))


def plain_environment() -> dict[str, str]:
    """The environment with English messages and the directories of the network tools."""
    return {**os.environ, "LC_ALL": "C", "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}


@contextlib.contextmanager
def scratch() -> Iterator[pathlib.Path]:
    """A directory that is gone afterwards; every user may look into it."""
    with tempfile.TemporaryDirectory(prefix="hop-test-") as name:
        os.chmod(name, 0o755)
        yield pathlib.Path(name)


def hop_run(*command: str, file: pathlib.Path | None = None, options: tuple[str, ...] = (),
            text: str = "") -> Outcome:
    """`hop run` of a topology (the tour without one) with a command inside."""
    files = (str(file),) if file else ()
    return run(hop(), "run", *options, *files, "--", *command, text=text)


class Packet:
    """An IPv4 packet of a capture; for an ICMP message its type, code and what it quotes."""

    def __init__(self, data: bytes, when: int):
        header = (data[0] & 15) * 4
        self.data = data
        self.when = when  # nanoseconds since the epoch
        self.source = str(ipaddress.IPv4Address(data[12:16]))
        self.destination = str(ipaddress.IPv4Address(data[16:20]))
        self.ttl = data[8]
        self.protocol = data[9]
        self.more_fragments = bool(data[6] & 0x20)
        self.fragment_offset = struct.unpack_from("!H", data, 6)[0] % 0x2000 * 8
        self.options = data[20:header]
        self.payload = data[header:]

    @property
    def icmp(self) -> tuple[int, int] | None:
        """Type and code, of a packet that has them."""
        if self.protocol != 1 or self.fragment_offset or len(self.payload) < 8:
            return None
        return self.payload[0], self.payload[1]

    @property
    def rest(self) -> bytes:
        """The four bytes of an ICMP header behind its checksum."""
        return self.payload[4:8]

    @property
    def quote(self) -> bytes:
        """What an ICMP error returns of the packet that caused it."""
        return self.payload[8:]

    def __repr__(self) -> str:
        kind = f"icmp {self.icmp}" if self.icmp else f"protocol {self.protocol}"
        return f"{self.source} > {self.destination} ttl {self.ttl} {kind} length {len(self.data)}"


NANOSECOND_PCAP = 0xA1B23C4D
LINKTYPE_RAW = 101
PCAP_HEADER, PCAP_PACKET_HEADER = 24, 16  # bytes


def frames(path: pathlib.Path) -> Iterator[tuple[bytes, int]]:
    """The bytes and times of a capture with nanoseconds and bare IP packets, as `hop` writes it."""
    data = path.read_bytes()
    magic, _, _, _, _, _, link = struct.unpack_from("<IHHiIII", data)
    if (magic, link) != (NANOSECOND_PCAP, LINKTYPE_RAW):
        raise AssertionError(f"{path}: magic {magic:#x}, link type {link}")
    at = PCAP_HEADER
    while at < len(data):
        seconds, nanoseconds, length, original = struct.unpack_from("<IIII", data, at)
        if length != original:
            raise AssertionError(f"{path}: a packet of {original} bytes is cut to {length}")
        at += PCAP_PACKET_HEADER
        yield data[at:at + length], seconds * 10**9 + nanoseconds
        at += length


def write_frames(path: pathlib.Path, packets: Iterable[tuple[bytes, int]]) -> None:
    """The opposite of frames()."""
    data = struct.pack("<IHHiIII", NANOSECOND_PCAP, 2, 4, 0, 0, 65535, LINKTYPE_RAW)
    for packet, when in packets:
        length = len(packet)
        data += struct.pack("<IIII", *divmod(when, 10**9), length, length) + packet
    path.write_bytes(data)


def read_pcap(path: pathlib.Path) -> list[Packet]:
    """The packets of a capture that `hop` has written."""
    return [Packet(data, when) for data, when in frames(path)]


def write_pcap(path: pathlib.Path, packets: list[Packet]) -> None:
    """The opposite of read_pcap()."""
    write_frames(path, ((packet.data, packet.when) for packet in packets))


class Watched(NamedTuple):
    """How a command inside `hop run` ended, and every packet that crossed the TUN meanwhile."""

    outcome: Outcome
    packets: list[Packet]

    def icmp(self, kind: int, code: int) -> list[Packet]:
        """The ICMP messages of a type and code, in order."""
        return [packet for packet in self.packets if packet.icmp == (kind, code)]

    def __str__(self) -> str:
        return f"{self.outcome}\n--- packets\n" + "\n".join(map(repr, self.packets))


def watch(*command: str, file: pathlib.Path | None = None) -> Watched:
    """`hop run` with a command, and the packets that it made cross the TUN. IPv6 is left out."""
    with scratch() as directory:
        capture = directory / "tun0.pcap"
        outcome = hop_run(*command, file=file, options=("--capture", str(capture)))
        if not capture.exists():
            raise AssertionError(f"no capture was written: {outcome}")
        return Watched(outcome, read_pcap(capture))


def read_some(descriptor: int, size: int, what: str) -> bytes:
    """Waits for bytes and reads at most `size` of them; none at the end of the file."""
    ready, _, _ = select.select([descriptor], [], [], PATIENCE)
    if not ready:
        raise AssertionError(f"{what}: nothing came within {PATIENCE} s")
    return os.read(descriptor, size)


def wait_for_line(descriptor: int, what: str) -> bytes:
    """Reads up to a newline or the end of the file."""
    line = b""
    while not line.endswith(b"\n"):
        byte = read_some(descriptor, 1, what)
        if not byte:
            break
        line += byte
    return line


def read_exactly(descriptor: int, size: int) -> bytes:
    """Reads so many bytes as soon as they are there, less at the end of the file."""
    data = b""
    while len(data) < size:
        piece = read_some(descriptor, size - len(data), f"{size} bytes, {len(data)} so far")
        if not piece:
            break
        data += piece
    return data


@contextlib.contextmanager
def fifo(path: pathlib.Path) -> Iterator[int]:
    """A named pipe, open for reading."""
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class Sandbox:
    """A user and network namespace of the test's own, alive until the `with` block ends."""

    def __enter__(self) -> "Sandbox":
        self._holder = subprocess.Popen((tool("unshare"), "-Urn", "cat"), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self._holder.stdin.write(b"inside\n")  # comes back once the namespaces are there
        self._holder.stdin.flush()
        if wait_for_line(self._holder.stdout.fileno(), "unshare") != b"inside\n":
            raise AssertionError("unshare --user --net failed; user namespaces are needed")
        self.run("ip", "link", "set", "lo", "up")
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.stdin.close()
        self._holder.wait(PATIENCE)
        self._holder.stdout.close()

    def prefix(self) -> tuple[str, ...]:
        """What makes a command run inside."""
        return (tool("nsenter"), "--target", str(self._holder.pid), "--user", "--net",
                "--preserve-credentials", "--")

    def run(self, *command: str, text: str = "") -> Outcome:
        """Runs a command inside to its end."""
        return run(*command, text=text, prefix=self.prefix())


class Running:
    """A program in the background: stopped, and its output kept, when the `with` block ends."""

    def __init__(self, command: tuple[str, ...], **options):
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, text=True,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                         env=plain_environment(), **options)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def read_line(self) -> str:
        """The next line of its output, as soon as it is there."""
        return wait_for_line(self._process.stdout.fileno(), "output").decode()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> Outcome:
        """Sends a signal and waits for the end."""
        self._process.send_signal(number)
        return self.finish()

    def finish(self) -> Outcome:
        """Waits for the end."""
        out, err = self._process.communicate(timeout=PATIENCE)
        return Outcome(self._process.returncode, out, complaints(err))

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        if not self._process.stdout.closed:
            self._process.communicate(timeout=PATIENCE)


def hop_until_ready(*arguments: str, prefix: tuple[str, ...] = ()) -> Running:
    """Starts hop with --ready-fd and returns once it says that packets are answered."""
    reading, writing = os.pipe()
    try:
        program = Running((*prefix, hop(), *arguments, "--ready-fd", str(writing)),
                          pass_fds=(writing,))
    finally:
        os.close(writing)
    try:
        word = wait_for_line(reading, "hop --ready-fd")
    finally:
        os.close(reading)
    if not word:
        with program:
            raise AssertionError(f"hop ended before it was ready: {program.finish()}")
    return program


@contextlib.contextmanager
def open_tun_device(mode: int = 0o666) -> Iterator[pathlib.Path]:
    """A device node for TUN devices, which every user may open unless `mode` says otherwise."""
    with scratch() as directory:
        node = directory / "tun"
        os.mknod(node, mode | stat.S_IFCHR, os.makedev(10, 200))
        os.chmod(node, mode)  # mknod heeds the umask
        yield node


def copy_of_hop(directory: pathlib.Path) -> str:
    """The program where every user may run it: the build directory may be private."""
    program = shutil.copy(hop(), directory / "hop")
    os.chmod(program, 0o755)
    return str(program)


def as_ordinary_user() -> tuple[str, ...]:
    """What makes a command run as a user who owns nothing and may do nothing special."""
    return (tool("setpriv"), "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups",
            "--no-new-privs", "--")
