"""Timer start events of processes: a job per event, armed by publishing, moved on by each start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine import clock, feel, jobs, timers
from engine.errors import InvalidInput, WuxingError
from engine.spiff.port import Element
from engine.spiff.program import Program
from engine.store.database import UnitOfWork
from engine.store.types import load_json
from engine.text import T

if TYPE_CHECKING:
    from engine.definitions import Definition
    from engine.jobs import Job
    from engine.runtime import Engine

Json = Any
KIND = "start_timer"


def arm(engine: Engine, uow: UnitOfWork, found: Definition, program: Program) -> None:
    """Arm the timer starts of a version in place of those of the versions before it.

    Raises `InvalidInput` for a time that cannot be worked out without an instance.
    """
    _disarm(uow, found.process_id)
    for start, trigger in program.timer_starts():
        detail = _due(engine, start, trigger.timer, trigger.text)
        _add(uow, found.process_id, found.id, start.id, detail)


def occur(engine: Engine, uow: UnitOfWork, job: Job, begin: Callable[[str, str], list[int]]) -> list[int]:
    """Start an instance and wait for the next time.

    `begin` starts a process at a start event and returns the items opened. What an outage has
    missed of a rhythm is one with the start that came late.
    """
    body = job.payload
    opened = begin(body["process"], body["element"])
    detail = timers.TimerDetail.from_json(body["detail"])
    following = timers.next_cycle(detail, clock.now(), engine.calendar)
    if following is not None:
        _add(uow, body["process"], body["definition"], body["element"], following)
    return opened


def _due(engine: Engine, start: Element, kind: str, text: str) -> timers.TimerDetail:
    calendar = engine.calendar if start.attributes.get("calendar") == "working" else None
    value: Any = text.strip()
    try:
        if not timers.is_iso(kind, value):
            value = feel.evaluate(text, {}).value
        return timers.timer_due(kind, value, clock.now(), calendar)
    except WuxingError as error:
        text_of = T("“{name}”的时间无法计算：{problem}", name=start.name or start.id, problem=error.text)
        raise InvalidInput(text_of, element=start.id) from error


def _add(uow: UnitOfWork, process: str, version: int, element: str, detail: timers.TimerDetail) -> None:
    body = {"process": process, "definition": version, "element": element, "detail": detail.as_json()}
    jobs.add(uow, KIND, detail.due, clock.now(), body)


def _disarm(uow: UnitOfWork, process: str) -> None:
    rows = uow.sql("select id, payload from job where kind = ? and state = 'due'", (KIND,)).fetchall()
    gone = [row[0] for row in rows if load_json(row[1])["process"] == process]
    now = uow.time(clock.now())
    uow.sql_many("update job set state = 'cancelled', ended_at = ? where id = ?", [(now, id) for id in gone])
