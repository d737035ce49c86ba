"""Boundary events: beside an activity, interrupting it or not."""

from __future__ import annotations

import pytest

from engine.errors import Conflict
from tests.spiff.diagrams import (
    both,
    boundary,
    call,
    condition,
    end,
    flow,
    instances,
    node,
    path,
    process,
    refers,
    repeated,
    script,
    service,
    start,
    sub,
    task,
    throw,
    timer,
    user,
    xor,
)
from tests.spiff.lived import lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("boundaryEvent")


def test_interrupting_timer_cancels_the_activity():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", timer("PT1H")),
            task("late"),
            end(),
            path("s a e", "b late"),
        )
    )
    assert live.waiting == "timer:b work:a"
    assert live.at == "a"
    live.fire("b")
    assert (live.trace, live.cancelled) == ("s a b late", "a")
    assert live.outcome == "completed"


def test_boundary_events_end_with_their_activity():
    live = lived(process(start(), user("a"), boundary("b", "a", timer("PT1H")), end(), path("s a e")))
    token = live.wait("b", "timer").token
    assert live.complete("a").outcome == "completed"
    with pytest.raises(Conflict):
        live.live.fire(token, 0, {})


def test_non_interrupting_cycle_fires_beside_the_activity_and_its_branches_live_on():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", timer("R2", "timeCycle"), interrupting=False),
            user("h"),
            end(),
            path("s a e", "b h"),
        )
    )
    assert live.fire("b").at == "a h"
    assert live.fire("b").at == "a h h"
    assert "timer:b" not in live.waiting
    live.complete("a")
    assert live.at == "h h"
    assert live.complete("h").complete("h").outcome == "completed"


def test_non_interrupting_message_can_come_again():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", refers("message", "m"), interrupting=False),
            task("h"),
            path("s a", "b h"),
            extra="",
        ).replace(b"</definitions>", NAMES.encode() + b"</definitions>"),
        order=7,
    )
    assert live.wait("b", "message").detail == {"name": "paid", "correlation": 7}
    live.deliver("b", amount=1).deliver("b", amount=2)
    assert live.trace.split().count("h") == 2
    assert live.variables["amount"] == 2
    assert live.at == "a"


def test_conditional_boundary_fires_each_time_the_condition_turns_true():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", condition("n > 5"), interrupting=False),
            task("h"),
            both("f"),
            *map(user, "wxyz"),
            path("s f a", "f w x y z", "b h"),
        ),
        n=1,
    )
    live.complete("w", n=9).complete("x", n=8)
    assert live.trace.split().count("h") == 1
    live.complete("y", n=1).complete("z", n=7)
    assert live.trace.split().count("h") == 2


def test_conditional_boundary_interrupts_when_a_script_elsewhere_makes_it_true():
    live = lived(
        process(
            start(),
            both("f"),
            user("a"),
            boundary("b", "a", condition("stop")),
            user("w"),
            script("x", "stop = True"),
            path("s f a", "f w x"),
        )
    )
    assert live.complete("w").outcome == "completed"
    assert live.cancelled == "a"


def test_a_timer_that_cannot_be_computed_is_an_incident_and_ends_with_its_activity():
    live = lived(process(start(), user("a"), boundary("b", "a", timer("broken")), user("c"), path("s a c")))
    assert live.at == "a b"
    live.complete("a")
    assert live.at == "c"
    assert live.cancelled == "b"


def test_signal_thrown_inside_interrupts_the_sub_process_before_it_goes_on():
    body = sub(
        "x",
        start("s2"),
        throw("t", refers("signal", "sig"), wuxing_payload="n = 1"),
        task("a"),
        path("s2 t a"),
    )
    live = lived(
        process(start(), body, boundary("b", "x", refers("signal", "sig")), path("s x"), extra=NAMES)
    )
    assert live.trace == "s x s2 t b"
    assert live.cancelled == "t x"
    assert live.variables == {"n": 1}


def test_work_that_is_done_is_not_interrupted_by_its_own_result():
    live = lived(
        process(start(), user("a"), boundary("b", "a", condition("x")), end(), path("s a e"), extra=NAMES)
    )
    assert live.complete("a", x=True).trace == "s a e"
    assert live.cancelled == ""


def test_message_that_a_receive_task_gets_does_not_interrupt_it():
    live = lived(
        process(
            start(),
            node("receiveTask", "r", messageRef="m"),
            boundary("b", "r", condition("x")),
            path("s r"),
            extra=NAMES,
        )
    )
    assert live.deliver("r", x=True).trace == "s r"
    assert live.outcome == "completed"


def test_several_boundary_events_of_one_activity_end_together():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", timer("PT1H")),
            boundary("c", "a", refers("message", "m")),
            boundary("d", "a", timer("PT2H"), interrupting=False),
            path("s a"),
            extra=NAMES,
        )
    )
    assert live.waiting == "message:c timer:b timer:d work:a"
    live.fire("d")
    assert live.waiting == "message:c timer:b work:a"
    live.fire("b")
    assert live.waiting == ""
    assert live.outcome == "completed"


def test_a_drawn_loop_attaches_its_boundary_event_anew_each_time():
    live = lived(
        process(
            start(),
            xor("m"),
            user("a"),
            boundary("b", "a", timer("PT1H")),
            end(),
            path("s m a", "b m"),
            flow("a", "e"),
        )
    )
    first = live.wait("b", "timer").token
    live.fire("b")
    assert live.wait("b", "timer").token != first
    live.fire("b")
    assert live.complete("a").outcome == "completed"
    assert live.trace.split().count("a") == 3


def test_boundary_events_end_with_whatever_kind_of_activity_they_are_at():
    inner = sub("x", start("s2"), user("u"), path("s2 u"))
    for activity, at in (
        (user("x", instances(count="2")), "x"),
        (user("x", repeated("n < 2")), "x"),
        (inner, "u"),
        (call("x", "q"), "u"),
    ):
        live = lived(
            process(
                start(), activity, boundary("b", "x", timer("PT1H")), user("c"), path("s x c"), extra=NAMES
            ),
            called={"q": process(user("u"), id="q")},
        )
        live.complete(at, **({"n": 1} if "loopCondition" in activity else {}))
        if "work:c" not in live.waiting:
            live.complete(at, n=2)
        assert live.waiting == "work:c"
        assert len(live.stored.tokens) == 1
        assert live.cancelled == ""


def test_boundary_events_end_with_a_service_that_is_done_at_once():
    live = lived(
        process(start(), service("x", "quick"), boundary("b", "x", timer("PT1H")), user("c"), path("s x c")),
        services=lambda: {"quick": lambda names: {}},
    )
    assert live.waiting == "work:c"
    assert len(live.stored.tokens) == 1
