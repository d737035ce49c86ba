"""Event sub-processes: every kind of start, interrupting and not, wherever a scope is."""

from __future__ import annotations

import pytest

from engine.errors import BpmnError, Refused
from engine.spiff.program import load_program
from tests.spiff.diagrams import (
    both,
    boundary,
    call,
    condition,
    end,
    instances,
    on_event,
    path,
    process,
    refers,
    service,
    start,
    sub,
    task,
    throw,
    timer,
    user,
)
from tests.spiff.lived import Lived, lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("event sub-process")


def beside(definition: str, *, interrupting: bool = True) -> str:
    """An event sub-process: start, a user task h, end."""
    return on_event("ev", definition, user("h"), end("eve"), path("evs h eve"), interrupting=interrupting)


def around(handler: str, *parts: str, **variables: object) -> Lived:
    """A process with a user task a and an event sub-process."""
    body = parts or (start(), user("a"), end(), path("s a e"))
    return lived(process(*body, handler, extra=NAMES), **variables)


STARTS = {
    "message": (refers("message", "m"), lambda live: live.deliver("evs", paid=5)),
    "signal": (refers("signal", "sig"), lambda live: live.broadcast("alarm")),
    "timer": (timer("PT1H"), lambda live: live.fire("evs")),
    "conditional": (condition("n == 2"), lambda live: live.complete("w", n=2)),
}


@pytest.mark.parametrize("kind", STARTS)
def test_an_interrupting_start_cancels_everything_else_of_its_scope(kind):
    definition, happen = STARTS[kind]
    live = around(
        beside(definition), start(), both("f"), user("a"), user("w"), task("z"), path("s f a z", "f w"), n=1
    )
    happen(live)
    assert live.at == "ev h"
    assert "z" not in live.trace.split()
    assert live.complete("h").outcome == "completed"
    assert live.trace == "s f a w ev evs h eve"
    assert list(live.stored.waits) == []


@pytest.mark.parametrize("kind", ["message", "signal", "conditional"])
def test_a_non_interrupting_start_may_come_again_and_keeps_the_scope_open(kind):
    definition, happen = STARTS[kind]
    live = around(
        beside(definition, interrupting=False),
        start(),
        both("f"),
        user("a"),
        *(user("w") if n == 0 else user(f"w{n}") for n in range(3)),
        path("s f a", "f w", "f w1", "f w2"),
        n=1,
    )
    happen(live)
    assert live.trace.split().count("h") == 1
    if kind == "conditional":
        live.complete("w1", n=3).retry("w1").complete("w2", n=2).retry("w2")
    else:
        happen(live)
    assert live.trace.split().count("h") == 2
    for element in ("a", "w", "w1", "w2"):
        if element in live.at.split():
            live.complete(element)
    assert live.at == "ev ev h h"
    assert live.outcome is None
    assert live.complete("h").complete("h").outcome == "completed"
    assert list(live.stored.scopes) == [0]


def test_a_non_interrupting_duration_fires_once_and_a_cycle_as_often_as_it_says():
    once = around(beside(timer("PT1H"), interrupting=False)).fire("evs")
    assert once.waiting == "work:a work:h"
    cycle = around(beside(timer("R2", "timeCycle"), interrupting=False)).fire("evs").fire("evs")
    assert cycle.waiting == "work:a work:h work:h"


def test_a_condition_that_holds_already_starts_it_before_anything_else_runs():
    live = around(beside(condition("n == 2")), n=2)
    assert live.trace == "s ev evs h"
    assert live.cancelled == "s"


@pytest.mark.parametrize("kind", STARTS)
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_scope_ends_though_its_event_sub_process_never_started(kind, interrupting):
    definition, _ = STARTS[kind]
    handler = beside(definition, interrupting=interrupting)
    live = around(handler, n=0)
    assert live.complete("a").outcome == "completed"
    assert live.waiting == ""
    inner = sub("x", start("s2"), user("a"), path("s2 a"), handler)
    live = around("", start(), inner, user("c"), path("s x c"), n=0)
    assert live.complete("a").waiting == "work:c"
    assert len(live.stored.tokens) == 1


def test_an_error_is_handled_in_its_scope_before_it_reaches_the_boundary():
    live = around(
        "",
        start(),
        sub(
            "x",
            start("s2"),
            user("a"),
            end("e2", refers("error", "err")),
            path("s2 a e2"),
            beside(refers("error", "err")),
        ),
        boundary("b", "x", refers("error", "err")),
        task("c"),
        task("d"),
        path("s x c", "b d"),
    )
    live.complete("a").complete("h")
    assert live.trace == "s x s2 a e2 ev evs h eve c"
    assert live.outcome == "completed"


def test_an_exact_error_code_goes_before_catch_all_among_event_sub_processes():
    xml = process(
        start(),
        service("a", "fails"),
        path("s a"),
        on_event("any", refers("error"), task("h1"), path("anys h1")),
        on_event("one", refers("error", "err"), task("h2"), path("ones h2")),
        extra=NAMES,
    )

    def raising(code: str):
        def fails(names):
            raise BpmnError(code)

        return lambda: {"fails": fails}

    assert lived(xml, services=raising("E1")).trace == "s a one ones h2"
    assert lived(xml, services=raising("E7")).trace == "s a any anys h1"


