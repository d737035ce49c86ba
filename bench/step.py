"""What one completion of an approval costs beside the floor, on SQLite with the peers and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from bench.field import Contender, Field, InProcess
from bench.floor import postgres_floor
from bench.ours import Bench, Ours
from bench.report import Goal, Row, Section, at_least, at_most
from bench.workloads import Answer
from tests.postgres import fresh_database

ROUNDS, SECONDS = 5, 1.2


def measure(field: Field, rounds: int = ROUNDS, seconds: float = SECONDS) -> list[Section]:
    """Measure an approval that is rejected once: four completions, apply, rejected, apply, approved."""
    answers: list[list[Answer | str]] = [[] for _ in field.contenders]
    for _ in range(rounds):
        for contender, own in zip(field.contenders, answers, strict=True):
            own.append(contender.runner.ask("approval", seconds))
    rows = [_floor(answers[0])]
    for contender, own in zip(field.contenders, answers, strict=True):
        rows.append(_row(contender, own, limit=5, least=500))
    return [Section("Complete a task of an approval with a rejection loop, SQLite", rows)]


def measure_postgres(_: Field, seconds: float = SECONDS) -> list[Section]:
    """Measure the same by ours on PostgreSQL."""
    url = fresh_database()
    bench, floor = Bench(url), postgres_floor(url)
    kept, reloaded = (InProcess(Ours(bench, reloaded=way), floor) for way in (False, True))
    contenders = [
        Contender("ours", kept, ours=True),
        Contender("ours, read back before every step", reloaded),
    ]
    answers = [[c.runner.ask("approval", seconds) for _ in range(2)] for c in contenders]
    bench.database.close()
    rows = [_row(c, own, limit=4) for c, own in zip(contenders, answers, strict=True)]
    return [Section("Complete a task of the same approval, PostgreSQL", [_floor(answers[0]), *rows])]


def _floor(answers: Sequence[Answer | str]) -> Row:
    cost = median(median(a["laps"][0]["floor"]) for a in answers if not isinstance(a, str))
    return Row("floor: one insert and one update, committed", cost, 1.0, rate=1000 / cost)


def _row(contender: Contender, given: Sequence[Answer | str], limit: int, least: int = 0) -> Row:
    answers = [answer for answer in given if not isinstance(answer, str)]
    if len(answers) < len(given):
        return Row(contender.name, next(answer for answer in given if isinstance(answer, str)))
    laps = [answer["laps"][0] for answer in answers]
    ratio = median(median(lap["ms"]) / median(lap["floor"]) for lap in laps)
    rate = median(answer["reached"] / answer["seconds"] for answer in answers)
    goals: tuple[Goal, ...] = ()
    if contender.ours:
        goals = (at_most(f"≤ {limit} × floor", ratio, limit),)
        goals += (at_least(f"≥ {least} a second", rate, least),) if least else ()
    return Row(contender.name, median(median(lap["ms"]) for lap in laps), ratio, rate=rate, goals=goals)
