"""Data objects, properties, inputs, outputs and associations (BPMN 2.0.2 §10.4)."""

from __future__ import annotations

import pytest

from engine.errors import Refused
from tests.spiff.diagrams import (
    boundary,
    call,
    catch,
    compensate,
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
    throw,
    undone,
    user,
)
from tests.spiff.lived import lived

ORDER = '<dataObject id="o" name="order"/>'
MESSAGE = '<message id="m" name="m"/>'


def named(tag: str, id: str, name: str = "") -> str:
    return f'<{tag} id="{id}" name="{name}"/>' if name else f'<{tag} id="{id}"/>'


def io(inputs: str = "", outputs: str = "", *, optional: str = "") -> str:
    """An ioSpecification of which everything is required but what is `optional`; `id=name` or `id`."""
    ins, outs = ([each.split("=") for each in text.split()] for text in (inputs, outputs))
    parts = [named("dataInput", *each) for each in ins] + [named("dataOutput", *each) for each in outs]
    parts += ["<inputSet>", *(f"<dataInputRefs>{each[0]}</dataInputRefs>" for each in ins)]
    parts += [*(f"<optionalInputRefs>{each}</optionalInputRefs>" for each in optional.split()), "</inputSet>"]
    parts += ["<outputSet>", *(f"<dataOutputRefs>{each[0]}</dataOutputRefs>" for each in outs)]
    return f"<ioSpecification>{''.join(parts)}</outputSet></ioSpecification>"


def into(source: str, target: str, inner: str = "") -> str:
    return (
        f'<dataInputAssociation id="{source}-{target}"><sourceRef>{source}</sourceRef>'
        f"<targetRef>{target}</targetRef>{inner}</dataInputAssociation>"
    )


def out(source: str, target: str, inner: str = "") -> str:
    return (
        f'<dataOutputAssociation id="{source}-{target}"><sourceRef>{source}</sourceRef>'
        f"<targetRef>{target}</targetRef>{inner}</dataOutputAssociation>"
    )


def assign(source: str, to: str) -> str:
    return f"<assignment><from>{source}</from><to>{to}</to></assignment>"


def one(activity: str, id: str = "a", *more: str, extra: str = "") -> bytes:
    return process(start(), activity, end(), path(f"s {id} e"), *more, extra=extra)


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_a_task_gets_copies_of_its_inputs_and_gives_copies_of_its_outputs() -> None:
    maps = io("i=x", "r=y") + into("o", "i") + out("r", "o")
    live = lived(one(user("a", maps), "a", ORDER), order={"n": 1})
    token = live.wait("a", "work").token
    assert live.live.names(token) == {"order": {"n": 1}, "x": {"n": 1}}
    live.complete("a", x=5, y={"n": 2}, z=3)
    assert live.variables == {"order": {"n": 2}, "z": 3}
    assert live.outcome == "completed"


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_scripts_and_services_see_their_inputs_and_set_their_outputs() -> None:
    maps = io("i=x", "r=y") + into("o", "i") + out("r", "o")
    assert lived(one(script("a", "y = x + 1", maps), "a", ORDER), order=1).variables == {"order": 2}
    service = node("serviceTask", "a", maps, wuxing_service="f")
    live = lived(
        one(service, "a", ORDER), services=lambda: {"f": lambda names: {"y": names["x"] * 10}}, order=4
    )
    assert live.variables == {"order": 40}


@pytest.mark.bpmn("data objects, properties")
@pytest.mark.parametrize(
    ("reference", "object", "expected"),
    [
        ("", 'name="order"', "order"),
        ("", "", "o"),
        ('name="Order"', "", "Order"),
        ('name="Order"', 'name="order"', "order"),
    ],
)
def test_a_data_object_is_called_as_it_is_named(reference: str, object: str, expected: str) -> None:
    objects = f'<dataObject id="o" {object}/><dataObjectReference id="ref" {reference} dataObjectRef="o"/>'
    maps = io("", "r=y") + out("r", "ref")
    assert lived(one(script("a", "y = 7", maps), "a", objects)).variables == {expected: 7}


