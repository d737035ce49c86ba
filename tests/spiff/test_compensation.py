"""Compensation: what is undone, in which order, how often, and with which names."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from engine.spiff.program import load_program
from tests.spiff.diagrams import (
    both,
    boundary,
    call,
    compensate,
    end,
    flow,
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
    throw,
    undone,
    user,
    xor,
)
from tests.spiff.lived import lived
from tests.spiff.names import NAMES

pytestmark = pytest.mark.bpmn("compensation")
BACK = {"isForCompensation": "true"}
KEEP = "undone = (undone or []) + [order]"


def test_handlers_run_in_reverse_order_before_the_thrower_goes_on():
    live = lived(
        process(
            start(),
            task("a"),
            task("b"),
            task("c"),
            undone("a", "ua"),
            undone("b", "ub"),
            throw("t", compensate()),
            task("z"),
            path("s a b c t z"),
        )
    )
    assert live.trace == "s a b c t ub ua z"
    assert live.variables["undone"] == ["ub", "ua"]
    assert live.outcome == "completed"


def test_one_handler_after_another_while_people_do_them():
    def handler(id: str) -> str:
        return user(id, isForCompensation="true")

    live = lived(
        process(
            start(),
            task("a"),
            task("b"),
            undone("a", "ua", by=handler("ua")),
            undone("b", "ub", by=handler("ub")),
            end("e", compensate()),
            path("s a b e"),
        )
    )
    assert live.at == "e ub"
    assert live.complete("ub", n=1).at == "e ua"
    assert live.complete("ua").outcome == "completed"
    assert live.stored.tokens == {}


def test_what_has_not_been_completed_or_is_undone_already_is_not_undone():
    live = lived(
        process(
            start(),
            both("f"),
            task("a"),
            user("b"),
            undone("a", "ua"),
            undone("b", "ub"),
            xor("m"),
            throw("t", compensate()),
            user("w"),
            path("s f a m t w", "f b"),
            flow("w", "m"),
        )
    )
    assert live.variables["undone"] == ["ua"]
    live.complete("w")
    assert live.variables["undone"] == ["ua"]
    assert live.complete("b").complete("w").variables["undone"] == ["ua", "ub"]


def test_only_the_activity_that_is_named():
    live = lived(
        process(
            start(),
            task("a"),
            task("b"),
            undone("a", "ua"),
            undone("b", "ub"),
            throw("t", compensate("a")),
            end("e", compensate()),
            path("s a b t e"),
        )
    )
    assert live.variables["undone"] == ["ua", "ub"]


def test_a_drawn_loop_is_undone_once_per_run_and_instances_together_once():
    live = lived(
        process(
            start(),
            xor("m"),
            script("a", "n = n + 1"),
            xor("x", "x-b"),
            user("b", instances(count="2")),
            undone("a", "ua"),
            undone("b", "ub"),
            end("e", compensate()),
            path("s m a x"),
            flow("x", "m", "n < 3"),
            flow("x", "b"),
            path("b e"),
        ),
        n=0,
    )
    live.complete("b").complete("b")
    assert live.variables["undone"] == ["ub", "ua", "ua", "ua"]


def nested(*more: str, characteristics: str = "") -> str:
    return sub(
        "x",
        characteristics,
        start("s2"),
        task("a"),
        task("b"),
        undone("a", "ua"),
        undone("b", "ub"),
        path("s2 a b"),
        *more,
    )


def test_a_completed_sub_process_is_undone_by_the_handlers_in_it_in_reverse_order():
    live = lived(
        process(start(), nested(), task("c"), undone("c", "uc"), end("e", compensate()), path("s x c e"))
    )
    assert live.trace == "s x s2 a b c e uc ub ua"
    assert list(live.stored.scopes) == [0]
    named = lived(process(start(), nested(), throw("t", compensate("x")), path("s x t")))
    assert named.variables["undone"] == ["ub", "ua"]


def test_sub_processes_are_undone_through_all_levels():
    outer = sub("y", start("s3"), nested(), task("c"), undone("c", "uc"), path("s3 x c"))
    live = lived(process(start(), outer, end("e", compensate()), path("s y e")))
    assert live.variables["undone"] == ["uc", "ub", "ua"]


def test_a_handler_of_the_sub_process_itself_takes_the_place_of_those_inside():
    live = lived(process(start(), nested(), undone("x", "ux"), end("e", compensate()), path("s x e")))
    assert live.variables["undone"] == ["ux"]


def test_a_compensation_event_sub_process_takes_the_place_of_the_handlers_and_may_call_them():
    def live(*parts: str):
        own = on_event("ev", "<compensateEventDefinition/>", *parts)
        return lived(process(start(), nested(own), end("e", compensate()), path("s x e")))

    alone = live(script("k", "k = 1"), path("evs k"))
    assert alone.trace == "s x s2 a b e ev evs k"
    assert "undone" not in alone.variables
    calling = live(throw("t", compensate("a")), task("k"), path("evs t k"))
    assert calling.trace == "s x s2 a b e ev evs t ua k"


def test_each_instance_of_a_sub_process_is_undone_with_its_own_item():
    remember = node(
        "scriptTask", "ua", "<script>undone = (undone or []) + [order]</script>", isForCompensation="true"
    )
    body = sub(
        "x",
        instances(over="orders", item="order", sequential=True),
        start("s2"),
        task("a"),
        undone("a", "ua", by=remember),
        path("s2 a"),
    )
    live = lived(process(start(), body, end("e", compensate()), path("s x e")), orders=[7, 8, 9])
    assert live.variables["undone"] == [9, 8, 7]


def test_an_error_handler_undoes_what_its_scope_has_done():
    handler = on_event("ev", refers("error", "err"), throw("t", compensate()), end("k"), path("evs t k"))
    live = lived(
        process(
            start(),
            task("a"),
            undone("a", "ua"),
            end("e", refers("error", "err")),
            path("s a e"),
            handler,
            extra=NAMES,
        )
    )
    assert live.trace == "s a e ev evs t ua k"
    assert live.outcome == "completed"


def test_what_is_undone_can_be_interrupted_and_then_nothing_of_it_goes_on():
    handler = user("ua", isForCompensation="true")
    inner = sub(
        "x", start("s2"), task("a"), undone("a", "ua", by=handler), throw("t", compensate()), path("s2 a t")
    )
    live = lived(
        process(start(), inner, boundary("b", "x", refers("message", "m")), path("s x"), extra=NAMES)
    )
    assert live.at == "t ua x"
    assert live.deliver("b").outcome == "completed"
    assert sorted(live.cancelled.split()) == ["t", "ua", "x"]


def test_an_error_in_a_handler_leaves_the_scope_that_is_being_undone():
    fails = sub("ua", start("s3"), end("e3", refers("error", "err")), path("s3 e3")).replace(
        "<subProcess", '<subProcess isForCompensation="true"', 1
    )
    inner = sub(
        "x", start("s2"), task("a"), undone("a", "ua", by=fails), throw("t", compensate()), path("s2 a t")
    )
    live = lived(
        process(
            start(),
            inner,
            boundary("b", "x", refers("error", "err")),
            task("h"),
            path("s x", "b h"),
            extra=NAMES,
        )
    )
    assert live.trace == "s x s2 a t ua s3 e3 b h"
    assert live.outcome == "completed"


@pytest.mark.parametrize("by", ["sub", "call", "instances"])
def test_a_handler_may_be_any_activity(by):
    inner = start("s3") + user("u") + path("s3 u")
    made = {
        "sub": sub("ua", inner),
        "call": call("ua", "q"),
        "instances": user("ua", instances(count="2")),
    }[by].replace(" id=", ' isForCompensation="true" id=', 1)
    live = lived(
        process(start(), task("a"), undone("a", "ua", by=made), end("e", compensate()), path("s a e")),
        called={"q": process(user("u"), id="q")},
    )
    at = "ua" if by == "instances" else "u"
    live.complete(at)
    if by == "instances":
        live.complete(at)
    assert live.outcome == "completed"


def transaction(*parts: str) -> str:
    return node("transaction", "x", "".join(parts))


CANCEL = "<cancelEventDefinition/>"


@pytest.mark.bpmn("transaction")
def test_a_cancelled_transaction_undoes_what_it_has_done_and_leaves_by_its_cancel_event():
    body = transaction(
        start("s2"),
        both("f"),
        task("a"),
        user("b"),
        user("w"),
        end("e2", CANCEL),
        undone("a", "ua"),
        undone("b", "ub"),
        path("s2 f a", "f b", "f w e2"),
    )
    live = lived(
        process(start(), body, boundary("c", "x", CANCEL), task("z"), task("h"), path("s x z", "c h"))
    )
    live.complete("w")
    assert live.trace == "s x s2 f a b w e2 ua c h"
    assert sorted(live.cancelled.split()) == ["b", "e2", "x"]
    assert live.outcome == "completed"
    assert live.stored.tokens == {}


@pytest.mark.bpmn("transaction")
def test_a_cancelled_transaction_without_cancel_event_ends_its_path_when_all_is_undone():
    body = transaction(start("s2"), task("a"), end("e2", CANCEL), undone("a", "ua"), path("s2 a e2"))
    live = lived(process(start(), both("f"), body, task("z"), task("y"), path("s f x z", "f y")))
    assert "z" not in live.trace.split()
    assert {"ua", "y"} <= set(live.trace.split())
    assert live.outcome == "completed"
    assert live.stored.tokens == {}


@pytest.mark.bpmn("transaction")
def test_a_transaction_that_is_not_cancelled_goes_on_and_can_be_undone_later():
    body = transaction(
        start("s2"),
        user("a"),
        xor("g", "g-e3"),
        end("e2", CANCEL),
        end("e3"),
        undone("a", "ua"),
        path("s2 a g"),
        flow("g", "e2", "bad"),
        flow("g", "e3"),
    )
    live = lived(process(start(), body, boundary("c", "x", CANCEL), end("e", compensate()), path("s x e")))
    live.complete("a", bad=False)
    assert live.trace == "s x s2 a g e3 e ua"


@pytest.mark.bpmn("transaction")
def test_the_cancel_event_is_reached_only_after_people_have_undone_their_part():
    handler = user("ua", isForCompensation="true")
    body = transaction(
        start("s2"), task("a"), end("e2", CANCEL), undone("a", "ua", by=handler), path("s2 a e2")
    )
    live = lived(process(start(), body, boundary("c", "x", CANCEL), user("h"), path("s x", "c h")))
    assert live.at == "ua x"
    assert live.complete("ua").at == "h"


@pytest.mark.bpmn("transaction")
def test_sub_processes_in_a_transaction_are_undone_too():
    inner = sub("y", start("s3"), task("a"), undone("a", "ua"), path("s3 a"))
    body = transaction(start("s2"), inner, end("e2", CANCEL), path("s2 y e2"))
    live = lived(process(start(), body, boundary("c", "x", CANCEL), path("s x")))
    assert live.variables["undone"] == ["ua"]
    assert live.trace.endswith("c")


@pytest.mark.parametrize(
    ("parts", "element"),
    [
        ((task("a"), boundary("b", "a", compensate())), "b"),
        ((task("a"), undone("a", "ua"), task("c"), path("ua c")), "a-undo"),
        ((task("a"), undone("a", "ua", by=task("ua"))), "a-undo"),
        ((on_event("ev", compensate(), task("c"), path("evs c")), on_event("xx", compensate())), "xx"),
        ((end("x", CANCEL), path("s x")), "p"),
        ((sub("x", start("s2"), end("e2", CANCEL), path("s2 e2")),), "x"),
        ((sub("x", start("s2")), boundary("b", "x", CANCEL)), "x"),
    ],
)
def test_what_cannot_be_undone_as_drawn_is_refused(parts, element):
    with pytest.raises(Refused) as refusal:
        load_program(process(start(), *parts), "p", {})
    assert refusal.value.ids["element"] == element


UNDOES = on_event("ev", "<compensateEventDefinition/>", script("k", "done = [kept]"), path("evs k"))


@pytest.mark.bpmn("event sub-process", "callActivity")
def test_a_completed_call_is_undone_by_the_compensation_event_sub_process_of_its_process():
    live = lived(
        process(start(), call("x", "q"), end("e", compensate()), path("s x e")),
        called={"q": process(start("s2"), script("a", "kept = 1"), path("s2 a"), UNDOES, id="q")},
    )
    assert live.trace == "s x s2 a e ev evs k"
    assert live.variables["done"] == [1]
    assert live.outcome == "completed"
    assert live.stored.scopes.keys() == {0}


@pytest.mark.bpmn("callActivity")
def test_a_completed_call_is_undone_by_the_handlers_inside_as_a_sub_process_is():
    live = lived(
        process(start(), call("x", "q"), script("w", "n = 5"), end("e", compensate()), path("s x w e")),
        called={
            "q": process(
                start("s2"),
                script("a", "n = 1"),
                undone("a", "ua", by=node("scriptTask", "ua", "<script>n = n + 1</script>", **BACK)),
                path("s2 a"),
                id="q",
            )
        },
    )
    assert live.trace == "s x s2 a w e ua"
    assert live.variables["n"] == 6, "a call without mappings shares its variables"


@pytest.mark.bpmn("callActivity")
def test_what_undoes_a_mapped_call_sees_its_variables_as_they_were_and_changes_nothing_outside():
    live = lived(
        process(
            start(),
            call("x", "q", wuxing_in="n = first", wuxing_out="n = n"),
            script("w", 'n = "later"'),
            end("e", compensate()),
            path("s x w e"),
        ),
        called={
            "q": process(
                start("s2"),
                script("a", 'n = n + "!"'),
                undone("a", "ua", by=user("ua", **BACK)),
                path("s2 a"),
                id="q",
            )
        },
        first="one",
    )
    token = live.wait("ua", "work").token
    assert live.live.names(token) == {"n": "one!"}
    assert live.complete("ua", n="undone").variables["n"] == "later"
    assert live.outcome == "completed"


def test_the_compensation_event_sub_process_of_a_process_that_nobody_calls_does_not_run():
    live = lived(
        process(start(), task("a"), undone("a", "ua"), end("e", compensate()), path("s a e"), UNDOES)
    )
    assert live.trace == "s a e ua"
    assert live.outcome == "completed"


@pytest.mark.bpmn("callActivity", "loops, multiple instances")
def test_each_instance_of_a_call_is_undone():
    live = lived(
        process(
            start(),
            call("x", "q", instances(over="orders", item="order", sequential=True)),
            end("e", compensate()),
            path("s x e"),
        ),
        called={
            "q": process(
                start("s2"),
                task("a"),
                undone("a", "ua", by=node("scriptTask", "ua", f"<script>{KEEP}</script>", **BACK)),
                path("s2 a"),
                id="q",
            )
        },
        orders=[7, 8],
    )
    assert live.variables["undone"] == [8, 7]


def test_a_throw_that_does_not_wait_goes_on_while_handlers_run_and_the_instance_ends_after_them():
    live = lived(
        process(
            start(),
            task("a"),
            task("b"),
            undone("a", "ua", by=user("ua", **BACK)),
            undone("b", "ub", by=user("ub", **BACK)),
            throw("t", compensate(wait=False)),
            task("z"),
            end("e"),
            path("s a b t z e"),
        )
    )
    assert live.trace.startswith("s a b t")
    assert {"z", "e", "ub"} <= set(live.trace.split())
    assert live.at == "ub"
    assert live.outcome is None
    assert live.complete("ub").at == "ua"
    assert live.complete("ua").outcome == "completed"
    assert live.stored.tokens == {}


def test_what_is_undone_without_waiting_keeps_its_sub_process_open_and_ends_with_it():
    body = sub(
        "x",
        start("s2"),
        task("a"),
        undone("a", "ua", by=user("ua", **BACK)),
        end("e2", compensate(wait=False)),
        path("s2 a e2"),
    )
    waiting = process(
        start(), body, boundary("b", "x", refers("message", "m")), task("z"), path("s x z"), extra=NAMES
    )
    assert lived(waiting).at == "ua x"
    assert lived(waiting).complete("ua").trace == "s x s2 a e2 ua z"
    interrupted = lived(waiting).deliver("b")
    assert interrupted.outcome == "completed"
    assert sorted(interrupted.cancelled.split()) == ["ua", "x"]


def test_an_event_that_waits_for_one_compensation_and_not_for_another_waits_for_that_one():
    live = lived(
        process(
            start(),
            task("a"),
            task("b"),
            undone("a", "ua", by=user("ua", **BACK)),
            undone("b", "ub", by=user("ub", **BACK)),
            throw("t", compensate("a", wait=False) + compensate("b")),
            task("z"),
            path("s a b t z"),
        )
    )
    assert live.at == "t ua ub"
    assert live.complete("ub").trace.split()[-1] == "z"
    assert live.at == "ua"
    assert live.complete("ua").outcome == "completed"


def test_an_error_of_a_handler_nobody_waits_for_leaves_the_scope_it_undoes():
    fails = sub("ua", start("s3"), end("e3", refers("error", "err")), path("s3 e3")).replace(
        "<subProcess", '<subProcess isForCompensation="true"', 1
    )
    inner = sub(
        "x",
        start("s2"),
        task("a"),
        undone("a", "ua", by=fails),
        throw("t", compensate(wait=False)),
        user("u"),
        path("s2 a t u"),
    )
    live = lived(
        process(
            start(),
            inner,
            boundary("b", "x", refers("error", "err")),
            task("h"),
            path("s x", "b h"),
            extra=NAMES,
        )
    )
    assert live.trace.split()[-2:] == ["b", "h"]
    assert live.outcome == "completed"
