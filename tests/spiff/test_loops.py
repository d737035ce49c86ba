"""Loops and multiple instances, on tasks, sub-processes and calls."""

from __future__ import annotations

import pytest

from engine.spiff.port import PENDING
from tests.spiff.diagrams import (
    boundary,
    call,
    end,
    instances,
    path,
    process,
    refers,
    repeated,
    script,
    service,
    start,
    sub,
    task,
    timer,
    user,
)
from tests.spiff.lived import lived

pytestmark = pytest.mark.bpmn("loops, multiple instances")


def test_parallel_instances_wait_together_and_know_their_item():
    each = instances(over="depts", item="dept")
    live = lived(process(start(), user("a", each), end(), path("s a e")), depts=["x", "y", "z"])
    assert [wait.locals for wait in live.stored.waits.values()] == [
        {"loopCounter": 0, "dept": "x"},
        {"loopCounter": 1, "dept": "y"},
        {"loopCounter": 2, "dept": "z"},
    ]
    enters = [move for move in live.stored.moves if move.kind == "enter" and move.element == "a"]
    assert [move.index for move in enters] == [0, 1, 2]
    assert [move.via for move in enters] == ["s-a"] * 3
    live.complete("a", 1).complete("a", 0)
    assert live.outcome is None
    assert live.complete("a", 2).outcome == "completed"
    assert live.trace == "s a a a e"
    assert set(live.variables) == {"depts"}


def test_outputs_are_in_the_order_of_the_items_whoever_is_first():
    each = instances(over="depts", item="dept", out="answers", value="answer")
    live = lived(process(start(), user("a", each), user("b"), path("s a b")), depts=["x", "y", "z"])
    live.complete("a", 2, answer="Z").complete("a", 0, answer="X", note="n")
    assert "answers" not in live.variables
    live.complete("a", 1, answer="Y")
    assert live.variables["answers"] == ["X", "Y", "Z"]
    assert live.variables["note"] == "n"
    assert "answer" not in live.variables
    assert len(live.stored.tokens) == 1


def test_cardinality_counts_instances():
    live = lived(process(start(), user("a", instances(count="n + 1")), path("s a")), n=1)
    assert live.at == "a a"


def test_no_instances_are_passed_through_and_seen_to_be():
    live = lived(process(start(), user("a", instances(over="[]", out="r", value="v")), end(), path("s a e")))
    assert live.outcome == "completed"
    assert live.trace == "s a e"
    assert live.variables == {"r": []}


def test_completion_condition_ends_the_rest():
    each = instances(count="4", until="numberOfCompletedInstances >= numberOfInstances / 2")
    live = lived(process(start(), user("a", each), end(), path("s a e")))
    live.complete("a", 3).complete("a", 1)
    assert live.outcome == "completed"
    assert live.cancelled == "a a"


def test_completion_condition_sees_the_instance_that_has_just_ended():
    each = instances(over="depts", item="d", out="votes", value="vote", until="vote == 'no'")
    live = lived(process(start(), user("a", each), end(), path("s a e")), depts=[1, 2, 3])
    live.complete("a", 0, vote="yes").complete("a", 2, vote="no")
    assert live.outcome == "completed"
    assert live.variables["votes"] == ["yes", "no"]


def test_completion_condition_may_look_at_the_outputs_so_far():
    each = instances(over="depts", out="votes", value="vote", until="sum(votes) > 4")
    live = lived(process(start(), user("a", each), path("s a")), depts=[1, 2, 3])
    assert live.complete("a", 0, vote=2).outcome is None
    assert live.complete("a", 1, vote=3).outcome == "completed"


def test_automatic_instances_stop_as_soon_as_the_condition_holds():
    each = instances(count="5", until="n >= 2")
    live = lived(process(start(), script("a", "n = (n or 0) + 1", each), path("s a")))
    assert live.variables == {"n": 2}


def test_completion_condition_that_fails_is_an_incident_of_the_activity():
    each = instances(count="3", until="missing")
    live = lived(process(start(), user("a", each), end(), path("s a e")))
    live.complete("a", 0)
    [failure] = live.stored.failures
    assert (failure.element, failure.reason) == ("a", "condition")
    assert live.at == "a a a"
    live.complete("a", 1).complete("a", 2)
    assert live.at == "a"
    assert len(live.stored.failures) == 1
    live.do(lambda each: each._state.root.variables.update(missing=True))
    live.do(lambda each: each._state.journal.variable(0, "missing", True))
    live.do(lambda each: each.retry(failure.token))
    assert live.outcome == "completed"


def test_what_is_no_list_and_no_natural_number_is_an_incident():
    for each, reason in (
        (instances(over="7"), "collection"),
        (instances(count="-1"), "cardinality"),
        (instances(count="1.5"), "cardinality"),
        (instances(count="missing"), "cardinality"),
        (instances(count="True"), "cardinality"),
    ):
        live = lived(process(start(), user("a", each), path("s a")))
        assert [failure.reason for failure in live.stored.failures] == [reason]
        assert live.at == "a"


