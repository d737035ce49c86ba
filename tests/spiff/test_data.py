"""Variables: whose they are, what goes into a call and comes out."""

from __future__ import annotations

import pytest

from tests.spiff.diagrams import (
    both,
    call,
    end,
    instances,
    path,
    process,
    script,
    start,
    sub,
    user,
)
from tests.spiff.lived import lived


@pytest.mark.bpmn("variables", "scriptTask")
def test_two_branches_that_append_to_one_list_both_count():
    live = lived(
        process(
            start(),
            both("f"),
            script("a", "L = L + ['a']"),
            script("b", "L = L + ['b']"),
            both("j"),
            path("s f a j", "f b j"),
        ),
        L=["0"],
    )
    assert live.variables == {"L": ["0", "a", "b"]}


@pytest.mark.bpmn("variables", "subProcess")
def test_embedded_sub_processes_use_the_variables_outside():
    live = lived(
        process(start(), sub("x", start("s2"), user("u"), path("s2 u")), end(), path("s x e")), before=1
    )
    assert live.live.names(live.wait("u", "work").token) == {"before": 1}
    assert live.complete("u", inside=2).variables == {"before": 1, "inside": 2}


CALLED = process(start("cs"), user("cu"), path("cs cu"), id="q")


@pytest.mark.bpmn("variables", "callActivity")
def test_a_call_gets_a_copy_and_gives_back_what_it_has_set():
    live = lived(
        process(start(), both("f"), call("c", "q"), user("w"), path("s f c", "f w")),
        called={"q": CALLED},
        a=1,
        b=2,
    )
    inner = live.wait("cu", "work")
    assert live.live.names(inner.token) == {"a": 1, "b": 2}
    live.complete("w", a=10)
    assert live.live.names(inner.token)["a"] == 1
    live.complete("cu", b=20, c=30)
    assert live.variables == {"a": 10, "b": 20, "c": 30}
    assert live.stored.variables.keys() == {(0, "a"), (0, "b"), (0, "c")}


@pytest.mark.bpmn("callActivity")
def test_mappings_say_what_goes_in_and_comes_out():
    xml = process(
        start(),
        call("c", "q", wuxing_in="amount = a * 2\nwho = 'me'", wuxing_out="answer = verdict"),
        path("s c"),
    )
    live = lived(xml, called={"q": CALLED}, a=4, b=5)
    assert live.live.names(live.wait("cu", "work").token) == {"amount": 8, "who": "me"}
    live.complete("cu", verdict="yes", amount=0)
    assert live.variables == {"a": 4, "b": 5, "answer": "yes"}


def test_a_mapping_that_fails_keeps_the_call_until_it_is_retried():
    xml = process(start(), call("c", "q", wuxing_out="answer = 10 / verdict"), end(), path("s c e"))
    live = lived(xml, called={"q": CALLED})
    live.complete("cu", verdict=0)
    [failure] = live.stored.failures
    assert failure.element == "c"
    assert live.at == "c"
    assert len(live.stored.scopes) == 2
    scope = failure.token
    live.do(lambda each: each._state.scopes[scope].variables.update(verdict=5))
    live.do(lambda each: each._state.journal.variable(scope, "verdict", 5))
    live.do(lambda each: each.retry(failure.token))
    assert live.variables == {"answer": 2}
    assert live.outcome == "completed"


def test_equal_ids_in_caller_and_called_process_are_different_elements():
    called = process(start("s"), user("u", name="inner"), path("s u"), id="q")
    live = lived(
        process(start("s"), call("c", "q"), user("u", name="outer"), path("s c u")), called={"q": called}
    )
    wait = live.wait("u", "work")
    assert wait.process == "q"
    assert live.live.element(wait.token).name == "inner"
    assert live.live.program.find(wait.process, wait.element).name == "inner"
    assert live.live.program.elements["u"].name == "outer"
    assert {move.process for move in live.stored.moves if move.element == "u"} == {"q"}


@pytest.mark.bpmn("callActivity")
def test_calls_that_never_end_become_an_incident():
    called = process(start("cs"), call("cc", "q"), path("cs cc"), id="q")
    live = lived(process(start(), call("c", "q"), path("s c")), called={"q": called})
    assert [failure.reason for failure in live.stored.failures] == ["depth"]
    assert live.outcome is None


def test_only_names_whose_value_differs_are_written():
    live = lived(process(start(), user("a"), user("b"), path("s a b")), x=1, y=[1, True])
    half = live.halves[0]
    token = live.wait("a", "work").token
    half.live.complete(token, {"x": 1, "y": [1, 1], "z": None})
    half.live.run()
    assert half.live.changes().variables == [(0, "y", [1, 1]), (0, "z", None)]


@pytest.mark.bpmn("variables")
def test_a_write_goes_to_the_inmost_instance_that_has_the_name():
    inner = sub("i", start("s3"), user("u"), path("s3 u"), instances(over="inner", item="b"))
    outer = sub("o", start("s2"), inner, path("s2 i"), instances(over="outer", item="a"))
    live = lived(process(start(), outer, path("s o")), outer=[1], inner=[2], c=3)
    token = live.wait("u", "work").token
    assert live.live.names(token) == {"outer": [1], "inner": [2], "c": 3, "loopCounter": 0, "a": 1, "b": 2}
    live.do(lambda each: each.complete(token, {"a": 10, "b": 20, "c": 30}))
    assert live.variables == {"outer": [1], "inner": [2], "c": 30}


def test_rows_of_tokens_carry_no_variables():
    live = lived(process(start(), user("a"), path("s a")), large=list(range(1000)))
    [row] = live.stored.tokens.values()
    assert row.locals == {}
    assert row.internal == {"via": "s-a"}
