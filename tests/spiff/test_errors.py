"""Errors, escalations and terminate ends: from the thrower outwards."""

from __future__ import annotations

import pytest

from engine.errors import BpmnError
from tests.spiff.diagrams import (
    both,
    boundary,
    call,
    end,
    path,
    process,
    refers,
    service,
    start,
    sub,
    task,
    throw,
    user,
)
from tests.spiff.lived import lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("errors")


def raises(code: str):
    def call_service(names):
        raise BpmnError(code)

    return lambda: {"fails": call_service}


@pytest.mark.bpmn("endEvent")
def test_error_end_is_caught_at_the_boundary_of_its_sub_process():
    live = lived(
        process(
            start(),
            sub("x", start("s2"), user("a"), end("e2", refers("error", "err")), path("s2 a e2")),
            boundary("b", "x", refers("error", "err")),
            task("h"),
            end(),
            path("s x e", "b h"),
            extra=NAMES,
        )
    )
    live.complete("a")
    assert live.trace == "s x s2 a e2 b h"
    assert live.cancelled == "e2 x"
    assert live.outcome == "completed"


def test_exact_error_code_goes_before_catch_all_and_inner_before_outer():
    xml = process(
        start(),
        sub(
            "x",
            start("s2"),
            service("a", "fails"),
            path("s2 a"),
            boundary("in", "a", refers("error", "err2")),
        ),
        boundary("all", "x", refers("error")),
        boundary("one", "x", refers("error", "err")),
        path("s x"),
        extra=NAMES,
    )
    assert lived(xml, services=raises("E1")).trace == "s x s2 a one"
    assert lived(xml, services=raises("E2")).trace == "s x s2 a in"
    assert lived(xml, services=raises("E3")).trace == "s x s2 a all"


def test_two_parallel_sub_processes_with_one_error_code_do_not_disturb_each_other():
    def one(n: int) -> str:
        return sub(
            f"x{n}",
            start(f"s{n}"),
            user(f"u{n}"),
            end(f"e{n}", refers("error", "err")),
            path(f"s{n} u{n} e{n}"),
        )

    live = lived(
        process(
            start(),
            both("f"),
            one(1),
            one(2),
            boundary("b1", "x1", refers("error", "err")),
            boundary("b2", "x2", refers("error", "err")),
            path("s f x1", "f x2"),
            extra=NAMES,
        )
    )
    live.complete("u1")
    assert live.at == "u2 x2"
    assert "b2" not in live.trace.split()


def test_uncaught_error_fails_the_instance():
    live = lived(
        process(start(), both("f"), user("a"), service("x", "fails"), path("s f a", "f x")),
        services=raises("E9"),
    )
    assert live.outcome == "failed"
    assert live.stored.outcome_detail["error"] == "E9"
    assert live.stored.outcome_detail["element"] == "x"
    assert live.at == ""
    assert live.stored.tokens == {}


def test_error_in_a_called_process_reaches_the_caller():
    called = process(start("cs"), service("cx", "fails"), path("cs cx"), id="q")
    xml = process(
        start(), call("c", "q"), boundary("b", "c", refers("error", "err")), path("s c"), extra=NAMES
    )
    live = lived(xml, called={"q": called}, services=raises("E1"))
    assert live.trace == "s c cs cx b"
    assert live.outcome == "completed"
    assert list(live.stored.scopes) == [0]


def test_the_step_can_throw_an_error_at_a_waiting_token():
    live = lived(process(start(), user("a"), boundary("b", "a", refers("error")), path("s a"), extra=NAMES))
    token = live.wait("a", "work").token
    live.do(lambda each: each.throw_error(token, "any"))
    assert live.trace == "s a b"


@pytest.mark.bpmn("escalations")
def test_escalation_is_caught_outside_and_the_thrower_goes_on():
    live = lived(
        process(
            start(),
            sub("x", start("s2"), throw("t", refers("escalation", "esc")), user("a"), path("s2 t a")),
            boundary("b", "x", refers("escalation", "esc"), interrupting=False),
            task("h"),
            path("s x", "b h"),
            extra=NAMES,
        )
    )
    assert live.at == "a x"
    assert "h" in live.trace.split()


@pytest.mark.bpmn("escalations")
def test_interrupting_escalation_ends_the_scope_that_throws_it():
    live = lived(
        process(
            start(),
            sub("x", start("s2"), throw("t", refers("escalation", "esc")), task("a"), path("s2 t a")),
            boundary("b", "x", refers("escalation", "esc")),
            path("s x"),
            extra=NAMES,
        )
    )
    assert live.trace == "s x s2 t b"
    assert live.outcome == "completed"


@pytest.mark.bpmn("escalations")
def test_uncaught_escalation_changes_nothing():
    live = lived(
        process(start(), throw("t", refers("escalation", "esc")), task("a"), path("s t a"), extra=NAMES)
    )
    assert live.trace == "s t a"
    assert live.outcome == "completed"


@pytest.mark.bpmn("endEvent")
def test_terminate_ends_its_scope_only():
    live = lived(
        process(
            start(),
            sub(
                "x",
                start("s2"),
                both("f"),
                user("a"),
                user("b"),
                end("t", "<terminateEventDefinition/>"),
                path("s2 f a", "f b t"),
            ),
            user("c"),
            path("s x c"),
        )
    )
    live.complete("b")
    assert live.cancelled == "a"
    assert live.at == "c"
