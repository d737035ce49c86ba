"""Events: thrown, caught, attached to activities."""

from __future__ import annotations

import pytest

from engine.errors import BpmnError, Conflict, NotFound, Refused
from tests.spiff.diagrams import (
    both,
    boundary,
    call,
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
    script,
    service,
    start,
    sub,
    task,
    throw,
    timer,
    user,
    xor,
)
from tests.spiff.lived import lived

NAMES = (
    '<message id="m" name="paid" wuxing:correlation="order"/><signal id="sig" name="alarm"/>'
    '<error id="err" errorCode="E1"/><error id="err2" errorCode="E2"/>'
    '<escalation id="esc" escalationCode="late"/>'
)


def raises(code: str):
    def call_service(names):
        raise BpmnError(code)

    return lambda: {"fails": call_service}


def test_timer_events_wait_for_what_the_host_says():
    live = lived(process(start(), catch("t", timer("PT1H")), end(), path("s t e")))
    wait = live.wait("t", "timer")
    assert wait.detail == {"type": "duration", "text": "PT1H", "due": "PT1H"}
    assert live.fire("t").outcome == "completed"


def test_a_cycle_in_an_intermediate_event_sends_one_token_per_firing():
    live = lived(process(start(), catch("t", timer("R3", "timeCycle")), user("a"), path("s t a")))
    assert live.fire("t").at == "a t"
    assert live.wait("t", "timer").detail["remaining"] == 2
    assert live.fire("t").at == "a a t"
    assert live.fire("t").at == "a a a"
    for _ in range(3):
        live.complete("a")
    assert live.outcome == "completed"


def test_interrupting_timer_cancels_the_activity():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", timer("PT1H")),
            task("late"),
            end(),
            path("s a e", "b late"),
        )
    )
    assert live.waiting == "timer:b work:a"
    assert live.at == "a"
    live.fire("b")
    assert (live.trace, live.cancelled) == ("s a b late", "a")
    assert live.outcome == "completed"


def test_boundary_events_end_with_their_activity():
    live = lived(process(start(), user("a"), boundary("b", "a", timer("PT1H")), end(), path("s a e")))
    token = live.wait("b", "timer").token
    assert live.complete("a").outcome == "completed"
    with pytest.raises(Conflict):
        live.live.fire(token, 0, {})


def test_non_interrupting_cycle_fires_beside_the_activity_and_its_branches_live_on():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", timer("R2", "timeCycle"), interrupting=False),
            user("h"),
            end(),
            path("s a e", "b h"),
        )
    )
    assert live.fire("b").at == "a h"
    assert live.fire("b").at == "a h h"
    assert "timer:b" not in live.waiting
    live.complete("a")
    assert live.at == "h h"
    assert live.complete("h").complete("h").outcome == "completed"