@pytest.mark.bpmn("data objects, properties")
def test_references_that_disagree_leave_the_object_its_id() -> None:
    objects = "".join(
        f'<dataObjectReference id="r{n}" name="order [{n}]" dataObjectRef="o"/>' for n in (1, 2)
    )
    maps = io("", "r=y") + out("r", "r1")
    xml = one(script("a", "y = 7", maps), "a", '<dataObject id="o"/>', objects)
    assert lived(xml).variables == {"o": 7}


@pytest.mark.bpmn("data associations")
def test_transformations_and_assignments_compute_what_is_copied() -> None:
    half = "<transformation>order / 2</transformation>"
    maps = io("i=x j=w", "r=y") + into("o", "i", half) + into("o", "j", assign("o + 1", "w.a.b"))
    maps += out("r", "o", assign("y", "order"))
    live = lived(one(script("a", "y = [x, w]", maps), "a", ORDER), order=8)
    assert live.variables == {"order": [4, {"a": {"b": 9}}]}


@pytest.mark.bpmn("data associations")
def test_an_assignment_to_a_part_keeps_the_rest() -> None:
    maps = io("", "r=y") + out("r", "o", assign("y", "o.total"))
    live = lived(one(script("a", "y = 7", maps), "a", ORDER), order={"id": 1, "total": 0})
    assert live.variables == {"order": {"id": 1, "total": 7}}


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_a_required_input_that_is_not_set_is_an_incident_until_it_is() -> None:
    maps = io("i=x") + into("o", "i")
    live = lived(one(user("a", maps), "a", ORDER))
    [failure] = live.stored.failures
    assert (failure.element, failure.reason, failure.text.params["names"]) == ("a", "input_missing", "x")
    assert live.waiting == ""
    for half in live.halves:
        half.live._state.root.variables["order"] = 1
        half.live._state.journal.variable(0, "order", 1)
    assert live.retry("a").waiting == "work:a"


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_optional_inputs_may_be_missing() -> None:
    maps = io("i=x", optional="i") + into("o", "i")
    assert lived(one(user("a", maps), "a", ORDER)).waiting == "work:a"


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_an_output_that_is_not_set_is_an_incident_and_repeats_nothing() -> None:
    calls: list[int] = []
    maps = io("", "r=y") + out("r", "o")
    service = node("serviceTask", "a", maps, wuxing_service="f")
    live = lived(one(service, "a", ORDER), services=lambda: {"f": lambda names: calls.append(1) or {"q": 1}})
    assert [failure.reason for failure in live.stored.failures] == ["output_missing"]
    live.retry("a")
    assert [failure.reason for failure in live.stored.failures] == ["output_missing"] * 2
    assert len(calls) == 2  # once in each of the two lives


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_inputs_hide_what_has_their_name_outside() -> None:
    maps = io("i=order", "r=order", optional="i") + out(
        "r", "o", "<transformation>order + 1</transformation>"
    )
    live = lived(one(user("a", maps), "a", ORDER), order=5)
    assert live.live.names(live.wait("a", "work").token) == {}
    assert live.complete("a", order=1).variables == {"order": 2}


@pytest.mark.bpmn("data objects, properties")
def test_properties_live_as_long_as_their_activity() -> None:
    maps = '<property id="pr" name="note"/>' + io("i=x") + into("o", "pr") + into("pr", "i") + out("pr", "o")
    live = lived(one(user("a", maps), "a", ORDER), order=1)
    assert live.live.names(live.wait("a", "work").token) == {"order": 1, "note": 1, "x": 1}
    assert live.complete("a", note=2).variables == {"order": 2}


@pytest.mark.bpmn("data objects, properties")
def test_data_objects_of_a_sub_process_live_in_it() -> None:
    inner = (start("t"), ORDER, script("b", "order = 1\ntotal = 2"), user("c"), path("t b c"))
    live = lived(one(sub("a", *inner)), order="outer")
    token = live.wait("c", "work").token
    assert live.live.names(token) == {"order": 1, "total": 2}
    assert live.variables == {"order": "outer", "total": 2}
    live.complete("c", order=9)
    assert live.stored.variables == {(0, "order"): "outer", (0, "total"): 2}


