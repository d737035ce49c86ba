"""The table of a run: who was measured, the median, its ratios, and whether the target was reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A target of the architecture, and whether it was reached."""

    text: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: milliseconds at the median, beside the floor and beside the row it is compared with.

    `milliseconds` is a text when there is no figure but a reason: that the time ran out, or how much
    memory it took.
    """

    what: str
    milliseconds: float | str
    floor: float | None = None
    beside: float | None = None
    rate: float | None = None
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Measurements that belong together; `beside` says what the third ratio compares with."""

    title: str
    rows: list[Row]
    beside: str = ""


def at_most(text: str, value: float, limit: float) -> Goal:
    """Return the goal that a value be no greater than a limit."""
    return Goal(text, value <= limit)


def at_least(text: str, value: float, limit: float) -> Goal:
    """Return the goal that a value be no smaller than a limit."""
    return Goal(text, value >= limit)


_HEAD = (
    "| what | median ms | × floor | × beside | a second | target | reached |",
    "|---|---|---|---|---|---|---|",
)


def table(sections: Iterable[Section]) -> str:
    """Return all measurements as one Markdown table."""
    lines = [*_HEAD]
    for section in sections:
        beside = f"; beside: {section.beside}" if section.beside else ""
        lines.append(f"| **{section.title}**{beside} | | | | | | |")
        lines += [_line(row) for row in section.rows]
    return "\n".join(lines)


def _line(row: Row) -> str:
    cells = (
        row.what,
        row.milliseconds if isinstance(row.milliseconds, str) else figure(row.milliseconds),
        figure(row.floor),
        figure(row.beside),
        f"{row.rate:,.0f}" if row.rate is not None else "",
        "; ".join(goal.text for goal in row.goals),
        "; ".join("yes" if goal.reached else "**no**" for goal in row.goals),
    )
    return f"| {' | '.join(cells)} |"


def figure(value: float | None) -> str:
    """Return a number with three significant digits, or nothing."""
    if value is None:
        return ""
    digits = 4 if value < 0.1 else 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"
