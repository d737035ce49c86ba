"""Each rewriting rule: a scope before and after."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from engine.spiff.parser.model import ScopeDef, Trigger
from engine.spiff.parser.process import ProcessReader
from engine.spiff.parser.xml import read
from engine.spiff.rewrite.conditions import split_conditional_flows
from engine.spiff.rewrite.links import join_links
from engine.spiff.rewrite.pipeline import rewrite
from engine.spiff.rewrite.starts import add_missing_start, start_by_receiving
from tests.spiff.diagrams import (
    boundary,
    catch,
    flow,
    link,
    node,
    path,
    process,
    start,
    sub,
    task,
    throw,
    timer,
    user,
)


def scope(*parts: str) -> ScopeDef:
    return ProcessReader(read(process(*parts)), "p").read()


def drawn(scope: ScopeDef) -> set[str]:
    """Flows as text, those the diagram does not have in brackets."""
    return {
        f"{each.source}→{each.target}" if each.shown else f"({each.source}→{each.target})"
        for each in scope.flows
    }


def test_links_become_flows():
    before = scope(
        start(),
        throw("t", link("L")),
        throw("u", link("L")),
        catch("c", link("L")),
        task("a"),
        path("s t", "c a"),
    )
    after = join_links(before)
    assert drawn(after) == {"s→t", "c→a", "(t→c)", "(u→c)"}
    assert {after.nodes[id].tag for id in "tuc"} == {"intermediateThrowEvent"}
    assert all(after.nodes[id].triggers == () for id in "tuc")
    assert after.nodes["t"].element.kind == "intermediateThrowEvent"
    assert after.nodes["c"].element.kind == "intermediateCatchEvent"


def test_a_link_without_target_is_refused():
    with pytest.raises(Refused):
        join_links(scope(throw("t", link("L"))))


def test_conditional_flows_leave_a_gateway_of_their_own():
    before = scope(
        user("a", default="a-d"), *map(task, "bcd"), flow("a", "b"), flow("a", "c", "x"), flow("a", "d")
    )
    after = split_conditional_flows(before)
    assert drawn(after) == {"a[choice]→b", "a[choice]→c", "a[choice]→d", "(a→a[choice])"}
    assert [each.id for each in after.flows if each.shown] == ["a-b", "a-c", "a-d"]
    gateway = after.nodes["a[choice]"]
    assert (gateway.tag, gateway.shown, gateway.element.id) == ("inclusiveGateway", False, "a")


def test_missing_start_is_put_in_front_of_everything_that_begins():
    before = scope(task("a"), boundary("b", "a", timer("PT1H")), task("c"), task("d"), path("c d"))
    after = add_missing_start(before)
    assert drawn(after) == {"c→d", "(p[start]→a)", "(p[start]→c)"}
    assert not after.nodes["p[start]"].shown


def test_instantiating_receive_task_becomes_a_start_event():
    before = scope(node("receiveTask", "r", instantiate="true"), task("a"), path("r a"))
    after = start_by_receiving(before)
    assert after.nodes["r"].tag == "startEvent"
    assert after.nodes["r"].triggers == (Trigger("message", name="r"),)
    assert after.nodes["r"].element.kind == "receiveTask"


def test_rules_reach_into_sub_processes():
    after = rewrite(scope(start(), sub("x", task("a")), path("s x")))
    body = after.nodes["x"].body
    assert body is not None
    assert body.key == "p/x"
    assert drawn(body) == {"(x[start]→a)"}


@pytest.mark.parametrize(
    "rule", [join_links, start_by_receiving, add_missing_start, split_conditional_flows, rewrite]
)
def test_rules_leave_alone_what_does_not_concern_them(rule):
    before = scope(start(), user("a"), task("b"), path("s a b"))
    assert rule(before) == before


@pytest.mark.parametrize("rule", [join_links, start_by_receiving, add_missing_start, split_conditional_flows])
def test_rules_have_nothing_left_to_do_the_second_time(rule):
    once = rule(
        scope(
            throw("t", link("L")),
            catch("c", link("L")),
            user("a"),
            task("b"),
            flow("c", "a"),
            flow("a", "b", "x"),
            node("receiveTask", "r", instantiate="true"),
        )
    )
    assert rule(once) == once
