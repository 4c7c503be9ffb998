"""The examples in tools/examples: the commands of their comments, and how to run them."""

import re
import shlex

from support import ROOT, Outcome, hop, plain_environment, run, scratch

EXAMPLES = ROOT / "tools" / "examples"


def commands(name: str) -> list[str]:
    """Those in the comment of an example, in order."""
    text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
    return re.findall(r"^# {5}(hop .*)$", text, re.MULTILINE)


def patient(words: list[str]) -> list[str]:
    """traceroute that waits five seconds for every answer, not three times as long as for the
    first, unless it is told how long."""
    if "traceroute" not in words or "-w" in words:
        return words
    at = words.index("traceroute") + 1
    return [*words[:at], "-w", "5,0,0", *words[at:]]


def execute(command: str, *options: str) -> Outcome:
    """Runs a command of a comment in a directory of its own, where `hop` is the program to test;
    `options` are those of hop run."""
    words = patient(shlex.split(command))
    with scratch() as directory:
        (directory / "tools").symlink_to(ROOT / "tools")
        (directory / "hop").symlink_to(hop())
        path = f"{directory}:{plain_environment()['PATH']}"
        return run("env", f"PATH={path}", words[0], words[1], *options, *words[2:], cwd=directory)


def outcomes(name: str) -> list[Outcome]:
    """Of all commands of an example."""
    return [execute(command) for command in commands(name)]


def addresses(outcome: Outcome) -> list[set[str]]:
    """Who answered at each hop of a traceroute."""
    lines = re.findall(r"(?m)^ *\d+  (.*)$", outcome.out)
    return [set(re.findall(r"\d+\.\d+\.\d+\.\d+", line)) for line in lines]


def path(outcome: Outcome) -> list[str]:
    """The same where one answers at each hop; * is nobody."""
    return ["".join(sorted(hop_)) or "*" for hop_ in addresses(outcome)]


def losses(outcome: Outcome) -> dict[str, float]:
    """Loss in percent at each hop of mtr --report."""
    found = re.findall(r"\|-- ([\d.]+) +([\d.]+)%", outcome.out)
    return {address: float(loss) for address, loss in found}


def links(outcome: Outcome) -> set[tuple[str, str]]:
    """What dublin-traceroute saw one behind the other in one flow, where both answered."""
    found = set()
    for flow in outcome.out.split("== Flow ID")[1:]:
        answers = re.findall(r"(?m)^\d+ +([\d.]+|\*)(?= |$)", flow)
        found.update(pair for pair in zip(answers, answers[1:]) if "*" not in pair)
    return found
