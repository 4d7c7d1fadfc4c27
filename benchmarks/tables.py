"""What was measured, beside its bar, as tables of docs/benchmarks.md."""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def when() -> str:
    """The day, and whether the machine had other work in the minute before."""
    day, busy = date.today(), os.getloadavg()[0]
    if busy < 0.5:
        return f"Measured on {day.day} {day:%B %Y}."
    return (
        f"Measured on {day.day} {day:%B %Y} on a busy machine (a load of {busy:.1f} from other work just before), so "
        "every figure is worse than on a quiet one."
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One measure. `value` and `bar` are in `unit`; without a bar it is told and not judged. `more` are further
    columns, in the order of the table's own."""

    what: str
    value: float
    unit: str = "s"
    bar: float | None = None
    more: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool | None:
        return None if self.bar is None else self.value <= self.bar


@dataclass(slots=True)
class Table:
    title: str
    lines: list[Line] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    when: str = field(default_factory=when)

    def add(self, what: str, value: float, unit: str = "s", bar: float | None = None, more: Sequence[str] = ()) -> None:
        self.lines.append(Line(what, value, unit, bar, tuple(more)))
        print(f"  {what}: {amount(value, unit)}", file=sys.stderr, flush=True)

    def as_markdown(self) -> str:
        heads = ["", "Measured", "Bar", "Met", *self.columns]
        rows = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        for line in self.lines:
            bar = "" if line.bar is None else amount(line.bar, line.unit)
            met = {None: "", True: "yes", False: "**no**"}[line.is_met]
            more = [*line.more, *[""] * (len(self.columns) - len(line.more))]
            rows.append("| " + " | ".join([line.what, amount(line.value, line.unit), bar, met, *more]) + " |")
        return "\n\n".join([f"## {self.title}", self.when, *self.notes, "\n".join(rows)])


def amount(value: float, unit: str) -> str:
    if unit == "s" and value < 1:
        value, unit = value * 1000, "ms"
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{' ' if unit else ''}{unit}"


def p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def machine(postgresql: str) -> str:
    model = next(
        (line.partition(":")[2].strip() for line in _read("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    memory = next((int(line.split()[1]) / 1024**2 for line in _read("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, PostgreSQL {postgresql}"
    )


def _read(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def write(kept: Path, names: Sequence[str], about: str) -> None:
    """The sections as they were last measured, each kept in a file of its own."""
    sections = [file.read_text() for name in names if (file := kept / f"{name}.md").exists()]
    head = [
        "# Measured",
        f"Written by `make bench` on {about}.",
        "Nothing is asserted: a figure that misses its bar is written down as missed. What is measured is checked to "
        "be right all the same (the page answers, the rows are there), and a wrong one stops the run.",
    ]
    DOCUMENT.write_text("\n\n".join([*head, *sections]) + "\n")
