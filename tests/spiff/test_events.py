"""Events that are thrown and caught on the way."""

from __future__ import annotations

import pytest

from tests.spiff.diagrams import (
    both,
    catch,
    condition,
    end,
    events,
    flow,
    link,
    node,
    path,
    process,
    refers,
    start,
    task,
    throw,
    timer,
    user,
    xor,
)
from tests.spiff.lived import lived
from tests.spiff.names import NAMES


@pytest.mark.bpmn("intermediateCatchEvent")
def test_timer_events_wait_for_what_the_host_says():
    live = lived(process(start(), catch("t", timer("PT1H")), end(), path("s t e")))
    wait = live.wait("t", "timer")
    assert wait.detail == {"type": "duration", "text": "PT1H", "due": "PT1H"}
    assert live.fire("t").outcome == "completed"


@pytest.mark.bpmn("intermediateCatchEvent")
def test_a_cycle_in_an_intermediate_event_sends_one_token_per_firing():
    live = lived(process(start(), catch("t", timer("R3", "timeCycle")), user("a"), path("s t a")))
    assert live.fire("t").at == "a t"
    assert live.wait("t", "timer").detail["remaining"] == 2
    assert live.fire("t").at == "a a t"
    assert live.fire("t").at == "a a a"
    for _ in range(3):
        live.complete("a")
    assert live.outcome == "completed"


@pytest.mark.bpmn("intermediateCatchEvent", "intermediateThrowEvent")
def test_message_is_caught_once_and_its_payload_becomes_variables():
    live = lived(
        process(start(), catch("c", refers("message", "m")), end(), path("s c e"), extra="").replace(
            b"</definitions>", NAMES.encode() + b"</definitions>"
        ),
        order=7,
    )
    live.deliver("c", paid=100)
    assert live.variables == {"order": 7, "paid": 100}
    assert live.outcome == "completed"


def test_correlation_of_the_element_goes_before_that_of_the_message():
    xml = process(
        start(), catch("c", refers("message", "m"), wuxing_correlation="order + 1"), path("s c"), extra=NAMES
    )
    assert lived(xml, order=7).wait("c", "message").detail["correlation"] == 8


@pytest.mark.bpmn("sendTask", "receiveTask")
def test_send_and_receive_tasks():
    xml = process(
        start(),
        node("sendTask", "out", messageRef="m", wuxing_payload="sum = order * 2"),
        node("receiveTask", "in", messageRef="m"),
        path("s out in"),
        extra=NAMES,
    )
    live = lived(xml, order=4)
    [thrown] = live.stored.thrown
    assert (thrown.kind, thrown.name, thrown.correlation, thrown.payload) == (
        "message",
        "paid",
        4,
        {"sum": 8},
    )
    assert live.at == "in"
    assert live.deliver("in").outcome == "completed"


@pytest.mark.bpmn("intermediateCatchEvent", "intermediateThrowEvent")
def test_signal_reaches_all_that_wait_and_none_that_begins_to_wait_because_of_it():
    live = lived(
        process(
            start(),
            both("f"),
            catch("a", refers("signal", "sig")),
            catch("b", refers("signal", "sig")),
            catch("again", refers("signal", "sig")),
            path("s f a again", "f b"),
            extra=NAMES,
        )
    )
    live.broadcast("alarm", level=3)
    assert live.at == "again"
    assert live.variables == {"level": 3}


@pytest.mark.bpmn("intermediateCatchEvent", "intermediateThrowEvent")
def test_a_signal_is_gone_for_who_comes_to_wait_after_it_was_thrown():
    live = lived(
        process(
            start(),
            throw("t", refers("signal", "sig")),
            catch("a", refers("signal", "sig")),
            path("s t a"),
            extra=NAMES,
        )
    )
    assert live.at == "a"


def test_branches_come_to_wait_before_a_signal_beside_them_is_thrown():
    live = lived(
        process(
            start(),
            both("f"),
            throw("t", refers("signal", "sig")),
            task("u"),
            catch("a", refers("signal", "sig")),
            catch("again", refers("signal", "sig")),
            path("s f t", "f u a again"),
            extra=NAMES,
        )
    )
    assert live.at == "again"
    assert live.stored.thrown[0].reached


