"""Ad-hoc sub-processes: what is offered, how often, and when it is over."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from engine.spiff.program import load_program
from tests.spiff.diagrams import (
    boundary,
    end,
    instances,
    node,
    on_event,
    path,
    process,
    refers,
    script,
    start,
    sub,
    task,
    user,
)
from tests.spiff.lived import Lived, lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("adHocSubProcess")


def ad_hoc(*parts: str, until: str = "", **attributes: str) -> str:
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return node("adHocSubProcess", "x", "".join(parts) + condition, **attributes)


def around(inner: str, *more: str, **variables: object) -> Lived:
    xml = process(start(), inner, user("z"), path("s x z"), *more, extra=NAMES)
    return lived(xml, **variables)


def test_without_a_condition_everything_runs_once_at_the_same_time():
    live = around(ad_hoc(user("a"), user("b"), task("c")))
    assert live.at == "a b x"
    assert "c" in live.trace.split()
    assert live.complete("b").at == "a x"
    assert live.complete("a").at == "z"
    assert len(live.stored.tokens) == 1


def test_peoples_tasks_are_offered_until_the_condition_holds_and_the_rest_is_cancelled():
    live = around(ad_hoc(user("a"), user("b"), until="enough"), enough=False)
    live.complete("a").complete("a").complete("b")
    assert live.at == "a b x"
    assert live.complete("b", enough=True).at == "z"
    assert live.cancelled == "a"


def test_what_runs_may_end_when_the_diagram_says_so():
    live = around(
        ad_hoc(user("a"), user("b"), until="enough", cancelRemainingInstances="false"), enough=False
    )
    assert live.complete("a", enough=True).at == "b x"
    assert live.complete("b").at == "z"
    assert live.cancelled == ""


def test_one_after_another():
    live = around(ad_hoc(user("a"), task("c"), user("b"), ordering="Sequential"))
    assert live.at == "a x"
    assert live.complete("a").at == "b x"
    assert live.complete("b").at == "z"
    again = around(ad_hoc(user("a"), user("b"), until="enough", ordering="Sequential"), enough=False)
    assert again.complete("a").complete("b").at == "a x"
    assert again.complete("a", enough=True).at == "z"


def test_a_branch_goes_on_along_its_flows_and_blocks_the_next_one_in_sequence():
    parts = user("a"), user("a2"), user("b"), path("a a2")
    assert around(ad_hoc(*parts)).complete("a").at == "a2 b x"
    live = around(ad_hoc(*parts, ordering="Sequential")).complete("a")
    assert live.at == "a2 x"
    assert live.complete("a2").at == "b x"


def test_a_condition_that_holds_keeps_followers_from_starting():
    live = around(ad_hoc(user("a"), script("a2", "n = 1"), path("a a2"), until="enough"))
    assert live.complete("a", enough=True).at == "z"
    assert "a2" not in live.trace.split()


def test_nothing_left_to_do_and_the_condition_not_met_is_an_incident():
    live = around(ad_hoc(script("a", "n = 1"), until="n == 2"))
    assert [failure.reason for failure in live.stored.failures] == ["ad_hoc_stuck"]
    assert live.at == "x"
    live.retry("x")
    assert len(live.stored.failures) == 2


def test_an_undecided_condition_stands_at_the_activity_and_can_be_retried():
    live = around(ad_hoc(user("a"), user("b"), until="enough"))
    live.complete("a")
    assert [failure.element for failure in live.stored.failures] == ["a"]
    live.complete("b", enough=True)
    assert live.at == "z"


def test_every_activity_can_stand_in_it():
    inner = sub("y", start("s2"), user("u"), path("s2 u"))
    live = around(ad_hoc(inner, user("m", instances(count="2"))))
    assert live.at == "m m u x y"
    live.complete("m").complete("u").complete("m")
    assert live.at == "z"


def test_boundary_events_and_event_sub_processes_work_as_in_any_sub_process():
    handler = on_event("ev", refers("signal", "sig"), user("h"), path("evs h"), interrupting=False)
    live = around(ad_hoc(user("a"), handler), boundary("b", "x", refers("message", "m")), end(), path("b e"))
    assert live.broadcast("alarm").at == "a ev h x"
    assert live.deliver("b").outcome == "completed"


def test_a_handler_that_interrupts_it_takes_the_place_of_what_was_left():
    handler = on_event("ev", refers("message", "m"), user("h"), path("evs h"))
    live = around(ad_hoc(user("a"), user("b"), handler, ordering="Sequential"))
    assert live.deliver("evs").at == "ev h x"
    assert live.complete("h").at == "z"
    assert "b" not in live.trace.split()


def test_the_last_activity_may_have_a_boundary_event():
    live = around(
        ad_hoc(
            user("a"),
            script("c", "enough = True"),
            boundary("b", "c", refers("error")),
            until="enough",
            ordering="Sequential",
        ),
        enough=False,
    )
    assert live.complete("a").at == "z"


def test_an_empty_one_is_passed():
    assert around(ad_hoc()).at == "z"


@pytest.mark.parametrize(
    ("inner", "element"),
    [(ad_hoc(start("s2")), "s2"), (ad_hoc(end("e2")), "e2"), (ad_hoc(user("a"), ordering="sequential"), "x")],
)
def test_what_an_ad_hoc_sub_process_cannot_hold_is_refused(inner, element):
    with pytest.raises(Refused) as refusal:
        load_program(process(start(), inner, path("s x")), "p", {})
    assert refusal.value.ids["element"] == element
