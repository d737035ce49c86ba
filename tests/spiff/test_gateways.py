"""Gateways and flows: where tokens are chosen, multiplied and joined."""

from __future__ import annotations

import pytest

from tests.spiff.diagrams import (
    both,
    boundary,
    end,
    flow,
    instances,
    node,
    path,
    process,
    some,
    start,
    sub,
    task,
    timer,
    user,
    xor,
)
from tests.spiff.lived import lived


@pytest.mark.bpmn("exclusiveGateway")
def test_exclusive_gateway_takes_the_first_flow_that_holds():
    xml = process(
        start(),
        xor("x", default="x-c"),
        *map(task, "abc"),
        path("s x"),
        flow("x", "a", "n > 10"),
        flow("x", "b", "n > 5"),
        flow("x", "c"),
    )
    assert lived(xml, n=20).trace == "s x a"
    assert lived(xml, n=7).trace == "s x b"
    assert lived(xml, n=1).trace == "s x c"


@pytest.mark.bpmn("exclusiveGateway")
def test_no_flow_and_no_default_is_an_incident_that_can_be_retried():
    live = lived(process(start(), user("u"), xor("x"), task("a"), path("s u x"), flow("x", "a", "ok")))
    live.complete("u", ok=False)
    assert live.at == "x"
    assert [(failure.element, failure.reason) for failure in live.stored.failures] == [("x", "no_flow")]
    token = live.stored.failures[0].token
    live.do(lambda each: each._state.root.variables.update(ok=True))
    live.do(lambda each: each._state.journal.variable(0, "ok", True))
    live.do(lambda each: each.retry(token))
    assert live.outcome == "completed"
    assert live.trace == "s u x a"


@pytest.mark.bpmn("exclusiveGateway")
def test_a_condition_that_is_neither_true_nor_false_is_an_incident():
    live = lived(process(start(), xor("x"), task("a"), path("s x"), flow("x", "a", "missing")))
    assert [failure.reason for failure in live.stored.failures] == ["condition"]
    assert live.at == "x"


@pytest.mark.bpmn("parallelGateway")
def test_parallel_gateways_wait_for_every_flow():
    live = lived(
        process(start(), both("f"), user("a"), user("b"), both("j"), end(), path("s f a j e", "f b j"))
    )
    live.complete("b")
    assert live.at == "a j"
    live.complete("a")
    assert live.trace == "s f a b j j e"
    assert live.outcome == "completed"


@pytest.mark.bpmn("parallelGateway", "exclusiveGateway")
def test_two_tokens_join_twice_where_a_merge_is_implicit():
    live = lived(
        process(
            start(),
            both("f"),
            *map(task, "abcd"),
            xor("x"),
            both("g"),
            path("s f a x", "f b x", "x g c", "g d"),
        )
    )
    assert sorted(live.trace.split()).count("c") == 2
    assert sorted(live.trace.split()).count("d") == 2
    assert live.outcome == "completed"


@pytest.mark.bpmn("parallelGateway")
def test_surplus_tokens_stay_at_a_parallel_join():
    live = lived(
        process(
            start(),
            both("f"),
            *map(task, "abcz"),
            xor("m"),
            both("j"),
            path("s f a m j z", "f b m", "f c j"),
        )
    )
    assert live.trace.split().count("z") == 1
    assert live.at == "j"
    assert live.outcome is None


@pytest.mark.bpmn("parallelGateway")
def test_several_flows_from_one_node_into_one_join_all_count():
    live = lived(
        process(
            start(),
            both("f"),
            both("j"),
            task("a"),
            path("s f", "j a"),
            flow("f", "j"),
            flow("f", "j", id="2nd"),
        )
    )
    assert live.trace == "s f j j a"
    assert live.outcome == "completed"


@pytest.mark.bpmn("inclusiveGateway")
def test_inclusive_join_waits_only_for_tokens_that_can_still_come():
    xml = process(
        start(),
        some("o", default="o-c"),
        user("a"),
        user("b"),
        user("c"),
        some("j"),
        end(),
        path("s o", "a j e", "b j", "c j"),
        flow("o", "a", "x > 0"),
        flow("o", "b", "x > 1"),
        flow("o", "c"),
    )
    live = lived(xml, x=2)
    assert live.at == "a b"
    live.complete("a")
    assert live.at == "b j"
    assert live.complete("b").outcome == "completed"
    assert live.trace.split().count("e") == 1
    assert lived(xml, x=1).complete("a").outcome == "completed"
    assert lived(xml, x=0).at == "c"


@pytest.mark.bpmn("inclusiveGateway")
def test_an_inclusive_split_and_join_can_be_gone_through_again():
    live = lived(
        process(
            start(),
            xor("m"),
            some("o", default="o-b"),
            user("a"),
            task("b"),
            some("j"),
            xor("x", "x-e"),
            end(),
            path("s m o", "a j", "b j x", "x e"),
            flow("o", "a", "n > 0"),
            flow("o", "b"),
            flow("x", "m", "n > 0"),
        ),
        n=3,
    )
    for n in (2, 1, 0):
        live.complete("a", n=n)
    assert live.outcome == "completed"
    assert live.trace.split().count("a") == 3


