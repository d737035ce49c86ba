"""Start and completion quantity: tokens in front of an activity and behind it."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from engine.spiff.program import load_program
from tests.spiff.diagrams import (
    both,
    boundary,
    end,
    flow,
    instances,
    path,
    process,
    start,
    task,
    timer,
    user,
    xor,
)
from tests.spiff.lived import lived

pytestmark = pytest.mark.bpmn("start and completion quantity")


def test_an_activity_starts_once_for_every_so_many_tokens():
    live = lived(
        process(
            start(),
            both("f"),
            *map(user, "wxyz"),
            xor("m"),
            task("a", startQuantity="2"),
            path("s f w m a", "f x m", "f y m", "f z m"),
        )
    )
    assert "a" not in live.complete("w").trace.split()
    assert live.complete("y").trace.split().count("a") == 1
    live.complete("x")
    assert live.complete("z").trace.split().count("a") == 2
    assert live.outcome == "completed"


def test_tokens_of_several_flows_count_together_and_too_few_stay():
    live = lived(
        process(
            start(),
            both("f"),
            *map(user, "xyz"),
            task("a", startQuantity="2"),
            path("s f x a", "f y a", "f z a"),
        )
    )
    live.complete("x").complete("z").complete("y")
    assert live.trace.split().count("a") == 1
    assert live.outcome is None


def test_an_activity_sends_so_many_tokens_along_each_flow():
    live = lived(
        process(start(), task("a", completionQuantity="3"), task("b"), task("c"), path("s a b", "a c"))
    )
    assert live.trace == "s a b b b c c c"
    assert live.flows.split().count("a-b") == 3


def test_each_of_the_tokens_chooses_for_itself():
    live = lived(
        process(
            start(),
            user("a", completionQuantity="2", default="a-c"),
            task("b"),
            task("c"),
            path("s a"),
            flow("a", "b", "n > 1"),
            flow("a", "c"),
        )
    )
    assert live.complete("a", n=2).trace == "s a b b"


def test_quantities_of_a_loop_count_for_the_activity_as_a_whole():
    activity = user("a", instances(count="2"), startQuantity="2", completionQuantity="2")
    live = lived(
        process(
            start(),
            task("d", completionQuantity="2"),
            activity,
            boundary("t", "a", timer("PT1H")),
            task("b"),
            end(),
            path("s d a b", "t e"),
        )
    )
    assert live.waiting == "timer:t work:a work:a"
    assert live.complete("a").complete("a").trace == "s d a a b b"
    assert live.outcome == "completed"


@pytest.mark.parametrize("quantity", ["0", "-1", "x", ""])
def test_a_quantity_below_one_is_refused(quantity):
    with pytest.raises(Refused):
        load_program(process(start(), task("a", startQuantity=quantity)), "p", {})