@pytest.mark.bpmn("endEvent")
def test_signal_and_message_ends_throw():
    live = lived(
        process(
            start(),
            both("f"),
            end("e1", refers("signal", "sig")),
            end("e2", refers("message", "m")),
            path("s f e1", "f e2"),
            extra=NAMES,
        ),
        order=1,
    )
    assert sorted((thrown.kind, thrown.name) for thrown in live.stored.thrown) == [
        ("message", "paid"),
        ("signal", "alarm"),
    ]
    assert live.outcome == "completed"


def test_signals_without_name_are_different_signals():
    xml = process(
        start(),
        both("f"),
        catch("a", refers("signal", "x")),
        catch("b", refers("signal", "y")),
        path("s f a", "f b"),
        extra='<signal id="x"/><signal id="y"/>',
    )
    assert lived(xml).broadcast("x").at == "b"


@pytest.mark.bpmn("intermediateThrowEvent")
def test_a_throw_that_fails_to_compute_its_payload_throws_nothing():
    live = lived(
        process(
            start(), throw("t", refers("signal", "sig"), wuxing_payload="x = 1 / 0"), path("s t"), extra=NAMES
        )
    )
    assert live.stored.thrown == []
    assert live.at == "t"


@pytest.mark.bpmn("intermediateCatchEvent")
def test_conditional_event_fires_when_its_condition_becomes_true():
    live = lived(
        process(
            start(), both("f"), catch("c", condition("n > 5")), user("a"), user("b"), path("s f c", "f a b")
        ),
        n=1,
    )
    assert live.complete("a", n=3).at == "b c"
    assert live.complete("b", n=9).outcome == "completed"


def test_conditional_event_already_true_on_arrival_passes():
    assert lived(process(start(), catch("c", condition("n > 5")), path("s c")), n=9).outcome == "completed"


@pytest.mark.bpmn("eventBasedGateway")
def test_event_gateway_follows_the_first_event():
    live = lived(
        process(
            start(),
            events("g"),
            catch("t", timer("PT1H")),
            node("receiveTask", "m1", messageRef="m"),
            *map(task, "ab"),
            path("s g t a", "g m1 b"),
            extra=NAMES,
        )
    )
    assert live.at == "g"
    assert live.waiting == "message:m1 timer:t"
    live.deliver("m1")
    assert live.trace == "s g m1 b"
    assert live.flows == "s-g g-m1 m1-b"
    assert live.outcome == "completed"


def test_link_events_are_a_flow():
    live = lived(
        process(
            start(),
            throw("t", link("L")),
            throw("t2", link("L")),
            catch("c", link("L")),
            task("a"),
            both("f"),
            path("s f t", "f t2", "c a"),
        )
    )
    assert live.trace.split().count("a") == 2
    assert live.flows.split().count("c-a") == 2


def test_link_that_names_its_target_goes_there_whatever_both_are_called():
    away = '<linkEventDefinition id="out" name="away"><target>in</target></linkEventDefinition>'
    here = '<linkEventDefinition id="in" name="here"><source>out</source></linkEventDefinition>'
    live = lived(process(start(), throw("t", away), catch("c", here), task("a"), path("s t", "c a")))
    assert live.trace.split()[-1] == "a"
    assert live.outcome == "completed"


def test_shared_event_definitions_are_followed():
    xml = process(
        start(),
        catch("c", "<eventDefinitionRef>d</eventDefinitionRef>"),
        path("s c"),
        extra='<timerEventDefinition id="d"><timeDate>2026-01-01</timeDate></timerEventDefinition>',
    )
    assert lived(xml).wait("c", "timer").detail["type"] == "date"


def test_any_of_several_definitions_fires_or_all_when_parallel_multiple():
    definitions = refers("signal", "sig") + refers("message", "m")
    any_of = lived(process(start(), catch("c", definitions), path("s c"), extra=NAMES), order=1)
    assert any_of.broadcast("alarm").outcome == "completed"
    all_of = lived(
        process(start(), catch("c", definitions, parallelMultiple="true"), path("s c"), extra=NAMES), order=1
    )
    token = all_of.wait("c", "message").token
    all_of.do(lambda live: live.deliver(token, {}, 1))
    assert all_of.at == "c"
    assert all_of.broadcast("alarm").outcome == "completed"


def test_drawn_loop_goes_round_until_its_condition_ends_it():
    live = lived(
        process(
            start(), xor("m"), user("a"), xor("x", "x-e"), end(), path("s m a x e"), flow("x", "m", "again")
        )
    )
    live.complete("a", again=True).complete("a", again=True).complete("a", again=False)
    assert live.trace.split().count("a") == 3
    assert live.outcome == "completed"
