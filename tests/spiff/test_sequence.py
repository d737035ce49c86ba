"""The simplest processes: one token, one way."""

from __future__ import annotations

import pytest

from tests.spiff.diagrams import end, path, process, start, task, user
from tests.spiff.lived import lived


@pytest.mark.bpmn("userTask")
def test_user_tasks_in_sequence_wait_one_after_the_other():
    live = lived(process(start(), user("a"), user("b"), end(), path("s a b e")))
    assert live.waiting == "work:a"
    live.complete("a", x=1)
    assert live.waiting == "work:b"
    assert live.variables == {"x": 1}
    live.complete("b", y=[1, 2])
    assert live.outcome == "completed"
    assert live.trace == "s a b e"
    assert live.flows == "s-a a-b b-e"
    assert live.variables == {"x": 1, "y": [1, 2]}


@pytest.mark.bpmn("task", "subProcess")
def test_a_task_without_kind_runs_through_and_a_scope_needs_no_end_event():
    live = lived(process(start(), task("a"), path("s a")))
    assert live.outcome == "completed"
    assert live.trace == "s a"
