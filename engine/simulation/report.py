"""What a simulation tells: every event in order, and how each instance stands at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.history import Event

Json = Any
Outcome = Literal["completed", "cancelled", "waiting", "limit", "incident", "failed"]

_WORST: tuple[Outcome, ...] = ("failed", "incident", "limit", "waiting", "cancelled", "completed")
_MOVES = {
    "enter": "entered",
    "leave": "left",
    "cancel": "cancelled",
    "fail": "failed",
    "flow": "flow",
    "scope": "scope.opened",
    "scope_end": "scope.closed",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One instance at the end: its state, its variables, what it waits for and what has failed."""

    instance: int
    process: str
    outcome: Outcome
    variables: Mapping[str, Json]
    waiting: tuple[Mapping[str, Json], ...] = ()
    incidents: tuple[Mapping[str, Json], ...] = ()
    detail: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """Return plain values."""
        return {
            "instance": self.instance,
            "process": self.process,
            "state": self.outcome,
            "variables": dict(self.variables),
            "waiting": [dict(each) for each in self.waiting],
            "incidents": [dict(each) for each in self.incidents],
            **({"detail": dict(self.detail)} if self.detail else {}),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A finished simulation."""

    events: tuple[Mapping[str, Json], ...]
    standings: tuple[Standing, ...]
    undelivered: tuple[Mapping[str, Json], ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The worst of the outcomes of all instances; a run that never began still waits."""
        found = {standing.outcome for standing in self.standings}
        return next((each for each in _WORST if each in found), "waiting")

    @property
    def path(self) -> list[str]:
        """The elements that tokens have left, in order, of all instances."""
        return [event["element"] for event in self.events if event["kind"] == "left"]

    def as_json(self) -> dict[str, Json]:
        """Return plain values; the first instance's process and variables stand on top."""
        first = self.standings[0] if self.standings else None
        return {
            "state": self.outcome,
            "process": first.process if first else None,
            "variables": dict(first.variables) if first else {},
            "path": self.path,
            "instances": [standing.as_json() for standing in self.standings],
            "undelivered": [dict(each) for each in self.undelivered],
            "events": [dict(event) for event in self.events],
        }


_DECIDED = ("element", "flow", "condition", "decision", "inputs", "tables", "answer")
"""What designers want to know of a condition, or of a decision of a business rule task."""


def told(event: Event, process: str) -> Iterator[dict[str, Json]]:
    """Yield an event of the history as designers read it: one line for each movement of a token."""
    common = {"at": event.at.isoformat(), "instance": event.instance, "process": process}
    body = dict(event.body or {})
    moves = body.pop("moves", ())
    if event.kind != "moved":
        element = {"element": event.element} if event.element else {}
        yield {**common, "kind": event.kind, **element, **_plain(body)}
    for decision in body.get("decisions", ()):
        known = {key: decision[key] for key in _DECIDED if key in decision}
        yield {**common, "kind": "decided", **known}
    for move in moves:
        kind, token, element_id, scope, via, index = move[:6]
        more = {"via": via} if via else {}
        if index is not None:
            more["index"] = index
        yield {**common, "kind": _MOVES[kind], "element": element_id, "token": token, "scope": scope, **more}


def _plain(body: Mapping[str, Json]) -> dict[str, Json]:
    return {key: value for key, value in body.items() if key not in ("at", "instance", "kind", "element")}
