"""The workloads that we and the peers run alike, and the protocol by which a peer is asked.

Only the standard library is imported here: the peers run in an environment of their own. A peer
reads one request a line from its standard input, `{"work": "fan", "items": 1000, "seconds": 3}`, and
answers with one line on its standard output: see `Answer`.

What is measured, the floor and the small case it is compared with are timed in turns, so that what
else the machine does falls on all of them.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypedDict

APPROVAL, FAN = "approval", "fan"
DECISIONS = (False, False, False, True)
"""Apply, rejected, apply again, approved."""
SMALL = 10
TURNS = {"fan": 100, "loop": 20, "load": 30}
"""How many turns are enough, where the time allows."""


class Lap(TypedDict):
    """The milliseconds of every turn: of what is measured, of the floor, and of the small case."""

    ms: list[float]
    floor: list[float]
    small: list[float]


class Answer(TypedDict):
    """The laps; the seconds that starts and completions took; and how many rounds or turns were made."""

    laps: list[Lap]
    seconds: float
    reached: int


class Contender(Protocol):
    """Something that runs the two diagrams: the approval with its loop, and the fan-out."""

    def start(self, diagram: str, items: int = 1) -> Any:
        """Start an instance, of the fan-out with that many parallel items, and return it."""

    def complete(self, case: Any, agreed: bool = False) -> None:
        """Complete the instance's first open item; a review that does not agree goes back."""

    def ended(self, case: Any) -> bool:
        """Tell whether an instance has come to its end."""

    def load(self, case: Any) -> int:
        """Bring a stored instance to life that is not in memory, and return its live tasks."""


Call = Callable[[], object]


def sqlite_floor(folder: Path) -> Call:
    """Return the floor on SQLite: one durable transaction of one insert and one update, by the driver."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None, check_same_thread=False)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute("create table a (id integer primary key, x text)")
    connection.execute("create table b (id integer primary key, n integer)")
    connection.execute("insert into b values (1, 0)")

    def once() -> None:
        connection.execute("begin immediate")
        connection.execute("insert into a (x) values ('0123456789')")
        connection.execute("update b set n = n + 1 where id = 1")
        connection.execute("commit")

    return once


def timed(call: Call) -> float:
    """Return the milliseconds of one call."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


class Run:
    """One request being worked on by a contender, beside the floor, for a number of seconds."""

    def __init__(self, contender: Contender, floor: Call, seconds: float) -> None:
        self._contender, self._floor = contender, floor
        self._until = time.perf_counter() + seconds
        self._busy = 0.0

    def approval(self) -> Answer:
        """Go through one instance after another: apply, rejected, apply again, approved."""
        lap = _lap()
        while self._in_time():
            case = self.started(APPROVAL)
            for agreed in DECISIONS:
                lap["ms"].append(self.completed(case, agreed))
                lap["floor"].append(timed(self._floor))
            # Once in a run is enough: that the way back and the way to the end were really taken.
            if len(lap["ms"]) == len(DECISIONS) and not self._contender.ended(case):
                raise RuntimeError("the approval has not ended")
        return self._answer([lap], len(lap["ms"]))

    def fan(self, items: int) -> Answer:
        """Complete some of many items open at once, at least one, never the last of an instance."""
        large, small = Fan(self, items), Fan(self, SMALL)
        lap = self._turns(TURNS["fan"], large.one, small.one)
        return self._answer([lap], len(lap["ms"]))

    def loop(self, marks: list[int]) -> Answer:
        """Reject one application again and again; a round is two completions, its cost their mean.

        From every mark on, some rounds are made in turns with those of an instance at its tenth.
        """
        case, laps, reached = self.started(APPROVAL), list[Lap](), 0
        for mark in marks:
            while reached < mark and self._in_time():
                self.round(case)
                reached += 1
            if reached < mark:
                break
            young = self.started(APPROVAL)
            for _ in range(SMALL):
                self.round(young)
            lap = self._turns(TURNS["loop"], lambda: self.round(case), lambda y=young: self.round(y))
            laps.append(lap)
            reached += len(lap["ms"])
        return self._answer(laps, reached)

    def load(self, items: int) -> Answer:
        """Load an instance with that many live items from what is stored of it."""
        large, small = self.started(FAN, items), self.started(FAN, SMALL)
        lap = self._turns(
            TURNS["load"], lambda: self._loaded(large, items), lambda: self._loaded(small, SMALL)
        )
        return self._answer([lap], len(lap["ms"]))

    def round(self, case: Any) -> float:
        """Make one round of the loop; return the milliseconds of a completion."""
        return (self.completed(case) + self.completed(case)) / 2

    def _turns(self, most: int, large: Callable[[], float], small: Callable[[], float]) -> Lap:
        lap = _lap()
        while len(lap["ms"]) < most and (not lap["ms"] or self._in_time()):
            lap["ms"].append(large())
            lap["floor"].append(timed(self._floor))
            lap["small"].append(small())
        return lap

    def _in_time(self) -> bool:
        return time.perf_counter() < self._until

    def started(self, diagram: str, items: int = 1) -> Any:
        """Start an instance, on the clock of the rate."""
        began = time.perf_counter()
        case = self._contender.start(diagram, items)
        self._busy += time.perf_counter() - began
        return case

    def completed(self, case: Any, agreed: bool = False) -> float:
        """Complete an item; return its milliseconds."""
        cost = timed(lambda: self._contender.complete(case, agreed))
        self._busy += cost / 1000
        return cost

    def _loaded(self, case: Any, items: int) -> float:
        began = time.perf_counter()
        found = self._contender.load(case)
        cost = time.perf_counter() - began
        if found != items:
            raise RuntimeError(f"{found} tasks instead of {items}")
        return cost * 1000

    def _answer(self, laps: list[Lap], reached: int) -> Answer:
        return {"laps": laps, "seconds": self._busy, "reached": reached}


class Fan:
    """A fan-out of which one item is completed at a time; begun anew before its last one."""

    def __init__(self, run: Run, items: int) -> None:
        self._run, self._items, self._left = run, items, 0
        self._case: Any = None

    def one(self) -> float:
        """Complete one item; return its milliseconds."""
        if self._left == 0:
            self._case, self._left = self._run.started(FAN, self._items), self._items - 1
        self._left -= 1
        return self._run.completed(self._case)


def run(contender: Contender, floor: Call, request: dict[str, Any]) -> Answer:
    """Run the workload that a request names."""
    arguments = dict(request)
    work, seconds = arguments.pop("work"), arguments.pop("seconds")
    answer: Answer = getattr(Run(contender, floor, seconds), work)(**arguments)
    return answer


def serve(contender: Contender, folder: Path) -> None:
    """Answer requests until the input ends."""
    floor = sqlite_floor(folder)
    for line in sys.stdin:
        print(json.dumps(run(contender, floor, json.loads(line))), flush=True)


def _lap() -> Lap:
    return {"ms": [], "floor": [], "small": []}
