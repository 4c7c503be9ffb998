"""Namespaces and processes, all of which are gone at the end."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

GENERATOR_CPU, STACK_CPU = "0", "1"
PATIENCE = 30  # seconds until a process has to be ready


class Unavailable(Exception):
    """Something cannot be measured here; the message says why."""


def run(*command: str, **options) -> subprocess.CompletedProcess:
    """A command that has to succeed; what it says stands in the exception if not."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Unavailable(f"'{' '.join(command[:6])}' failed: {(done.stderr or done.stdout).strip()}")
    return done


class Laboratory(contextlib.AbstractContextManager):
    """Makes namespaces and starts processes. Leaving the `with` block ends and removes them."""

    def __init__(self, real_time: bool):
        self._prefix = f"hopbench{os.getpid()}-"
        self._real_time = real_time
        self._namespaces: list[str] = []
        self._processes: list[subprocess.Popen] = []
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="hop-bench-"))
        self.has_nft = shutil.which("nft") is not None

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            self.stop(process)
        for name in self._namespaces:
            subprocess.run(("ip", "netns", "delete", name), check=False)
        shutil.rmtree(self.directory)

    # ---- namespaces

    def namespace(self, name: str) -> str:
        """A new namespace, without IPv6 and without answers of its own; its full name."""
        full = self._prefix + name
        run("ip", "netns", "add", full)
        self._namespaces.append(full)
        run("ip", "-n", full, "link", "set", "lo", "up")
        self.sysctl(full, "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1",
                    "net.ipv4.conf.all.rp_filter=0")
        return full

    def ip(self, namespace: str, *lines: str) -> None:
        """ip(8) in a namespace, one command a line."""
        run("ip", "-n", namespace, "-batch", "-", input="\n".join(lines) + "\n")

    def sysctl(self, namespace: str, *settings: str) -> None:
        run("ip", "netns", "exec", namespace, "sysctl", "-qw", *settings)

    def sink(self, namespace: str, *devices: str) -> None:
        """Answers that come in there are dropped as early as the kernel can; counters and packet
        sockets see them before. Without nft they go on into the IP stack, which drops them."""
        if not self.has_nft:
            return
        chains = "; ".join(f"add chain netdev sink {device} {{ type filter hook ingress device "
                           f"{device} priority 0; policy drop; }}" for device in devices)
        run("ip", "netns", "exec", namespace, "nft", f"add table netdev sink; {chains}")

    # ---- processes

    def command(self, namespace: str, cpu: str | None, *command: str) -> list[str]:
        """A command in a namespace, on a processor. On one that is shared with other work and not
        pinned it is only preferred: of three that wait for each other none may have all."""
        priority: list[str] = []
        if self._real_time:
            priority = ["chrt", "-f", "10"] if cpu is not None else ["nice", "-n", "-20"]
        pinned = ["taskset", "-c", cpu] if cpu is not None else []
        return ["ip", "netns", "exec", namespace, *priority, *pinned, *command]

    def start(self, namespace: str, cpu: str | None, *command: str, **options) -> subprocess.Popen:
        """A process that runs until stop()."""
        process = subprocess.Popen(self.command(namespace, cpu, *command), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
        self._processes.append(process)
        return process

    def stop(self, process: subprocess.Popen) -> None:
        """Ends it, and hard where it does not end."""
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self._processes:
            self._processes.remove(process)

    def wait_for(self, process: subprocess.Popen, what: str, condition) -> None:
        """Until `condition()`; the process has to live until then."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if process.poll() is not None:
                raise Unavailable(f"{what} ended: {process.stderr.read().decode().strip()}")
            if time.monotonic() > end:
                raise Unavailable(f"{what} was not ready within {PATIENCE} s")
            time.sleep(0.02)

    def start_hop(self, namespace: str, cpu: str | None, *command: str) -> subprocess.Popen:
        """`hop up`, once it answers packets."""
        reader, writer = os.pipe()
        control = str(self.directory / f"control-{writer}-{time.monotonic_ns()}")
        process = self.start(namespace, cpu, *command, "--quiet", "--control", control, "--ready-fd",
                             str(writer), pass_fds=(writer,))
        os.close(writer)
        with os.fdopen(reader) as ready:
            if ready.readline() != "ready\n":
                raise Unavailable(f"hop ended: {process.stderr.read().decode().strip()}")
        return process


def has_carrier(namespace: str, device: str) -> bool:
    """Does a process have the TUN device?"""
    return "LOWER_UP" in run("ip", "-n", namespace, "link", "show", "dev", device).stdout


def mac_address(namespace: str, device: str) -> str:
    """Of a veth."""
    return run("ip", "netns", "exec", namespace, "cat",
               f"/sys/class/net/{device}/address").stdout.strip()


def cpu_nanoseconds(process: subprocess.Popen) -> int:
    """What all threads of a process have had so far."""
    tasks = pathlib.Path(f"/proc/{process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks)


def resident_megabytes(process: subprocess.Popen) -> float:
    """VmRSS."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