def test_non_interrupting_message_can_come_again():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", refers("message", "m"), interrupting=False),
            task("h"),
            path("s a", "b h"),
            extra="",
        ).replace(b"</definitions>", NAMES.encode() + b"</definitions>"),
        order=7,
    )
    assert live.wait("b", "message").detail == {"name": "paid", "correlation": 7}
    live.deliver("b", amount=1).deliver("b", amount=2)
    assert live.trace.split().count("h") == 2
    assert live.variables["amount"] == 2
    assert live.at == "a"


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
    assert [(thrown.kind, thrown.name) for thrown in live.stored.thrown] == [
        ("signal", "alarm"),
        ("message", "paid"),
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


def test_a_throw_that_fails_to_compute_its_payload_throws_nothing():
    live = lived(
        process(
            start(), throw("t", refers("signal", "sig"), wuxing_payload="x = 1 / 0"), path("s t"), extra=NAMES
        )
    )
    assert live.stored.thrown == []
    assert live.at == "t"


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


def test_conditional_boundary_fires_each_time_the_condition_turns_true():
    live = lived(
        process(
            start(),
            user("a"),
            boundary("b", "a", condition("n > 5"), interrupting=False),
            task("h"),
            both("f"),
            *map(user, "wxyz"),
            path("s f a", "f w x y z", "b h"),
        ),
        n=1,
    )
    live.complete("w", n=9).complete("x", n=8)
    assert live.trace.split().count("h") == 1
    live.complete("y", n=1).complete("z", n=7)
    assert live.trace.split().count("h") == 2


def test_conditional_boundary_interrupts_when_a_script_elsewhere_makes_it_true():
    live = lived(
        process(
            start(),
            both("f"),
            user("a"),
            boundary("b", "a", condition("stop")),
            user("w"),
            script("x", "stop = True"),
            path("s f a", "f w x"),
        )
    )
    assert live.complete("w").outcome == "completed"
    assert live.cancelled == "a"


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


def test_error_end_is_caught_at_the_boundary_of_its_sub_process():
    live = lived(
        process(
            start(),
            sub("x", start("s2"), user("a"), end("e2", refers("error", "err")), path("s2 a e2")),
            boundary("b", "x", refers("error", "err")),
            task("h"),
            end(),
            path("s x e", "b h"),
            extra=NAMES,
        )
    )
    live.complete("a")
    assert live.trace == "s x s2 a e2 b h"
    assert live.cancelled == "e2 x"
    assert live.outcome == "completed"


def test_exact_error_code_goes_before_catch_all_and_inner_before_outer():
    xml = process(
        start(),
        sub(
            "x",
            start("s2"),
            service("a", "fails"),
            path("s2 a"),
            boundary("in", "a", refers("error", "err2")),
        ),
        boundary("all", "x", refers("error")),
        boundary("one", "x", refers("error", "err")),
        path("s x"),
        extra=NAMES,
    )
    assert lived(xml, services=raises("E1")).trace == "s x s2 a one"
    assert lived(xml, services=raises("E2")).trace == "s x s2 a in"
    assert lived(xml, services=raises("E3")).trace == "s x s2 a all"


def test_two_parallel_sub_processes_with_one_error_code_do_not_disturb_each_other():
    def one(n: int) -> str:
        return sub(
            f"x{n}",
            start(f"s{n}"),
            user(f"u{n}"),
            end(f"e{n}", refers("error", "err")),
            path(f"s{n} u{n} e{n}"),
        )

    live = lived(
        process(
            start(),
            both("f"),
            one(1),
            one(2),
            boundary("b1", "x1", refers("error", "err")),
            boundary("b2", "x2", refers("error", "err")),
            path("s f x1", "f x2"),
            extra=NAMES,
        )
    )
    live.complete("u1")
    assert live.at == "u2 x2"
    assert "b2" not in live.trace.split()


def test_uncaught_error_fails_the_instance():
    live = lived(
        process(start(), both("f"), user("a"), service("x", "fails"), path("s f a", "f x")),
        services=raises("E9"),
    )
    assert live.outcome == "failed"
    assert live.stored.outcome_detail["error"] == "E9"
    assert live.stored.outcome_detail["element"] == "x"
    assert live.at == ""
    assert live.stored.tokens == {}


def test_error_in_a_called_process_reaches_the_caller():
    called = process(start("cs"), service("cx", "fails"), path("cs cx"), id="q")
    xml = process(
        start(), call("c", "q"), boundary("b", "c", refers("error", "err")), path("s c"), extra=NAMES
    )
    live = lived(xml, called={"q": called}, services=raises("E1"))
    assert live.trace == "s c cs cx b"
    assert live.outcome == "completed"
    assert list(live.stored.scopes) == [0]


def test_the_step_can_throw_an_error_at_a_waiting_token():
    live = lived(process(start(), user("a"), boundary("b", "a", refers("error")), path("s a"), extra=NAMES))
    token = live.wait("a", "work").token
    live.do(lambda each: each.throw_error(token, "any"))
    assert live.trace == "s a b"


def test_escalation_is_caught_outside_and_the_thrower_goes_on():
    live = lived(
        process(
            start(),
            sub("x", start("s2"), throw("t", refers("escalation", "esc")), user("a"), path("s2 t a")),
            boundary("b", "x", refers("escalation", "esc"), interrupting=False),
            task("h"),
            path("s x", "b h"),
            extra=NAMES,
        )
    )
    assert live.at == "a x"
    assert "h" in live.trace.split()


def test_interrupting_escalation_ends_the_scope_that_throws_it():
    live = lived(
        process(
            start(),
            sub("x", start("s2"), throw("t", refers("escalation", "esc")), task("a"), path("s2 t a")),
            boundary("b", "x", refers("escalation", "esc")),
            path("s x"),
            extra=NAMES,
        )
    )
    assert live.trace == "s x s2 t b"
    assert live.outcome == "completed"


def test_uncaught_escalation_changes_nothing():
    live = lived(
        process(start(), throw("t", refers("escalation", "esc")), task("a"), path("s t a"), extra=NAMES)
    )
    assert live.trace == "s t a"
    assert live.outcome == "completed"


def test_terminate_ends_its_scope_only():
    live = lived(
        process(
            start(),
            sub(
                "x",
                start("s2"),
                both("f"),
                user("a"),
                user("b"),
                end("t", "<terminateEventDefinition/>"),
                path("s2 f a", "f b t"),
            ),
            user("c"),
            path("s x c"),
        )
    )
    live.complete("b")
    assert live.cancelled == "a"
    assert live.at == "c"


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


def test_a_timer_that_cannot_be_computed_is_an_incident_and_ends_with_its_activity():
    live = lived(process(start(), user("a"), boundary("b", "a", timer("broken")), user("c"), path("s a c")))
    assert live.at == "a b"
    live.complete("a")
    assert live.at == "c"
    assert live.cancelled == "b"


def test_drawn_loop_goes_round_until_its_condition_ends_it():
    live = lived(
        process(
            start(), xor("m"), user("a"), xor("x", "x-e"), end(), path("s m a x e"), flow("x", "m", "again")
        )
    )
    live.complete("a", again=True).complete("a", again=True).complete("a", again=False)
    assert live.trace.split().count("a") == 3
    assert live.outcome == "completed"
