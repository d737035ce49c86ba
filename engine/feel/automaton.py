"""Walks a compiled pattern over a text, all possibilities side by side, the preferred one first."""

from __future__ import annotations

from typing import Any

from engine.feel.limits import Budget

Instruction = tuple[Any, ...]
"""`char` with a set, `split` with two jumps, `jump`, `save` with a slot, `assert`, `match`."""

Saved = tuple[int, ...]
Thread = tuple[int, Saved]


class Machine:
    """Instructions with relative jumps, and room for the places they save."""

    def __init__(self, code: list[Instruction], slots: int) -> None:
        self._code = code
        self._slots = slots
        self._anchored = any(op[0] == "assert" and op[1] == "^" for op in code[1:2])

    def search(self, text: str, start: int, budget: Budget) -> list[int] | None:
        """Return the places saved by the preferred match that begins first; None when there is none."""
        return _Search(self._code, text, budget).run(start, (-1,) * self._slots, self._anchored)


class _Search:
    """One walk over one text; every instruction that is looked at costs a step, a copy of places more."""

    def __init__(self, code: list[Instruction], text: str, budget: Budget) -> None:
        self._code = code
        self._text = text
        self._budget = budget
        self._steps = 10

    def run(self, start: int, empty: Saved, anchored: bool) -> list[int] | None:
        found: Saved | None = None
        threads: list[Thread] = []
        for place in range(start, len(self._text) + 1):
            if found is None and (place == 0 or not anchored):
                self._follow(threads, 0, empty, place, {pc for pc, _ in threads})
            elif not threads:
                break
            threads, matched = self._step(threads, place)
            found = matched or found
            self._budget.spend(self._steps)
            self._steps = 2
        return None if found is None else [*found]

    def _step(self, threads: list[Thread], place: int) -> tuple[list[Thread], Saved | None]:
        """Let every thread read one character; what comes after a match is less preferred and ends."""
        following: list[Thread] = []
        seen: set[int] = set()
        character = self._text[place : place + 1]
        for pc, saved in threads:
            kind, wanted = self._code[pc]
            if kind == "match":
                return following, saved
            self._steps += wanted.weight
            if character and wanted.has(character):
                self._follow(following, pc + 1, saved, place + 1, seen)
        return following, None

    def _follow(self, threads: list[Thread], start: int, saved: Saved, place: int, seen: set[int]) -> None:
        """Add the threads that can be reached from `start` without reading, in order of preference."""
        pending = [(start, saved)]
        while pending:
            self._steps += 1
            pc, places = pending.pop()
            if pc in seen:
                continue
            seen.add(pc)
            instruction = self._code[pc]
            kind = instruction[0]
            if kind == "jump":
                pending.append((pc + instruction[1], places))
            elif kind == "split":
                pending.append((pc + instruction[2], places))
                pending.append((pc + instruction[1], places))
            elif kind == "save":
                slot = instruction[1]
                self._steps += 1 + (len(places) >> 4)
                pending.append((pc + 1, (*places[:slot], place, *places[slot + 1 :])))
            elif kind == "assert":
                if _stands(instruction[1], place, self._text):
                    pending.append((pc + 1, places))
            else:
                threads.append((pc, places))


def _stands(kind: str, place: int, text: str) -> bool:
    if kind[0] == "^":
        return place == 0 or (kind == "^m" and text[place - 1] == "\n")
    return place == len(text) or (kind == "$m" and text[place] == "\n")
