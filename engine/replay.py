"""Replay: the tokens of an instance at any event, folded from its history alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from engine.history import Event
from engine.spiff.port import Move

Json = Any


class Spot(NamedTuple):
    """An element or sequence flow; `process` is empty for the instance's own process.

    Two processes may have elements of one id: an instance that calls both must tell them apart.
    """

    element: str
    process: str = ""

    @classmethod
    def of(cls, move: Move) -> Spot:
        """Return where a move happened."""
        return cls(move.element, move.process)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stands: the element, its scope, and its number in a multi-instance activity."""

    element: str
    scope: int
    index: int | None = None
    process: str = ""

    @property
    def spot(self) -> Spot:
        """The element alone."""
        return Spot(self.element, self.process)


def move_row(move: Move, own: str) -> list[Json]:
    """Return a move as the history keeps it; a called process is named, the instance's `own` is not."""
    row: list[Json] = [move.kind, move.token, move.element, move.scope, move.via, move.index]
    return row if move.process in ("", own) else [*row, move.process]


def place_row(
    token: int, element: str, scope: int, index: int | None, process: str, *, own: str
) -> list[Json]:
    """Return where a token stands as the history keeps it; a called process is named, `own` is not."""
    row: list[Json] = [token, element, scope, index]
    return row if process in ("", own) else [*row, process]


def read_move(row: list[Json]) -> Move:
    """Return a move from its row in the history; its process is empty for the instance's own."""
    return Move(*row)


@dataclass(slots=True)
class Frame:
    """The picture after an event: open tokens, failed ones, and how often things have happened.

    `keys` are the correlation keys that messages have given a value, by scope and key; `bound` those
    that the data of a process say.
    """

    seq: int = 0
    tokens: dict[int, Place] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    done: dict[Spot, int] = field(default_factory=dict)
    flows: dict[Spot, int] = field(default_factory=dict)
    keys: dict[tuple[int, str], dict[str, Json]] = field(default_factory=dict)
    bound: dict[tuple[int, str], dict[str, Json]] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """Change the picture by one event."""
        self.seq = event.seq
        if event.kind in ("instance.completed", "instance.failed", "instance.cancelled"):
            for part in (self.tokens, self.failed, self.keys, self.bound):
                part.clear()
        elif event.kind == "instance.migrated" and event.body is not None:
            self._migrate(event.body)
        elif event.kind == "correlation.set" and event.body is not None:
            self._correlate(event.body)
        for row in (event.body or {}).get("moves", ()):
            self._move(read_move(row))

    def _migrate(self, body: Mapping[str, Json]) -> None:
        """Say everything in the ids of the new version; what it does not have any more is not shown."""
        self.tokens = {row[0]: Place(*row[1:]) for row in body["after"]["tokens"]}
        self.failed &= self.tokens.keys()
        self.bound.clear()
        self.done = _renamed(self.done, body["process"], body["mapping"])
        self.flows = _renamed(self.flows, body["process"], body["mapping"])

    def _correlate(self, body: Mapping[str, Json]) -> None:
        place = (body["scope"], body["key"])
        kept = self.bound if body["cause"] == "data" else self.keys
        if body["values"] is None:
            kept.pop(place, None)
        else:
            kept[place] = body["values"]

    def _move(self, move: Move) -> None:
        spot = Spot.of(move)
        if move.kind == "enter":
            self.tokens[move.token] = Place(move.element, move.scope, move.index, move.process)
            self.failed.discard(move.token)
        elif move.kind in ("leave", "cancel"):
            self.tokens.pop(move.token, None)
            self.failed.discard(move.token)
            if move.kind == "leave":
                self.done[spot] = self.done.get(spot, 0) + 1
        elif move.kind == "fail":
            self.failed.add(move.token)
        elif move.kind == "flow":
            self.flows[spot] = self.flows.get(spot, 0) + 1


def _renamed(
    counts: Mapping[Spot, int], own: str, mapping: Mapping[str, Mapping[str, str | None]]
) -> dict[Spot, int]:
    found: dict[Spot, int] = {}
    for spot, count in counts.items():
        id = mapping.get(spot.process or own, {}).get(spot.element, spot.element)
        if id is not None:
            there = Spot(id, spot.process)
            found[there] = found.get(there, 0) + count
    return found


def fold(events: Iterable[Event]) -> Frame:
    """Return the picture after the given events, which must be the first ones of an instance."""
    frame = Frame()
    for event in events:
        frame.apply(event)
    return frame