@pytest.mark.bpmn("data objects, properties")
def test_a_data_object_that_is_not_set_hides_the_one_outside() -> None:
    live = lived(one(sub("a", start("t"), ORDER, user("c"), path("t c"))), order="outer")
    assert live.live.names(live.wait("c", "work").token) == {}


@pytest.mark.bpmn("data objects, properties")
def test_properties_of_a_sub_process_are_seen_in_it() -> None:
    inner = ('<property id="pr" name="note"/>', start("t"), script("b", "note = 1"), user("c"), path("t b c"))
    live = lived(one(sub("a", *inner)))
    assert live.live.names(live.wait("c", "work").token) == {"note": 1}
    assert live.complete("c").variables == {}


@pytest.mark.bpmn("data objects, properties")
def test_instances_of_a_sub_process_have_data_objects_of_their_own() -> None:
    inner = (start("t"), ORDER, script("b", "order = i * 10"), script("c", "seen = (seen or []) + [order]"))
    live = lived(one(sub("a", *inner, path("t b c"), instances(over="L", item="i"))), L=[1, 2, 3])
    assert live.variables == {"L": [1, 2, 3], "seen": [10, 20, 30]}


@pytest.mark.bpmn("data objects, properties")
def test_what_undoes_a_sub_process_sees_its_data_objects() -> None:
    handler = node("scriptTask", "h", "<script>seen = order</script>", isForCompensation="true")
    inner = (
        start("t"),
        ORDER,
        script("b", "order = 3"),
        end("u"),
        path("t b u"),
        undone("b", "h", by=handler),
    )
    xml = process(start(), sub("a", *inner), throw("w", compensate()), end(), path("s a w e"))
    assert lived(xml).variables == {"seen": 3}


@pytest.mark.bpmn("data associations")
def test_messages_fill_the_outputs_of_events_and_receive_tasks() -> None:
    maps = named("dataOutput", "r", "y") + out("r", "o") + refers("message", "m")
    live = lived(one(catch("a", maps), "a", ORDER, extra=MESSAGE))
    live.deliver("a", y=1, z=2)
    assert live.variables == {"order": 1}
    receive = node("receiveTask", "a", io("", "r=y") + out("r", "o"), messageRef="m")
    live = lived(one(receive, "a", ORDER, extra=MESSAGE)).deliver("a", n=1, k=2)
    assert live.variables == {"order": {"n": 1, "k": 2}}


@pytest.mark.bpmn("data associations")
def test_a_boundary_event_and_an_event_sub_process_take_what_the_message_brings() -> None:
    maps = named("dataOutput", "r", "y") + out("r", "o") + refers("message", "m")
    handled = boundary("b", "a", maps, interrupting=False)
    live = lived(one(user("a"), "a", handled, task("h"), path("b h"), ORDER, extra=MESSAGE))
    live.deliver("b", y=1).deliver("b", y=2)
    assert live.variables == {"order": 2}
    inner = on_event(
        "x", maps, '<dataObject id="q" name="kept"/>', user("h"), path("xs h"), interrupting=False
    )
    live = lived(one(user("a"), "a", inner, ORDER, extra=MESSAGE)).deliver("xs", y=4)
    assert live.variables == {"order": 4}
    assert live.waiting == "message:xs work:a work:h"


@pytest.mark.bpmn("data associations")
def test_a_message_that_starts_a_process_fills_the_outputs_of_its_start() -> None:
    maps = named("dataOutput", "r", "y") + out("r", "o") + refers("message", "m")
    xml = process(start("s", maps), end(), path("s e"), ORDER, extra=MESSAGE)
    assert lived(xml, start_event="s", y=5, z=6).variables == {"order": 5}


