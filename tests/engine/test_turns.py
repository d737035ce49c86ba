"""Turns at the one writer: first come, first served; jobs behind people, but not for ever."""

from __future__ import annotations

import threading
import time

import pytest

from engine.store import turns
from engine.store.turns import Turns


class Crowd:
    """Threads that have asked for a turn while somebody has it; each notes its name in its turn."""

    def __init__(self) -> None:
        self.turns, self.order = Turns(), []
        self._threads: list[threading.Thread] = []

    def ask(self, name: str) -> None:
        """Ask in a thread of its own and return when it is in the queue; `job…` asks behind."""
        before = self.turns.waiting
        self._threads.append(threading.Thread(target=self._take, args=(name,)))
        self._threads[-1].start()
        while self.turns.waiting == before:
            time.sleep(0.0005)

    def _take(self, name: str) -> None:
        with self.turns.take(behind=name.startswith("job")):
            self.order.append(name)

    def had(self, *names: str) -> list[str]:
        """Let all ask in this order, then go on; return in which order they had their turns."""
        with self.turns.take():
            for name in names:
                self.ask(name)
        for thread in self._threads:
            thread.join()
        return self.order


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    assert Crowd().had(*"abcde") == [*"abcde"]


def test_jobs_have_their_turns_when_no_person_waits() -> None:
    assert Crowd().had("job1", "a", "job2", "b") == ["a", "b", "job1", "job2"]


def test_a_job_does_not_wait_for_ever() -> None:
    people = [f"p{number}" for number in range(turns._PATIENCE + 2)]
    order = Crowd().had("job1", "job2", *people)
    assert order == [*people[:-2], "job1", *people[-2:], "job2"]


def test_a_turn_that_nobody_has_is_free_for_a_job() -> None:
    free = Turns()
    with free.take(behind=True):
        assert free.waiting == 0
    with free.take():
        assert free.waiting == 0


def test_a_turn_within_a_turn_is_refused_instead_of_waiting_for_ever() -> None:
    free = Turns()
    with free.take(), pytest.raises(AssertionError, match="within another"), free.take():
        pass
    with free.take():
        assert free.waiting == 0
