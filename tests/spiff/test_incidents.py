"""Elements that fail, services that are done elsewhere, instances that are cancelled."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, ElementFailed
from engine.spiff.port import PENDING
from tests.spiff.diagrams import (
    both,
    boundary,
    end,
    path,
    process,
    refers,
    service,
    start,
    sub,
    task,
    timer,
    user,
)
from tests.spiff.lived import lived


def flaky(times: int):
    """A service that fails some times before it works; each life has its own."""

    def make():
        left = [times]

        def call(names):
            if left[0]:
                left[0] -= 1
                raise ElementFailed("service", "坏了", attempt=left[0])
            return {"done": True}

        return {"flaky": call}

    return make


@pytest.mark.bpmn("serviceTask")
def test_failing_service_waits_as_an_incident_while_the_rest_goes_on():
    live = lived(
        process(start(), both("f"), service("x", "flaky"), user("a"), end(), path("s f x e", "f a")),
        services=flaky(2),
    )
    [failure] = live.stored.failures
    assert (failure.element, failure.reason, str(failure.text), failure.detail) == (
        "x",
        "service",
        "坏了",
        {"attempt": 1},
    )
    assert live.at == "a x"
    live.complete("a")
    assert live.outcome is None
    live.retry("x")
    assert len(live.stored.failures) == 2
    live.retry("x")
    assert live.variables == {"done": True}
    assert live.outcome == "completed"


def test_only_what_failed_is_retried():
    live = lived(process(start(), user("a"), path("s a")))
    token = live.wait("a", "work").token
    with pytest.raises(Conflict):
        live.live.retry(token)


def test_incident_ends_with_the_activity_around_it():
    live = lived(
        process(
            start(),
            sub("x", start("s2"), service("y", "flaky"), path("s2 y")),
            boundary("b", "x", timer("PT1H")),
            task("t"),
            path("s x", "b t"),
        ),
        services=flaky(1),
    )
    token = live.stored.failures[0].token
    live.fire("b")
    assert live.cancelled == "y x"
    assert live.outcome == "completed"
    with pytest.raises(Conflict):
        live.live.retry(token)


def test_a_failed_token_ends_as_a_wait_so_that_its_incident_closes():
    live = lived(process(start(), service("x", "flaky"), path("s x")), services=flaky(1))
    half, token = live.halves[0], live.stored.failures[0].token
    half.live.cancel("stop")
    assert half.live.changes().unwaits == [token]


@pytest.mark.bpmn("serviceTask")
def test_pending_service_waits_until_somebody_finishes_it():
    live = lived(
        process(start(), service("x", "far"), end(), path("s x e")),
        services=lambda: {"far": lambda names: PENDING},
    )
    wait = live.wait("x", "service")
    live.do(lambda each: each.finish_service(wait.token, {"r": 1}))
    assert live.outcome == "completed"
    assert live.variables == {"r": 1}
    with pytest.raises(Conflict):
        live.live.finish_service(wait.token, {})


def test_worker_may_report_a_bpmn_error():
    live = lived(
        process(start(), service("x", "far"), boundary("b", "x", refers("error")), path("s x")),
        services=lambda: {"far": lambda names: PENDING},
    )
    token = live.wait("x", "service").token
    live.do(lambda each: each.throw_error(token, "E"))
    assert live.trace == "s x b"


def test_commands_for_tokens_that_do_not_wait_for_them_change_nothing():
    live = lived(process(start(), user("a"), user("b"), path("s a b")))
    token = live.wait("a", "work").token
    for command in (
        lambda each: each.fire(token, 0, {}),
        lambda each: each.deliver(token, {}),
        lambda each: each.finish_service(token, {}),
        lambda each: each.complete(999, {}),
        lambda each: each.complete(-1, {}),
        lambda each: each.names(0),
    ):
        with pytest.raises(Conflict):
            command(live.live)
    live.complete("a")
    with pytest.raises(Conflict):
        live.live.complete(token, {"late": True})
    assert live.live.changes().variables == []


def test_cancel_ends_every_token_and_scope():
    live = lived(
        process(
            start(),
            both("f"),
            sub("x", start("s2"), user("u"), path("s2 u")),
            user("a"),
            path("s f x", "f a"),
        )
    )
    live.do(lambda each: each.cancel("withdrawn"))
    assert live.outcome == "cancelled"
    assert live.stored.outcome_detail == {"reason": "withdrawn"}
    assert live.cancelled == "a u x"
    assert live.waiting == ""
    assert live.stored.tokens == {}
    assert [row.state for row in live.stored.scopes.values()] == ["cancelled"]


def test_an_error_of_the_program_reaches_the_caller():
    def broken():
        def call(names):
            raise ZeroDivisionError

        return {"broken": call}

    with pytest.raises(ZeroDivisionError):
        lived(process(start(), service("x", "broken"), path("s x")), services=broken)


def test_failures_of_tokens_that_are_gone_are_forgotten():
    live = lived(process(start(), service("x", "flaky"), path("s x")), services=flaky(2))
    half, token = live.halves[0], live.stored.failures[0].token
    half.live.retry(token)
    half.live.run()
    half.live.cancel()
    changes = half.live.changes()
    assert changes.failures == []
    assert [move.kind for move in changes.moves if move.token == token] == ["fail", "cancel"]