@pytest.mark.bpmn("data associations")
def test_throwing_events_and_send_tasks_send_their_inputs() -> None:
    maps = named("dataInput", "i", "x") + into("o", "i") + refers("message", "m")
    [thrown] = lived(one(throw("a", maps), "a", ORDER, extra=MESSAGE), order=3).stored.thrown
    assert thrown.payload == {"x": 3}
    send = node("sendTask", "a", io("i=x") + into("o", "i"), messageRef="m", wuxing_payload="z = x + 1")
    [thrown] = lived(one(send, "a", ORDER, extra=MESSAGE), order=3).stored.thrown
    assert thrown.payload == {"x": 3, "z": 4}


@pytest.mark.bpmn("data associations")
def test_a_call_maps_to_the_inputs_and_outputs_of_what_it_calls() -> None:
    called = process(
        io("ci=amount", "cr=verdict"),
        start("t"),
        script("b", "verdict = amount * 2\nw = 1"),
        path("t b"),
        id="q",
    )
    maps = io("i=amount", "r=verdict") + into("o", "i") + out("r", "o")
    live = lived(one(call("a", "q", maps), "a", ORDER), called={"q": called}, order=4)
    assert live.variables == {"order": 8}
    maps = io("i=x", "r=y") + into("o", "i") + out("r", "o")
    assert lived(one(call("a", "q", maps), "a", ORDER), called={"q": called}, order=4).variables == {
        "order": 8
    }


def test_a_called_process_without_declarations_takes_the_names_of_the_call() -> None:
    called = process(start("t"), script("b", "y = x + 1"), path("t b"), id="q")
    maps = io("i=x", "r=y") + into("o", "i") + out("r", "o")
    assert lived(one(call("a", "q", maps), "a", ORDER), called={"q": called}, order=4).variables == {
        "order": 5
    }


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_what_a_called_process_requires_and_promises_is_looked_after() -> None:
    called = process(io("ci=amount", "cr=verdict"), start("t"), task("b"), path("t b"), id="q")
    live = lived(one(call("a", "q")), called={"q": called})
    assert [failure.reason for failure in live.stored.failures] == ["input_missing"]
    live = lived(one(call("a", "q", wuxing_in="amount = 1")), called={"q": called})
    assert [failure.reason for failure in live.stored.failures] == ["output_missing"]


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_a_process_is_not_started_without_what_it_requires() -> None:
    xml = process(io("ci=amount"), start(), task("a"), path("s a"))
    with pytest.raises(Refused):
        lived(xml)
    assert lived(xml, amount=1).outcome == "completed"


@pytest.mark.bpmn("inputs and outputs (ioSpecification)")
def test_a_global_task_has_the_inputs_and_outputs_of_a_process() -> None:
    declared = io("gi=x", "gr=y") + "<script>y = x + 1</script>"
    maps = io("i=x", "r=y") + into("o", "i") + out("r", "o")
    task = node("globalScriptTask", "g", declared)
    assert lived(one(call("a", "g", maps), "a", ORDER, extra=task), order=4).variables == {"order": 5}


@pytest.mark.bpmn("collections of multiple instances")
def test_collections_are_found_by_the_ids_of_data() -> None:
    loop = instances(over="o", item="i", out="res", value="v")
    objects = ORDER + '<dataObject id="res" name="results"/>'
    live = lived(one(script("a", "v = i * 2", loop), "a", objects), order=[1, 2])
    assert live.variables == {"order": [1, 2], "results": [2, 4]}


@pytest.mark.bpmn("collections of multiple instances")
@pytest.mark.parametrize("sequential", [False, True])
def test_a_collection_goes_through_input_and_output_of_the_activity(sequential: bool) -> None:
    loop = instances(over="i", item="each", out="r", value="v", sequential=sequential)
    loop = loop.replace('<inputDataItem name="each"', '<inputDataItem id="item" name="each"')
    loop = loop.replace('<outputDataItem name="v"', '<outputDataItem id="ov" name="v"')
    maps = io("i=all one=x", "r=sums y=y") + into("o", "i") + out("r", "o")
    maps += into("item", "one") + out("y", "ov")
    live = lived(one(script("a", "y = x * 2", maps + loop), "a", ORDER), order=[1, 2, 3])
    assert live.stored.failures == []
    assert live.variables == {"order": [2, 4, 6]}


