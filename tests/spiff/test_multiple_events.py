"""Events with several definitions: one of them, or all of them, in memory and from rows."""

from __future__ import annotations

import pytest

from tests.spiff.diagrams import (
    both,
    boundary,
    catch,
    path,
    process,
    refers,
    script,
    start,
    task,
    timer,
    user,
)
from tests.spiff.lived import lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("multiple events")

SIGNAL, MESSAGE = refers("signal", "sig"), refers("message", "m")


def test_the_first_event_is_enough() -> None:
    live = lived(process(start(), catch("c", SIGNAL + MESSAGE), user("a"), path("s c a"), extra=NAMES))
    assert live.broadcast("alarm").at == "a"
    assert [wait.kind for wait in live.stored.waits.values()] == ["work"]


def test_all_events_are_needed_and_each_is_taken_once() -> None:
    both = catch("c", SIGNAL + MESSAGE, parallelMultiple="true")
    live = lived(process(start(), both, user("a"), path("s c a"), extra=NAMES))
    assert live.broadcast("alarm").at == "c"
    assert [wait.kind for wait in live.stored.waits.values()] == ["message"]
    assert live.deliver("c").at == "a"


def test_timers_beside_a_step_come_once_each() -> None:
    border = boundary("b", "t", timer("PT1H") + timer("PT2H"), interrupting=False)
    live = lived(process(start(), user("t"), border, task("y"), path("s t", "b y")))
    assert live.fire("b", 1).trace.split().count("y") == 1
    assert live.fire("b", 0).trace.split().count("y") == 2
    assert [wait.kind for wait in live.stored.waits.values()] == ["work"]


def test_what_a_token_knows_of_others_is_not_what_has_occurred_at_it() -> None:
    all_of_them = catch("c", SIGNAL + MESSAGE, parallelMultiple="true")
    live = lived(
        process(
            start(),
            both("f"),
            *(script(name, f"{name} = 1") for name in ("w", "x")),
            *(user(name) for name in ("y", "z")),
            both("j"),
            all_of_them,
            user("a"),
            path("s f w j x c a", "f y j", "f z"),
            extra=NAMES,
        )
    )
    live.complete("y", y=1)
    assert live.broadcast("alarm").at == "c z"
    assert live.deliver("c").at == "a z"
