"""How an instance begins."""

from __future__ import annotations

import pytest

from engine.errors import NotFound, Refused
from engine.spiff.program import load_program
from tests.spiff.diagrams import (
    both,
    catch,
    events,
    node,
    path,
    process,
    refers,
    start,
    task,
    timer,
    user,
)
from tests.spiff.lived import lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("startEvent")


def test_a_message_can_start_a_process_and_only_its_start_event_gets_a_token():
    xml = process(
        start(), start("ms", refers("message", "m")), task("a"), user("b"), path("s a", "ms b"), extra=NAMES
    )
    assert lived(xml, start_event="ms", order=3).at == "b"
    assert lived(xml).trace == "s a"
    with pytest.raises(NotFound):
        lived(xml, start_event="nowhere")


def test_a_process_of_event_starts_only_is_not_started_by_hand():
    xml = process(start("ms", refers("message", "m")), path(""), extra=NAMES)
    with pytest.raises(Refused):
        lived(xml)


def test_an_instantiating_receive_task_is_a_start_event():
    xml = process(
        node("receiveTask", "r", messageRef="m", instantiate="true"), user("b"), path("r b"), extra=NAMES
    )
    live = lived(xml, start_event="r")
    assert live.trace == "r b"


def by_gateway() -> bytes:
    return process(
        node("eventBasedGateway", "g", instantiate="true"),
        catch("m1", refers("message", "m")),
        catch("m2", refers("signal", "sig")),
        task("a"),
        task("b"),
        path("g m1 a", "g m2 b"),
        extra=NAMES,
    )


def test_an_instantiating_event_gateway_starts_with_the_event_that_came():
    assert lived(by_gateway(), start_event="m1").trace == "m1 a"
    assert lived(by_gateway(), start_event="m2").trace == "m2 b"
    with pytest.raises(Refused):
        lived(by_gateway())


@pytest.mark.bpmn("startEvent")
def test_of_several_starts_without_trigger_the_chosen_one_fires_or_the_first():
    xml = process(start("s1"), start("s2"), task("a"), task("b"), path("s1 a", "s2 b"))
    assert lived(xml).trace == "s1 a"
    assert lived(xml, start_event="s2").trace == "s2 b"


def both_messages(*more: str) -> bytes:
    return process(
        node("eventBasedGateway", "g", eventGatewayType="Parallel", instantiate="true"),
        catch("m1", refers("message", "m"), wuxing_correlation="n"),
        catch("m2", refers("message", "second"), wuxing_correlation="n"),
        task("a"),
        task("b"),
        path("g m1 a", "g m2 b"),
        *more,
        extra=NAMES + '<message id="second" name="second"/>',
    )


@pytest.mark.bpmn("eventBasedGateway")
def test_a_parallel_instantiating_gateway_starts_with_one_message_and_waits_for_the_other():
    live = lived(both_messages(), start_event="m2", n=3)
    assert live.trace == "m2 m1 b"
    assert live.waiting == "message:m1"
    assert live.wait("m1", "message").detail["correlation"] == 3
    assert live.deliver("m1").trace == "m2 m1 b a"
    assert live.outcome == "completed"
    with pytest.raises(Refused):
        lived(both_messages())


@pytest.mark.bpmn("eventBasedGateway")
def test_branches_of_a_parallel_instantiating_gateway_can_be_joined():
    live = lived(both_messages(both("j"), task("z"), path("a j", "b j z")), start_event="m1", n=1)
    assert live.at == "j m2"
    assert live.deliver("m2").trace.endswith("j z")
    assert live.outcome == "completed"


@pytest.mark.parametrize(
    "gateway",
    [
        node("eventBasedGateway", "g", eventGatewayType="Parallel"),
        start() + path("s g") + node("eventBasedGateway", "g", instantiate="true"),
    ],
)
def test_other_instantiating_gateways_are_refused(gateway):
    with pytest.raises(Refused) as refusal:
        load_program(process(gateway), "p", {})
    assert refusal.value.ids["element"] == "g"


@pytest.mark.bpmn("eventBasedGateway")
def test_an_event_gateway_may_wait_for_several_timers():
    live = lived(
        process(
            start(),
            events("g"),
            catch("t1", timer("PT1H")),
            catch("t2", timer("PT2H")),
            task("a"),
            task("b"),
            path("s g t1 a", "g t2 b"),
        )
    )
    assert live.waiting == "timer:t1 timer:t2"
    assert live.fire("t2").trace == "s g t2 b"
    assert live.waiting == ""
