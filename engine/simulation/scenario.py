"""What a simulation is told: variables, answers of people and services, and what happens outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.errors import InvalidInput, WuxingError
from engine.spans import DEFAULT_ZONE, later, parse_iso_duration
from engine.text import T

Json = Any

EPOCH = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""When a simulation begins unless told otherwise: a Monday, 09:00 in Shanghai, so that runs repeat."""

_KEYS = {"variables", "answers", "services", "events", "start", "jumps"}
_HAPPENINGS = ("message", "signal", "after", "complete")


@dataclass(frozen=True, slots=True)
class Happening:
    """Something from outside: a message, a signal, time that passes, or a person's step.

    It happens as soon as a token waits at the element `when`; without one, when nothing else is
    left that could go on by itself.
    """

    kind: str
    name: str
    payload: dict[str, Json] = field(default_factory=dict)
    correlation: Json = None
    when: str = ""

    def moment(self, now: datetime) -> datetime:
        """Return the moment at which a span of time that begins now is over."""
        return later(now, parse_iso_duration(self.name), DEFAULT_ZONE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole run: what it begins with and what is answered while it goes on.

    `answers` holds by element what a person enters: the values of each visit in turn, the last one
    for all visits after it; None leaves the step undone. `services` holds by name what a service
    returns, or `{"error": "code"}` for a BPMN error; a service not named here runs for real.
    """

    variables: dict[str, Json] = field(default_factory=dict)
    answers: Mapping[str, tuple[Json, ...]] = field(default_factory=dict)
    services: Mapping[str, dict[str, Json]] = field(default_factory=dict)
    events: tuple[Happening, ...] = ()
    start: datetime = EPOCH
    start_event: str | None = None
    jumps: int = 100

    def answer(self, element: str, visit: int) -> dict[str, Json] | None:
        """Return what is entered at the visit of an element, counted from 0; None: nothing yet."""
        given = self.answers.get(element, ({},))
        found: dict[str, Json] | None = given[min(visit, len(given) - 1)] if given else {}
        return found

    @classmethod
    def read(cls, value: Json) -> Scenario:
        """Return the scenario of a JSON object; raises `InvalidInput` naming what is wrong."""
        body = _object(value, "scenario")
        _no_others(body, _KEYS | {"start_event"}, "scenario")
        answers = {name: _answers(name, given) for name, given in _part(body, "answers").items()}
        services = {
            name: _object(given, f"services.{name}") for name, given in _part(body, "services").items()
        }
        events = body.get("events", [])
        if not isinstance(events, list):
            raise InvalidInput(T("{where} 应是列表", where="events"))
        return cls(
            variables=_part(body, "variables"),
            answers=answers,
            services=services,
            events=tuple(_happening(each, number) for number, each in enumerate(events)),
            start=_moment(body.get("start")),
            start_event=body.get("start_event"),
            jumps=_count(body.get("jumps", 100)),
        )


def _part(body: Mapping[str, Json], key: str) -> dict[str, Json]:
    return _object(body.get(key, {}), key)


def _object(value: Json, where: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise InvalidInput(T("{where} 应是 JSON 对象", where=where))
    return value


def _no_others(body: Mapping[str, Json], known: set[str], where: str) -> None:
    others = sorted(set(body) - known)
    if others:
        raise InvalidInput(T("{where} 里没有名为“{key}”的项", where=where, key=others[0]))


def _answers(name: str, given: Json) -> tuple[Json, ...]:
    visits = given if isinstance(given, list) else [given]
    for each in visits:
        if each is not None:
            _object(each, f"answers.{name}")
    return tuple(visits)


def _happening(value: Json, number: int) -> Happening:
    where = f"events[{number}]"
    body = _object(value, where)
    _no_others(body, {*_HAPPENINGS, "payload", "values", "correlation", "when"}, where)
    kinds = [kind for kind in _HAPPENINGS if kind in body]
    if len(kinds) != 1 or not isinstance(body[kinds[0]], str):
        raise InvalidInput(T("{where} 应写明 message、signal、after 或 complete 中的一个", where=where))
    kind = kinds[0]
    if kind == "after":
        try:
            parse_iso_duration(body[kind])
        except WuxingError as error:
            raise InvalidInput(T("{where}：{problem}", where=where, problem=error.text)) from error
    payload = body.get("values" if kind == "complete" else "payload", {})
    return Happening(kind, body[kind], _object(payload, where), body.get("correlation"), body.get("when", ""))


def _moment(value: Json) -> datetime:
    if value is None:
        return EPOCH
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InvalidInput(T("start 应是 ISO 8601 的时刻，如 2026-03-02T09:00:00+08:00")) from error
    return at if at.tzinfo is not None else at.replace(tzinfo=DEFAULT_ZONE)


def _count(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidInput(T("jumps 应是不小于 0 的整数"))
    return value