def test_sequential_instances_take_the_items_as_they_were_when_it_began():
    each = instances(over="items", item="it", out="r", value="v", sequential=True)
    live = lived(process(start(), user("a", each), end(), path("s a e")), items=["x", "y"])
    assert live.wait("a", "work").locals == {"loopCounter": 0, "it": "x"}
    live.complete("a", v=1, items=["changed"])
    assert live.wait("a", "work").locals == {"loopCounter": 1, "it": "y"}
    assert live.complete("a", v=2).outcome == "completed"
    assert live.variables["r"] == [1, 2]


def test_sequential_instances_stop_at_their_condition():
    each = instances(over="items", item="it", until="it == 'y'", sequential=True)
    live = lived(process(start(), user("a", each), path("s a")), items=["x", "y", "z"])
    assert live.complete("a").complete("a").outcome == "completed"


def test_standard_loop_repeats_while_its_condition_holds():
    live = lived(process(start(), user("a", repeated("again")), end(), path("s a e")))
    live.complete("a", again=True).complete("a", again=True)
    assert live.wait("a", "work").locals == {"loopCounter": 2}
    assert live.complete("a", again=False).outcome == "completed"
    assert live.trace == "s a a a e"


def test_standard_loop_stops_at_its_maximum_and_may_test_before():
    live = lived(process(start(), script("a", "n = n + 1", repeated("n < 100", "3")), path("s a")), n=0)
    assert live.variables == {"n": 3}
    none = lived(process(start(), user("a", repeated("again", before=True)), path("s a")), again=False)
    assert none.outcome == "completed"
    assert none.trace == "s a"


def test_boundary_event_of_a_loop_ends_all_its_instances():
    each = instances(count="3")
    live = lived(
        process(start(), user("a", each), boundary("b", "a", timer("PT1H")), task("t"), path("s a", "b t"))
    )
    live.complete("a", 1)
    live.fire("b")
    assert live.cancelled == "a a"
    assert live.outcome == "completed"
    assert live.trace.endswith("b t")


def test_instances_of_a_sub_process_keep_their_names_apart():
    each = instances(over="depts", item="dept", out="sums", value="total")
    body = sub("x", start("s2"), user("u"), script("c", "total = dept * 10 + n"), path("s2 u c"), each)
    live = lived(process(start(), body, end(), path("s x e")), depts=[1, 2])
    scopes = {token: scope for token, (element, scope) in live.stored.open.items() if element == "u"}
    assert len(set(scopes.values())) == 2
    first, second = sorted(scopes)
    assert live.live.names(first)["dept"] == 1
    live.do(lambda each: each.complete(second, {"n": 5}))
    live.do(lambda each: each.complete(first, {"n": 7}))
    assert [failure.reason for failure in live.stored.failures] == ["conflict"]
    live.retry("u")
    assert live.outcome == "completed"
    assert live.variables == {"depts": [1, 2], "n": 7, "sums": [17, 25]}


def test_scopes_of_instances_are_told_apart_in_the_moves():
    body = sub("x", start("s2"), user("u"), path("s2 u"), instances(count="2"))
    live = lived(process(start(), body, path("s x")))
    opened = [move for move in live.stored.moves if move.kind == "scope"]
    holders = {move.token: move for move in live.stored.moves if move.kind == "enter" and move.element == "x"}
    assert [(move.token, move.element, move.scope) for move in opened] == [
        (0, "p", 0),
        *((token, "x", 0) for token in sorted(holders)),
    ]
    assert [holders[token].index for token in sorted(holders)] == [0, 1]
    live.complete("u").complete("u")
    assert [move.token for move in live.stored.moves if move.kind == "scope_end"] == [*sorted(holders), 0]


def test_instances_of_a_call_each_get_variables_of_their_own():
    called = process(start("cs"), user("cu"), script("cc", "result = item * 2"), path("cs cu cc"), id="q")
    each = instances(over="items", item="item", out="results", value="result")
    live = lived(
        process(start(), call("c", "q", each), end(), path("s c e")), called={"q": called}, items=[3, 4]
    )
    scopes = sorted(scope for scope in live.stored.scopes if scope)
    assert [live.stored.variables[scope, "item"] for scope in scopes] == [3, 4]
    live.complete("cu").complete("cu")
    assert live.variables == {"items": [3, 4], "results": [6, 8]}
    assert live.outcome == "completed"


def test_an_error_in_one_instance_ends_the_activity():
    each = instances(count="2")
    body = sub("x", start("s2"), user("u"), end("e2", refers("error")), path("s2 u e2"), each)
    live = lived(process(start(), body, boundary("b", "x", refers("error")), path("s x")))
    live.complete("u")
    assert live.outcome == "completed"
    assert live.trace.endswith("b")


def test_instances_of_a_service_done_elsewhere():
    each = instances(over="items", item="i", out="r", value="v")
    live = lived(
        process(start(), service("a", "far", each), path("s a")),
        services=lambda: {"far": lambda names: PENDING},
        items=[1, 2],
    )
    assert live.waiting == "service:a service:a"
    for token in sorted(wait.token for wait in live.stored.waits.values()):
        live.do(lambda each, token=token: each.finish_service(token, {"v": token}))
    assert len(live.variables["r"]) == 2
    assert live.outcome == "completed"