def test_an_error_thrown_by_the_handler_goes_outwards_and_uncaught_fails_the_instance():
    rethrows = on_event("ev", refers("error", "err"), end("again", refers("error", "err")), path("evs again"))
    body = sub("x", start("s2"), end("e2", refers("error", "err")), path("s2 e2"), rethrows)
    boundaries = boundary("b", "x", refers("error", "err")), task("d"), path("b d")
    caught = around("", start(), body, *boundaries, path("s x"))
    assert caught.trace == "s x s2 e2 ev evs again b d"
    failed = around("", start(), body, path("s x"))
    assert failed.outcome == "failed"
    assert failed.stored.outcome_detail["error"] == "E1"


def test_an_escalation_starts_a_handler_beside_its_thrower_or_in_its_place():
    def live(interrupting: bool) -> Lived:
        return around(
            beside(refers("escalation", "esc"), interrupting=interrupting),
            start(),
            sub("x", start("s2"), throw("t", refers("escalation", "esc")), user("a"), path("s2 t a")),
            path("s x"),
        )

    assert live(True).at == "ev h"
    assert live(True).complete("h").outcome == "completed"
    beside_it = live(False)
    assert beside_it.at == "a ev h x"
    assert beside_it.complete("h").complete("a").outcome == "completed"


def test_a_handler_that_throws_its_own_escalation_does_not_start_itself():
    live = around(
        on_event(
            "ev",
            refers("escalation", "esc"),
            end("again", refers("escalation", "esc")),
            path("evs again"),
            interrupting=False,
        ),
        start(),
        throw("t", refers("escalation", "esc")),
        user("a"),
        path("s t a"),
    )
    assert live.trace == "s t ev a evs again"
    assert live.at == "a"


def test_event_sub_processes_of_called_processes_end_with_them():
    called = process(user("u"), beside(refers("message", "m")), id="q", extra=NAMES)
    xml = process(start(), call("c", "q"), user("d"), path("s c d"), extra=NAMES)
    quiet = lived(xml, called={"q": called})
    assert quiet.complete("u").waiting == "work:d"
    loud = lived(xml, called={"q": called}).deliver("evs", paid=1)
    assert loud.at == "c ev h"
    assert loud.complete("h").at == "d"
    assert loud.variables == {"paid": 1}


def test_event_sub_processes_nest():
    inner = on_event("in", refers("signal", "sig"), user("k"), path("ins k"), interrupting=False)
    outer = on_event("ev", refers("message", "m"), user("h"), path("evs h"), inner)
    live = around(outer)
    assert live.waiting == "message:evs work:a"
    live.deliver("evs")
    assert live.waiting == "signal:ins work:h"
    live.broadcast("alarm")
    assert live.at == "ev h in k"
    assert live.complete("h").complete("k").outcome == "completed"
    assert list(live.stored.tokens) == []


def test_every_instance_of_a_loop_listens_for_itself_with_its_own_item():
    body = sub(
        "x",
        instances(over="orders", item="order"),
        start("s2"),
        user("a"),
        path("s2 a"),
        beside(refers("message", "m")),
    )
    live = around("", start(), body, user("z"), path("s x z"), orders=[7, 8])
    waits = [wait for wait in live.stored.waits.values() if wait.kind == "message"]
    assert [wait.detail["correlation"] for wait in waits] == [7, 8]
    live.do(lambda each: each.deliver(waits[1].token, {}))
    assert live.at == "a ev h x x"
    assert live.complete("h").complete("a").at == "z"


def test_an_interrupting_handler_ends_other_handlers_too():
    other = on_event("o", refers("signal", "sig"), user("k"), path("os k"), interrupting=False)
    live = around(beside(refers("message", "m")) + other).broadcast("alarm")
    assert live.at == "a k o"
    assert live.deliver("evs").at == "ev h"
    assert sorted(live.cancelled.split()) == ["a", "k", "o"]


def test_a_signal_thrown_in_the_scope_starts_its_handler_before_anything_else_runs():
    live = around(
        beside(refers("signal", "sig")),
        start(),
        throw("t", refers("signal", "sig")),
        task("z"),
        path("s t z"),
    )
    assert live.trace == "s t ev evs h"
    assert live.cancelled == "t"


def test_a_terminate_end_in_a_handler_ends_the_handler_only():
    stop = end("t", "<terminateEventDefinition/>")
    stops = on_event("ev", refers("message", "m"), stop, path("evs t"), interrupting=False)
    assert around(stops).deliver("evs").at == "a"


def test_a_start_that_cannot_be_computed_is_an_incident_and_does_not_keep_the_scope():
    live = around(beside(timer("broken")))
    assert live.at == "a evs"
    assert live.complete("a").outcome == "completed"
    assert live.cancelled == "evs"


@pytest.mark.parametrize(
    "inner",
    [
        user("h"),
        start("one") + start("two", timer("PT1H")),
        start("one") + user("h") + path("one h"),
    ],
)
def test_an_event_sub_process_without_one_triggered_start_is_refused(inner):
    xml = process(start(), f'<subProcess id="ev" triggeredByEvent="true">{inner}</subProcess>')
    with pytest.raises(Refused) as refusal:
        load_program(xml, "p", {})
    assert refusal.value.ids["element"] == "ev"