@pytest.mark.bpmn("inclusiveGateway")
def test_two_inclusive_joins_that_wait_for_each_other_are_stuck_and_say_so():
    live = lived(
        process(
            start(),
            both("f"),
            some("i"),
            some("k"),
            task("z"),
            path("s f i z", "f k", "i k", "k i"),
        )
    )
    assert live.at == "i k"
    assert live.outcome is None


def test_several_flows_out_of_an_activity_are_a_fork():
    live = lived(process(start(), task("a"), *map(user, "bc"), path("s a b", "a c")))
    assert live.at == "b c"
    assert live.flows == "s-a a-b a-c"


def test_conditional_and_default_flows_out_of_an_activity():
    xml = process(
        start(), user("a", default="a-d"), *map(task, "bcd"), path("s a b", "a d"), flow("a", "c", "x")
    )
    assert lived(xml).complete("a", x=True).trace == "s a b c"
    no = lived(xml).complete("a", x=False)
    assert no.trace == "s a b d"
    assert no.flows == "s-a a-b a-d"


def test_an_activity_none_of_whose_conditions_hold_is_an_incident_at_the_activity():
    live = lived(process(start(), user("a"), task("b"), path("s a"), flow("a", "b", "x")))
    live.complete("a", x=False)
    assert live.at == "a"
    assert [failure.element for failure in live.stored.failures] == ["a"]
    live.do(lambda each: each._state.journal.variable(0, "x", True))
    live.do(lambda each: each._state.root.variables.update(x=True))
    assert live.retry("a").outcome == "completed"


def test_gateway_without_outgoing_flow_ends_the_token():
    assert lived(process(start(), both("f"), path("s f"))).outcome == "completed"


def test_diagram_without_start_begins_at_all_nodes_without_incoming_flow():
    live = lived(process(user("a"), user("b"), path("a b"), user("c")))
    assert live.at == "a c"
    assert live.flows == ""


def test_ids_the_library_uses_itself_are_ordinary_ids_here():
    live = lived(
        process(start("Start"), task("Root"), sub("x", start("s2")), end("End"), path("Start Root x End"))
    )
    assert live.trace == "Start Root x s2 End"
    assert live.outcome == "completed"


@pytest.mark.bpmn("subProcess")
def test_empty_sub_process_is_passed_through():
    live = lived(process(start(), node("subProcess", "x"), end(), path("s x e")))
    assert live.outcome == "completed"


@pytest.mark.bpmn("inclusiveGateway")
def test_inclusive_join_does_not_wait_for_a_token_that_may_come_along_a_filled_flow():
    live = lived(
        process(
            start(),
            both("f"),
            *map(task, "akz"),
            user("u"),
            xor("m"),
            xor("x", "x-m"),
            some("j"),
            path("s f a m j z", "f u x m", "k j"),
            flow("x", "k", "far"),
        )
    )
    assert live.at == "u"
    assert live.trace.split().count("z") == 1
    live.complete("u", far=True)
    assert live.trace.split().count("z") == 2
    assert live.outcome == "completed"


@pytest.mark.bpmn("inclusiveGateway")
def test_inclusive_join_waits_for_what_can_come_from_boundary_events():
    live = lived(
        process(
            start(),
            both("f"),
            *map(user, "ux"),
            *map(task, "az"),
            boundary("b", "x", timer("PT1H"), interrupting=False),
            some("j"),
            path("s f a j z", "f u x", "b j"),
        )
    )
    assert live.at == "j u"
    assert live.complete("u").at == "j x"
    live.fire("b")
    assert live.at == "x"
    assert live.trace.split().count("z") == 1


@pytest.mark.bpmn("inclusiveGateway")
def test_paths_through_an_inclusive_join_itself_do_not_count():
    live = lived(
        process(
            start(),
            both("f"),
            *map(user, "pw"),
            xor("x"),
            some("m"),
            xor("y", "y-e"),
            end(),
            path("s f p m w y e", "f x m"),
            flow("y", "x", "again"),
        )
    )
    assert live.at == "m p"
    live.complete("p")
    assert live.at == "w"
    assert live.complete("w", again=True).complete("w", again=False).outcome == "completed"


@pytest.mark.bpmn("inclusiveGateway")
def test_joins_of_several_scopes_settle_in_one_order_whoever_was_first():
    body = sub(
        "x",
        start("s2"),
        both("f"),
        user("a"),
        user("b"),
        some("j"),
        task("t"),
        path("s2 f a j t", "f b j"),
        instances(count="3"),
    )
    live = lived(process(start(), body, path("s x")))
    work = {(at, scope): token for token, (at, scope) in live.stored.open.items() if at in ("a", "b")}
    scopes = sorted({scope for _, scope in work})
    for scope in reversed(scopes):
        live.do(lambda each, scope=scope: each.complete(work["a", scope], {}))

    def complete_all(each):
        for scope in (scopes[2], scopes[0], scopes[1]):
            each.complete(work["b", scope], {})

    live.do(complete_all)
    assert live.outcome == "completed"
    entered = [move.scope for move in live.stored.moves if move.kind == "enter" and move.element == "t"]
    assert entered == scopes
