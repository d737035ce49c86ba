"""Complex gateways: activation condition, what comes later, and the next start."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from engine.spiff.program import load_program
from tests.spiff.diagrams import both, flow, node, path, process, start, task, user, xor
from tests.spiff.lived import lived

pytestmark = pytest.mark.bpmn("complexGateway")


def at_least(condition: str, id: str = "k") -> str:
    inner = f"<activationCondition>{condition}</activationCondition>" if condition else ""
    return node("complexGateway", id, inner)


def three(condition: str, *more: str) -> bytes:
    """Three parallel user tasks into a complex gateway with a task behind it."""
    return process(
        start(),
        both("f"),
        *map(user, "xyz"),
        at_least(condition),
        task("a"),
        path("s f x k a", "f y k", "f z k"),
        *more,
    )


def test_two_of_three_go_on_once_and_the_third_is_swallowed():
    live = lived(three("activationCount &gt;= 2"))
    assert "a" not in live.complete("x").trace.split()
    assert live.complete("z").trace.split().count("a") == 1
    assert live.outcome is None
    assert live.complete("y").trace.split().count("a") == 1
    assert live.outcome == "completed"


def test_the_condition_may_read_variables():
    live = lived(three("activationCount == 3 or urgent"), urgent=False)
    live.complete("x")
    assert live.complete("y", urgent=True).trace.split().count("a") == 1


def test_it_starts_anew_when_the_rest_has_come():
    live = lived(
        process(
            start(),
            both("f"),
            *map(user, "xy"),
            at_least("activationCount &gt;= 1"),
            user("a"),
            both("g"),
            path("s f x k a g", "f y k"),
            xor("m1"),
            path("g m1"),
            flow("m1", "x2"),
            user("x2"),
            user("y2"),
            path("x2 k"),
            path("g y2"),
            path("y2 k"),
        )
    )
    live.complete("x")
    assert live.at == "a y"
    assert live.complete("y").at == "a"


def loop(condition: str) -> bytes:
    """Two of two in a loop: after it fired, both tasks begin again."""
    return process(
        start(),
        xor("m"),
        both("f"),
        *map(user, "xy"),
        at_least(condition),
        xor("d", "d-e"),
        task("e"),
        path("s m f x k d", "f y k"),
        flow("d", "m", "n &lt; 3".replace("&lt;", "<")),
        flow("d", "e"),
    )


def test_in_a_loop_it_fires_once_per_round():
    live = lived(loop("activationCount == 2"), n=0)
    for n in range(1, 4):
        live.complete("x", n=n)
        live.complete("y")
    assert live.trace.split().count("k") == 6
    assert live.trace.split().count("d") == 3
    assert live.outcome == "completed"


def test_what_cannot_come_any_more_does_not_keep_it_from_starting_anew():
    live = lived(
        process(
            start(),
            both("f"),
            user("x"),
            user("w"),
            xor("c", "c-z"),
            task("z"),
            user("x2"),
            at_least("activationCount &gt;= 1"),
            task("a"),
            path("s f x k a", "f w c", "c z", "f x2"),
            flow("x2", "k"),
            flow("c", "k", "again"),
        ),
        again=False,
    )
    live.complete("x")
    assert live.trace.split().count("a") == 1
    live.complete("w").complete("x2")
    assert live.trace.split().count("a") == 1
    assert live.outcome == "completed"


def test_a_condition_that_cannot_be_decided_is_an_incident_and_can_be_retried():
    live = lived(three("enough"))
    live.complete("x")
    assert [failure.element for failure in live.stored.failures] == ["k"]
    live.complete("y", enough=True)
    assert live.trace.split().count("a") == 1
    live.retry("k").complete("z")
    assert live.trace.split().count("a") == 1
    assert live.outcome == "completed"


def test_without_a_join_it_splits_as_an_inclusive_gateway():
    live = lived(
        process(
            start(),
            node("complexGateway", "k", default="k-c"),
            *map(task, "abc"),
            path("s k"),
            flow("k", "a", "n > 1"),
            flow("k", "b", "n > 2"),
            flow("k", "c"),
        ),
        n=3,
    )
    assert live.trace == "s k a b"


@pytest.mark.parametrize("condition", ["", "waitingForStart"])
def test_a_join_without_a_usable_condition_is_refused(condition):
    with pytest.raises(Refused) as refusal:
        load_program(three(condition), "p", {})
    assert refusal.value.ids["element"] == "k"
