"""What instances of a multi-instance activity throw when they end."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from engine.spiff.program import load_program
from tests.spiff.diagrams import boundary, instances, path, process, refers, start, sub, task, user
from tests.spiff.lived import Lived, lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("behavior")

DEFINED = (
    '<signalEventDefinition id="on-sig" signalRef="sig"/>'
    '<escalationEventDefinition id="on-esc" escalationRef="esc"/>'
    '<errorEventDefinition id="on-err" errorRef="err"/><messageEventDefinition id="on-m" messageRef="m"/>'
    '<terminateEventDefinition id="on-end"/>'
)


def throwing(attributes: str, inner: str = "", **loop: object) -> str:
    text = instances(over="items", item="item", **loop)
    return text.replace(" isSequential", f" {attributes} isSequential").replace("</multi", f"{inner}</multi")


def around(characteristics: str, caught: str, *, interrupting: bool = False, activity: str = "") -> Lived:
    xml = process(
        start(),
        activity or user("a", characteristics),
        boundary("b", "a", caught, interrupting=interrupting),
        task("h"),
        user("z"),
        path("s a z", "b h"),
        extra=NAMES + DEFINED,
    )
    return lived(xml, items=[1, 2, 3])


ESCALATION, SIGNAL = refers("escalation", "esc"), refers("signal", "sig")


@pytest.mark.parametrize(("ref", "caught"), [("on-esc", ESCALATION), ("on-sig", SIGNAL)])
@pytest.mark.parametrize("sequential", [False, True])
def test_none_throws_for_every_instance_also_for_the_last(ref, caught, sequential):
    live = around(throwing(f'behavior="None" noneBehaviorEventRef="{ref}"', sequential=sequential), caught)
    live.complete("a").complete("a")
    assert live.trace.split().count("h") == 2
    assert live.complete("a").at == "z"
    assert live.trace.split().count("h") == 3


def test_one_throws_for_the_first_instance_only():
    live = around(throwing('behavior="One" oneBehaviorEventRef="on-sig"'), SIGNAL)
    live.complete("a").complete("a").complete("a")
    assert live.trace.split().count("h") == 1
    assert live.at == "z"


def test_an_interrupting_boundary_event_ends_the_others():
    for ref, caught in (("on-esc", ESCALATION), ("on-sig", SIGNAL), ("on-err", refers("error", "err"))):
        characteristics = throwing(f'behavior="One" oneBehaviorEventRef="{ref}"')
        live = around(characteristics, caught, interrupting=True)
        assert live.complete("a").trace.endswith("b h")
        assert live.outcome == "completed"


def test_complex_throws_where_the_condition_holds():
    complex = (
        '<complexBehaviorDefinition id="c1"><condition>numberOfCompletedInstances == 2</condition>'
        '<event id="ev"><escalationEventDefinition id="d1" escalationRef="esc"/></event>'
        "</complexBehaviorDefinition>"
    )
    live = around(throwing('behavior="Complex"', complex), ESCALATION)
    assert "h" not in live.complete("a").trace.split()
    assert live.complete("a").trace.split().count("h") == 1
    assert live.complete("a").trace.split().count("h") == 1
    assert live.at == "z"


def test_a_signal_goes_before_the_completion_condition_ends_the_activity():
    loop = throwing('behavior="One" oneBehaviorEventRef="on-sig"', until="numberOfCompletedInstances == 1")
    live = around(loop, SIGNAL)
    assert live.complete("a").at == "z"
    assert "h" in live.trace.split()


def test_a_message_carries_what_its_instance_knows():
    loop = throwing('behavior="None" noneBehaviorEventRef="on-m"')
    xml = process(
        start(),
        user("a", loop, wuxing_payload="got = item", wuxing_correlation="item"),
        path("s a"),
        extra=NAMES + DEFINED,
    )
    live = lived(xml, items=[7, 8])
    live.complete("a", 1).complete("a", 0)
    assert [(each.correlation, each.payload) for each in live.stored.thrown] == [
        (8, {"got": 8}),
        (7, {"got": 7}),
    ]


def test_sub_processes_throw_too():
    body = sub(
        "a", throwing('behavior="None" noneBehaviorEventRef="on-esc"'), start("s2"), user("u"), path("s2 u")
    )
    live = around("", ESCALATION, activity=body)
    live.complete("u").complete("u").complete("u")
    assert live.trace.split().count("h") == 3


@pytest.mark.parametrize("attributes", ['behavior="None"', 'behavior="One" oneBehaviorEventRef="on-end"'])
def test_a_behavior_without_an_event_that_can_be_thrown_is_refused(attributes):
    with pytest.raises(Refused):
        load_program(process(start(), user("a", throwing(attributes)), extra=DEFINED), "p", {})
