"""Parallel branches that write one variable: nothing is lost unseen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spiff.diagrams import (
    both,
    boundary,
    call,
    catch,
    compensate,
    end,
    events,
    flow,
    instances,
    node,
    on_event,
    path,
    process,
    refers,
    script,
    some,
    start,
    sub,
    task,
    throw,
    timer,
    undone,
    user,
    xor,
)
from tests.spiff.lived import Lived, lived

MESSAGE = '<message id="m" name="m"/>'


def conflicts(live: Lived) -> list[tuple[str, str, str]]:
    """Variable, who wrote it and who would have overwritten it."""
    found = [failure for failure in live.stored.failures if failure.reason == "conflict"]
    return [(each.detail["variable"], each.detail["other"], each.element) for each in found]


def quiet(live: Lived) -> bool:
    """Whether no row says anything of branches any more."""
    tokens = [row.internal for row in live.stored.tokens.values()]
    scopes = [row.extra for row in live.stored.scopes.values()]
    return not any(key in each for each in tokens + scopes for key in ("seen", "writers", "known", "epoch"))


def fork(*branches: str, after: str = "", **variables: Any) -> Lived:
    """Branches `a`, `b`, … of one fork, joined before `z`, a user task unless `after` says otherwise."""
    ids = [each.split('id="', 1)[1].split('"', 1)[0] for each in branches]
    flows = path("s f", *(f"f {id} j" for id in ids), "j z e")
    last = after or user("z")
    return lived(process(start(), both("f"), *branches, both("j"), last, end(), flows), **variables)


@pytest.mark.bpmn("variables")
def test_two_scripts_with_different_values_conflict_and_both_are_named() -> None:
    live = fork(script("a", "x = 1"), script("b", "x = 2"))
    assert conflicts(live) == [("x", "a", "b")]
    assert live.stored.failures[0].text.params == {"name": "x", "other": "a", "mine": "b"}
    assert live.variables == {"x": 1}


def test_retrying_takes_the_later_value() -> None:
    live = fork(script("a", "x = 1"), script("b", "x = 2")).retry("b")
    assert live.variables == {"x": 2}
    assert live.waiting == "work:z"
    assert quiet(live.complete("z"))


def test_equal_values_and_different_names_do_not_conflict() -> None:
    live = fork(script("a", "x = 1"), script("b", "x = 1"), script("c", "y = 1"))
    assert live.stored.failures == []
    assert live.variables == {"x": 1, "y": 1}


def test_what_has_been_read_in_the_same_step_has_been_seen() -> None:
    live = fork(script("a", "L = L + ['a']"), script("b", "M = 1\nL = L + ['b']"), L=[])
    assert live.stored.failures == []
    assert live.variables["L"] == ["a", "b"]


def test_a_line_that_reads_what_a_line_above_has_set_has_seen_nothing() -> None:
    assert conflicts(fork(script("a", "x = 1"), script("b", "x = 5\nx = x + 1"))) == [("x", "a", "b")]


def test_people_on_parallel_branches_conflict_and_what_they_typed_is_kept() -> None:
    live = fork(user("a"), user("b")).complete("a", x=1, y=1).complete("b", x=2, z=3)
    assert conflicts(live) == [("x", "a", "b")]
    assert live.variables == {"x": 1, "y": 1}
    assert live.waiting == ""
    assert live.retry("b").variables == {"x": 2, "y": 1, "z": 3}
    assert live.waiting == "work:z"


def test_a_service_is_not_called_again_after_a_conflict() -> None:
    calls: list[int] = []
    made = node("serviceTask", "b", wuxing_service="f")
    xml = process(start(), both("f"), script("a", "x = 1"), made, path("s f a", "f b"))
    live = lived(xml, services=lambda: {"f": lambda names: calls.append(1) or {"x": 2}})
    assert conflicts(live) == [("x", "a", "b")]
    assert live.retry("b").variables == {"x": 2}
    assert len(calls) == 2  # once in each of the two lives


def test_a_service_that_looks_at_a_value_has_seen_it() -> None:
    made = node("serviceTask", "b", wuxing_service="f")
    xml = process(start(), both("f"), script("a", "x = 1"), made, path("s f a", "f b"))
    live = lived(xml, services=lambda: {"f": lambda names: {"x": names["x"] + 1}})
    assert live.variables == {"x": 2}


def test_after_the_join_everything_has_been_seen() -> None:
    live = fork(script("a", "x = 1"), script("b", "y = 2"), after=script("z", "x = 3\ny = 4"))
    assert live.stored.failures == []
    assert live.variables == {"x": 3, "y": 4}


def test_one_branch_may_write_again_and_again() -> None:
    chain = (script("a", "x = 1"), script("a2", "x = 2"), script("a3", "x = 3"))
    xml = process(start(), both("f"), *chain, user("b"), path("s f a a2 a3", "f b"))
    live = lived(xml)
    assert live.variables == {"x": 3}
    live.complete("b", x=3)
    assert live.stored.failures == []


def test_a_branch_that_ended_without_a_join_is_not_forgotten() -> None:
    xml = process(
        start(), both("f"), script("a", "x = 1"), end(), user("b"), user("c"), path("s f a e", "f b c")
    )
    live = lived(xml).complete("b").complete("c", x=2)
    assert conflicts(live) == [("x", "a", "c")]


def test_nested_forks_know_what_was_before_them_and_nothing_beside_them() -> None:
    parts = (start(), both("f"), script("a", "x = 1"), both("g"), user("c"), user("d"), both("j"), user("b"))
    flows = path("s f a g c j", "g d j", "f b")
    live = lived(process(*parts, flows)).complete("c", x=2)
    assert live.stored.failures == []
    assert conflicts(live.complete("d", x=3)) == [("x", "c", "d")]
    live.retry("d")
    assert conflicts(live.complete("b", x=4))[1:] == [("x", "d", "b")]


def test_an_inclusive_join_and_an_unstructured_one_hand_on_what_was_seen() -> None:
    parts = (
        start(),
        some("f"),
        script("a", "x = 1"),
        script("b", "y = 1"),
        some("j"),
        script("z", "x = 2\ny = 2"),
    )
    flows = flow("f", "a", "True") + flow("f", "b", "True") + path("s f", "a j", "b j z")
    assert lived(process(*parts, flows)).variables == {"x": 2, "y": 2}
    merged = (start(), both("f"), script("a", "x = 1"), script("b", "y = 1"), xor("m"), script("z", "y = 3"))
    live = lived(process(*merged, path("s f a m z", "f b m")))
    assert conflicts(live) == [("y", "b", "z")]


def test_a_loop_around_a_fork_begins_anew_each_round() -> None:
    parts = (start(), xor("m"), both("f"), script("a", "x = n"), script("b", "y = n"), both("j"))
    more = (script("c", "n = n + 1\nx = 0\ny = 0"), xor("g", "g-e"), end())
    flows = flow("g", "m", "n < 50") + path("s m f a j", "f b j c g e")
    live = lived(process(*parts, *more, flows), n=0)
    assert live.stored.failures == []
    assert live.outcome == "completed"


def test_sub_processes_hand_out_what_was_written_in_them() -> None:
    inner = sub("a", start("t"), both("g"), script("c", "x = 1"), script("d", "y = 1"), path("t g c", "g d"))
    live = fork(inner, user("b"), after=script("z", "x = 2\ny = 2"))
    live.complete("b")
    assert live.stored.failures == []
    beside = fork(inner, user("b")).complete("b", y=5)
    assert conflicts(beside) == [("y", "d", "b")]


def test_a_sub_process_that_is_terminated_hands_out_what_was_written_in_it() -> None:
    stop = end("k", "<terminateEventDefinition/>")
    inner = sub(
        "a", start("t"), both("g"), script("c", "x = 1"), user("d"), user("q"), stop, path("t g c d", "g q k")
    )
    live = fork(inner, user("b"), after=script("z", "x = 2")).complete("q").complete("b")
    assert live.stored.failures == []
    assert live.variables == {"x": 2}


def test_what_a_called_process_gives_back_is_written_by_the_call() -> None:
    called = process(start("t"), script("c", "x = 1"), path("t c"), id="q")
    xml = process(start(), both("f"), call("a", "q"), user("b"), path("s f a", "f b"))
    live = lived(xml, called={"q": called}).complete("b", x=2)
    assert conflicts(live) == [("x", "a", "b")]
    later = process(
        start(), both("f"), user("u"), call("a", "q"), script("b", "x = 5"), path("s f u a", "f b")
    )
    live = lived(later, called={"q": called}).complete("u")
    assert conflicts(live) == [("x", "b", "a")]
    assert live.retry("a").variables == {"x": 1}
    assert live.outcome == "completed"


def test_instances_are_branches_too_and_the_loop_knows_them_all() -> None:
    each = user("a", instances(count="3"))
    live = lived(process(start(), each, script("z", "x = 9"), path("s a z")))
    live.complete("a", index=0, x=1)
    assert conflicts(live.complete("a", index=1, x=2)) == [("x", "a", "a")]
    live.retry("a").complete("a", index=2, x=2)
    assert live.variables == {"x": 9}


def test_instances_one_after_another_see_each_other() -> None:
    each = user("a", instances(count="3", sequential=True))
    live = lived(process(start(), both("f"), each, user("b"), path("s f a", "f b")))
    live.complete("a", x=1).complete("a", x=2).complete("a", x=3)
    assert live.stored.failures == []
    assert conflicts(live.complete("b", x=4)) == [("x", "a", "b")]


def test_an_output_collection_is_a_write_like_any_other() -> None:
    each = script("a", "r = i", instances(over="L", item="i", out="out", value="r"))
    live = fork(each, script("b", "out = 0"), L=[1, 2])
    assert [(name, {other, element}) for name, other, element in conflicts(live)] == [("out", {"a", "b"})]


def test_branches_inside_an_instance_conflict_over_what_it_keeps() -> None:
    body = (start("t"), both("g"), script("c", "v = 1"), script("d", "v = 2"), path("t g c", "g d"))
    each = sub("a", *body, instances(over="L", item="i", out="out", value="v"))
    live = lived(process(start(), each, path("s a")), L=[1])
    assert conflicts(live) == [("v", "c", "d")]


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_boundary_path_knows_its_activity_and_nothing_beside_it(interrupting: bool) -> None:
    inner = sub("a", start("t"), script("c", "x = 1"), user("d"), path("t c d"))
    late = boundary("l", "a", timer("PT1H"), interrupting=interrupting)
    parts = (start(), both("f"), inner, late, user("h"), script("b", "y = 1"), path("s f a", "f b", "l h"))
    live = lived(process(*parts)).fire("l").complete("h", x=2, y=2)
    assert conflicts(live) == [("y", "b", "h")]


def test_a_boundary_path_does_not_know_what_has_ended_beside_its_activity() -> None:
    late = boundary("l", "a", timer("PT1H"))
    body = (
        start("t"),
        both("g"),
        script("c", "x = 1"),
        user("a"),
        late,
        user("h"),
        path("t g c", "g a", "l h"),
    )
    live = lived(process(start(), sub("q", *body), path("s q"))).fire("l").complete("h", x=2)
    assert conflicts(live) == [("x", "c", "h")]


def test_a_non_interrupting_path_and_its_activity_are_branches() -> None:
    late = boundary("l", "a", timer("PT1H"), interrupting=False)
    live = lived(process(start(), user("a"), late, user("h"), path("s a", "l h"))).fire("l")
    assert conflicts(live.complete("h", x=1).complete("a", x=2)) == [("x", "h", "a")]


def test_an_event_sub_process_knows_its_scope() -> None:
    handler = on_event("v", refers("message", "m"), user("h"), path("vs h"), interrupting=False)
    parts = (start(), script("a", "x = 1"), user("b"), handler, path("s a b"))
    live = lived(process(*parts, extra=MESSAGE)).deliver("vs").complete("h", x=2)
    assert live.stored.failures == []
    assert conflicts(live.complete("b", x=3)) == [("x", "h", "b")]


def test_messages_bring_values_that_may_conflict_and_are_kept() -> None:
    parts = (start(), both("f"), script("a", "x = 1"), catch("b", refers("message", "m")), user("c"))
    live = lived(process(*parts, path("s f a", "f b c"), extra=MESSAGE)).deliver("b", x=2)
    assert conflicts(live) == [("x", "a", "b")]
    assert live.retry("b").variables == {"x": 2}
    assert live.waiting == "work:c"


def test_an_event_gateway_is_one_branch() -> None:
    parts = (start(), events("g"), catch("b", refers("message", "m")), catch("t", timer("PT1H")), user("c"))
    live = lived(process(*parts, path("s g b c", "g t"), extra=MESSAGE)).deliver("b", x=2).complete("c", x=3)
    assert live.stored.failures == []
    assert live.variables == {"x": 3}


def test_what_undoes_an_activity_has_seen_it() -> None:
    handler = node("scriptTask", "h", "<script>x = 0</script>", isForCompensation="true")
    parts = (start(), both("f"), script("a", "x = 1"), undone("a", "h", by=handler), user("b"))
    live = lived(process(*parts, throw("w", compensate("a")), path("s f a", "f b w"))).complete("b")
    assert live.stored.failures == []
    assert live.variables == {"x": 0}


def test_data_objects_of_a_sub_process_conflict_like_variables() -> None:
    body = (
        '<dataObject id="o" name="x"/>',
        start("t"),
        both("g"),
        script("c", "x = 1"),
        script("d", "x = 2"),
    )
    live = lived(process(start(), sub("a", *body, path("t g c", "g d")), path("s a")))
    assert conflicts(live) == [("x", "c", "d")]


def test_nothing_is_kept_without_branches_nor_after_them() -> None:
    assert quiet(lived(process(start(), script("a", "x = 1"), user("b"), path("s a b"))))
    live = fork(user("a"), user("b"), after=task("z")).complete("a", x=1)
    assert not quiet(live)
    live = fork(user("a"), user("b")).complete("a", x=1).complete("b", y=1)
    assert live.waiting == "work:z"
    assert quiet(live)


def test_rows_stay_small_with_thousands_of_instances() -> None:
    each = user("a", instances(count="300"))
    live = lived(process(start(), each, path("s a")))
    half = live.halves[0]
    tokens = [wait.token for wait in half.stored.waits.values()]
    for number, token in enumerate(tokens[:200]):
        half.live.complete(token, {"done": True, **({"first": 1} if not number else {})})
        half.live.run(100)
        half.check()
    extra = half.stored.scopes[0].extra
    assert {name: len(entries) for name, entries in extra["writers"].items()} == {"done": 2, "first": 1}
    assert max(len(row.internal.get("seen", ())) for row in half.stored.tokens.values()) <= 4
