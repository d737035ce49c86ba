"""Whether the cost stays constant: many parallel items, many rounds of a loop, many tasks to load."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from bench.field import Contender, Field
from bench.ours import Ours
from bench.report import Goal, Row, Section, at_most
from bench.workloads import FAN, SMALL, Answer, Lap

Judge = Callable[[int, float, float], tuple[Goal, ...]]


def fan_out(field: Field, sizes: tuple[int, ...] = (10, 1_000, 5_000), seconds: float = 10) -> list[Section]:
    """Measure the completion of one item among many that are open at once."""
    sections = []
    for size in sizes:
        rows = []
        for contender in field.contenders:
            answer = contender.runner.ask("fan", seconds, items=size)
            rows.append(_row(contender, _lap(answer), size, _fan_goals))
        sections.append(Section(f"One of {size:,} parallel items", rows, f"one of {SMALL} in the same turns"))
    return [*sections, all_items(field, sizes[1])]


def all_items(field: Field, size: int) -> Section:
    """Measure the completion of all parallel items, one after another, by ours."""
    ours = Ours(field.bench)
    case = ours.start(FAN, size)
    began = time.perf_counter()
    for _ in range(size):
        ours.complete(case)
    seconds = time.perf_counter() - began
    row = Row("ours", seconds * 1000, rate=size / seconds, goals=(at_most("≤ 5 s", seconds, 5),))
    return Section(f"All of {size:,} parallel items", [row])


def rounds(field: Field, marks: tuple[int, ...] = (10, 500, 5_000), cap: float = 30) -> list[Section]:
    """Measure a completion in late rounds of a drawn loop; a peer has `cap` seconds for all of them."""
    answers = [
        contender.runner.ask("loop", cap * 10 if contender.ours else cap, marks=marks)
        for contender in field.contenders
    ]
    sections = []
    for number, mark in enumerate(marks):
        rows = []
        for contender, answer in zip(field.contenders, answers, strict=True):
            rows.append(_row(contender, _lap(answer, number, cap), mark, _loop_goals))
        sections.append(Section(f"Round {mark:,} of a loop", rows, f"round {SMALL} in the same turns"))
    return sections


def loads(field: Field, sizes: tuple[int, ...] = (10, 1_000), seconds: float = 3) -> list[Section]:
    """Measure the load of an instance that is not in memory."""
    sections = []
    for size in sizes:
        rows = []
        for contender in (c for c in field.contenders if c.loads):
            answer = contender.runner.ask("load", seconds, items=size)
            rows.append(_row(contender, _lap(answer), size, _load_goals))
        sections.append(Section(f"Load an instance with {size:,} live tasks", rows, f"{SMALL} live tasks"))
    return sections


def _lap(answer: Answer | str, number: int = 0, cap: float = 0) -> Lap | str:
    """Return a lap of an answer, or why there is none."""
    if isinstance(answer, str):
        return answer
    laps = answer["laps"]
    return laps[number] if number < len(laps) else f"> {cap:g} s at round {answer['reached']:,}"


def _row(contender: Contender, lap: Lap | str, size: int, judge: Judge) -> Row:
    if isinstance(lap, str):
        return Row(contender.name, lap)
    cost, small = median(lap["ms"]), median(lap["small"])
    goals = judge(size, cost, cost / small) if contender.ours else ()
    what = contender.name if len(lap["ms"]) > 5 else f"{contender.name} (of {len(lap['ms'])})"
    return Row(what, cost, cost / median(lap["floor"]), cost / small, goals=goals)


def _fan_goals(size: int, cost: float, growth: float) -> tuple[Goal, ...]:
    limit = {1_000: 1.5, 5_000: 2.0}.get(size)
    return (at_most(f"≤ {limit:g} × at 10", growth, limit),) if limit else ()


def _loop_goals(mark: int, cost: float, growth: float) -> tuple[Goal, ...]:
    if mark == 500:
        return (at_most("≤ 1.2 × the 10th", growth, 1.2),)
    return (Goal("passes", True),) if mark == 5_000 else ()


def _load_goals(size: int, cost: float, growth: float) -> tuple[Goal, ...]:
    limit = {10: 2, 1_000: 40}.get(size)
    return (at_most(f"≤ {limit} ms", cost, limit),) if limit else ()
