"""Programs: what is read from a diagram, and what is refused."""

from __future__ import annotations

import threading

import pytest

from engine.errors import NotFound, Refused, UnsafeDocument
from engine.spiff.program import load_program
from tests.spiff.diagrams import (
    boundary,
    call,
    catch,
    document,
    flow,
    instances,
    node,
    path,
    process,
    refers,
    start,
    sub,
    task,
    throw,
    timer,
    user,
    xor,
)


def test_elements_carry_our_attributes_lane_documentation_and_scope():
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="市场部">'
        "<flowNodeRef>x</flowNodeRef><flowNodeRef>a</flowNodeRef>"
        '<childLaneSet id="c"><lane id="l2" name="文案组"><flowNodeRef>a</flowNodeRef></lane></childLaneSet>'
        "</lane></laneSet>"
    )
    inner = sub("x", start("s2"), user("u", "<documentation>Do it.</documentation>"), path("s2 u"))
    xml = process(
        lanes, start(), user("a", wuxing_form="f01", wuxing_due="now()", name="填报"), inner, path("s a x")
    )
    program = load_program(xml, "p", {})
    a, u = program.elements["a"], program.elements["u"]
    assert (a.kind, a.name, a.lane, a.scope, a.process_id) == ("userTask", "填报", "文案组", None, "p")
    assert a.attributes == {"form": "f01", "due": "now()"}
    assert (u.lane, u.scope, u.documentation) == ("市场部", "x", "Do it.")
    assert set(program.elements) == {"s", "a", "x", "s2", "u"}


def test_flows_are_those_of_the_diagram():
    xml = process(
        start(), xor("x", "x-b"), task("a"), task("b"), path("s x"), flow("x", "a", "n > 1"), flow("x", "b")
    )
    flows = load_program(xml, "p", {}).flows
    assert set(flows) == {"s-x", "x-a", "x-b"}
    assert (flows["x-a"].source, flows["x-a"].target, flows["x-a"].condition) == ("x", "a", "n > 1")
    assert [id for id, each in flows.items() if each.is_default] == ["x-b"]


def test_programs_are_kept_by_what_goes_in():
    one, other = process(start(), task("a"), path("s a")), process(start(), task("b"), path("s b"))
    assert load_program(one, "p", {}) is load_program(bytes(one), "p", {})
    assert load_program(one, "p", {}) is not load_program(other, "p", {})
    assert load_program(one, "p", {}).hash != load_program(one, "p", {"q": other}).hash


def test_threads_may_load_one_program_together():
    xml = process(start(), *(task(f"t{n}") for n in range(50)), path("s t0"))
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(load_program(xml, "p", {}))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({program.hash for program in found}) == 1


def test_called_processes_are_found_in_what_was_given_or_in_the_same_document():
    inner = '<process id="q"><userTask id="u"/></process>'
    xml = process(start(), call("c", "q"), path("s c"), extra=inner)
    assert load_program(xml, "p", {}).elements["u"].process_id == "q"
    given = document('<process id="q"><userTask id="other"/></process>')
    assert "other" in load_program(xml, "p", {"q": given}).elements
    with pytest.raises(NotFound):
        load_program(process(start(), call("c", "nowhere"), path("s c")), "p", {})


def test_what_does_not_run_is_refused_by_name():
    part = node("subChoreography", "x")
    with pytest.raises(Refused, match="subChoreography") as refusal:
        load_program(process(start(), part, path("s x")), "p", {})
    assert refusal.value.ids["element"] == "x"


@pytest.mark.parametrize(
    "parts",
    [
        (start(), path("s nowhere")),
        (start(), task("a"), task("a")),
        (start(), call("c", "")),
        (start(), catch("c", refers("message", "nowhere"))),
        (start(), catch("c", "<eventDefinitionRef>nowhere</eventDefinitionRef>")),
        (start(), catch("c", "<timerEventDefinition/>")),
        (start(), throw("t", '<linkEventDefinition name="L"/>')),
        (start(), boundary("b", "nowhere", timer("PT1H"))),
        (start(), task("a", "<standardLoopCharacteristics/>")),
        (start(), task("a", "<multiInstanceLoopCharacteristics/>")),
        (start(), task("a", instances(count="1", over="x"))),
    ],
)
def test_what_makes_no_sense_is_refused(parts):
    with pytest.raises(Refused):
        load_program(process(*parts), "p", {})


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<definitions",
        b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>',
        b'<!DOCTYPE d SYSTEM "http://example.com/d.dtd"><d/>',
    ],
)
def test_what_is_not_safe_to_read_is_refused(xml):
    with pytest.raises(UnsafeDocument):
        load_program(xml, "p", {})


def test_unknown_process_is_not_found():
    with pytest.raises(NotFound):
        load_program(process(start()), "other", {})