@pytest.mark.bpmn("data associations")
def test_lines_that_are_only_drawn_move_nothing() -> None:
    drawn = '<property id="ph" name="__targetRef_placeholder"/>' + into("o", "ph")
    drawn += '<dataOutputAssociation id="d"><targetRef>o</targetRef></dataOutputAssociation>'
    live = lived(one(user("a", drawn), "a", ORDER), order=1)
    assert live.live.names(live.wait("a", "work").token) == {"order": 1}
    assert live.complete("a").variables == {"order": 1}


STORE = '<dataStoreReference id="sr" name="archive"/>'


@pytest.mark.bpmn("data stores")
def test_what_is_written_to_a_data_store_is_read_from_it_and_is_no_variable() -> None:
    kept = script("a", "y = 7", io("", "r=y") + out("r", "sr"))
    read = script("b", "seen = x + 1", io("i=x") + into("sr", "i"))
    live = lived(process(start(), kept, read, path("s a b"), STORE))
    assert live.variables == {"seen": 8}
    assert live.host.stores == {"archive": 7}


@pytest.mark.bpmn("data stores")
def test_a_store_that_holds_nothing_gives_nothing() -> None:
    live = lived(one(script("a", "seen = x", io("i=x", optional="i") + into("sr", "i")), "a", STORE))
    assert live.variables == {"seen": None}


@pytest.mark.bpmn("data stores")
def test_references_to_one_data_store_mean_the_same_whatever_they_are_called() -> None:
    references = "".join(f'<dataStoreReference id="r{n}" name="n{n}" dataStoreRef="ds"/>' for n in (1, 2))
    kept = script("a", "y = 7", io("", "r=y") + out("r", "r1"))
    read = script("b", "seen = x", io("i=x") + into("r2", "i"))
    live = lived(
        process(start(), kept, read, path("s a b"), references, extra='<dataStore id="ds" name="books"/>')
    )
    assert (live.variables, live.host.stores) == ({"seen": 7}, {"books": 7})


@pytest.mark.bpmn("data stores")
def test_assignments_change_a_part_of_what_a_store_holds() -> None:
    first = script("a", "y = {'n': 1}", io("", "r=y") + out("r", "sr"))
    second = script("b", "z = 2", io("", "q=z") + out("q", "sr", assign("z * 10", "archive.m")))
    live = lived(process(start(), first, second, path("s a b"), STORE))
    assert live.host.stores == {"archive": {"n": 1, "m": 20}}


@pytest.mark.bpmn("data associations")
@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_an_error_or_escalation_brings_its_data_to_who_catches_it(kind: str) -> None:
    roots = '<error id="x" errorCode="E"/>' if kind == "error" else '<escalation id="x" escalationCode="E"/>'
    inner = end("e2", '<dataInput id="ei" name="why"/>' + into("o", "ei") + refers(kind, "x"))
    body = sub("a", start("s2"), inner, path("s2 e2"))
    caught = boundary("b", "a", '<dataOutput id="eo" name="why"/>' + out("eo", "p2") + refers(kind, "x"))
    objects = ORDER + '<dataObject id="p2" name="reason"/>'
    live = lived(process(start(), body, caught, task("k"), path("s a", "b k"), objects, extra=roots), order=5)
    assert live.variables == {"order": 5, "reason": 5}
    assert live.trace.endswith("b k")


@pytest.mark.bpmn("data associations")
def test_an_event_sub_process_takes_the_data_of_the_error_that_starts_it() -> None:
    inner = end("e2", '<dataInput id="ei" name="why"/>' + into("o", "ei") + refers("error", "x"))
    handler = on_event("ev", refers("error", "x"), script("k", "seen = why"), path("evs k"))
    xml = process(start(), inner, handler, path("s e2"), ORDER, extra='<error id="x" errorCode="E"/>')
    live = lived(xml, order=5)
    assert live.variables == {"order": 5, "why": 5, "seen": 5}
