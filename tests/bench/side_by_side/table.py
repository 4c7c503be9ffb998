"""What a run has measured, as the table of the README and as JSON."""

import os
import platform
from typing import NamedTuple

from .rows import Row, Samples, spread


class Result(NamedTuple):
    """A row with its samples of all rounds, or why there are none."""

    row: Row
    samples: list[Samples]
    missing: str = ""

    def figures(self) -> list[float]:
        """One a round."""
        return [self.row.figure(sample) for sample in self.samples]

    def falls_short(self) -> bool:
        return bool(self.samples) and self.row.falls_short(spread(self.figures())[0])


def number(value: float) -> str:
    """Three digits that count."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def target(row: Row) -> str:
    if row.at_least is not None:
        return f"≥ {row.at_least:g}"
    return f"≤ {row.at_most:g}" if row.at_most is not None else "–"


def cells(result: Result) -> list[str]:
    """Work, baseline, this machine, target, mark."""
    row = result.row
    unit = "" if row.baseline else f" {row.unit}"
    if not result.samples:
        return [row.work, row.baseline or "–", "not available", target(row) + unit, ""]
    median, least, most = spread(result.figures())
    measured = f"{number(median)}{unit} [{number(least)}..{number(most)}]"
    return [row.work, row.baseline or "–", measured, target(row) + unit,
            "falls short" if result.falls_short() else ""]


def aligned(lines: list[list[str]]) -> str:
    """A Markdown table that can be read as it is."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines = [lines[0], ["-" * width for width in widths], *lines[1:]]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
                     for line in lines)


def beside_others(results: list[Result]) -> str:
    """Medians of all contenders, of the rows that have others than hop and its baseline."""
    lines = []
    for result in results:
        names = dict.fromkeys(name for sample in result.samples for name in sample
                              if "CPU" not in name)
        if len(names) < 2:
            continue
        medians = [f"{name} {number(spread([s[name] for s in result.samples if name in s])[0])}"
                   for name in names]
        lines.append([result.row.work, result.row.unit, ", ".join(medians)])
    return aligned([["work", "unit", "medians"], *lines]) if lines else ""


def footnotes(results: list[Result]) -> list[str]:
    notes = [f"{result.row.work}: {result.missing}" for result in results if result.missing]
    notes += [f"{result.row.work}: {note}" for result in results for note in result.row.notes]
    short = sum(result.falls_short() for result in results)
    measured = sum(bool(result.samples) for result in results)
    return [f"{short} of {measured} rows fall short.", *notes]


def as_text(results: list[Result], circumstances: dict[str, str]) -> str:
    """Everything, for people."""
    head = ["work", "baseline of the same run", "median [least..most] of the rounds", "to reach", ""]
    parts = [", ".join(f"{key}: {value}" for key, value in circumstances.items()),
             aligned([head, *map(cells, results)]), beside_others(results),
             "\n".join(footnotes(results))]
    return "\n\n".join(part for part in parts if part)


def as_json(results: list[Result], circumstances: dict[str, str]) -> dict:
    """Everything, for programs."""
    rows = []
    for result in results:
        row = {"work": result.row.work, "unit": result.row.unit, "baseline": result.row.baseline,
               "at_least": result.row.at_least, "at_most": result.row.at_most,
               "samples": result.samples, "missing": result.missing, "notes": result.row.notes}
        if result.samples:
            median, least, most = spread(result.figures())
            row |= {"median": median, "least": least, "most": most,
                    "falls_short": result.falls_short()}
        rows.append(row)
    return {"circumstances": circumstances, "rows": rows}


def processor() -> str:
    """Its name."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return f"{os.cpu_count()} × {names[0] if names else platform.machine()}"
