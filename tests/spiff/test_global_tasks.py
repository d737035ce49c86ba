"""Global tasks: called like processes, though they are one task (BPMN 2.0.2 §10.3.7)."""

from __future__ import annotations

import pytest

from tests.spiff.diagrams import call, end, node, path, process, start
from tests.spiff.lived import lived


def calling(task: str, *more: str) -> bytes:
    return process(start(), call("c", "g", "".join(more)), end(), path("s c e"), extra=task)


@pytest.mark.bpmn("callActivity", "userTask")
def test_a_global_user_task_is_work_that_gives_back_what_it_sets() -> None:
    live = lived(calling(node("globalUserTask", "g", name="Ask", wuxing_form="f")), x=1)
    wait = live.wait("g", "work")
    element = live.live.element(wait.token)
    assert (element.kind, element.name, element.process_id) == ("userTask", "Ask", "g")
    assert element.attributes == {"form": "f"}
    live.complete("g", y=2)
    assert live.variables == {"x": 1, "y": 2}
    assert live.outcome == "completed"


@pytest.mark.bpmn("callActivity", "scriptTask")
def test_a_global_script_task_runs_its_script() -> None:
    live = lived(calling(node("globalScriptTask", "g", "<script>y = x + 1</script>")), x=1)
    assert live.variables == {"x": 1, "y": 2}


@pytest.mark.parametrize(("kind", "waits"), [("globalManualTask", "work:g"), ("globalTask", "")])
@pytest.mark.bpmn("manualTask", "callActivity")
def test_manual_tasks_wait_and_plain_ones_pass(kind: str, waits: str) -> None:
    assert lived(calling(node(kind, "g"))).waiting == waits


def test_a_called_process_finds_the_global_tasks_of_its_own_file() -> None:
    called = process(start("qs"), call("qc", "g"), path("qs qc"), id="q", extra=node("globalUserTask", "g"))
    live = lived(process(start(), call("c", "q"), end(), path("s c e")), called={"q": called})
    assert live.waiting == "work:g"
    assert live.complete("g").outcome == "completed"


@pytest.mark.bpmn("businessRuleTask", "callActivity")
def test_global_business_rule_tasks_decide() -> None:
    rate = node("globalBusinessRuleTask", "g", wuxing_decision="rate", wuxing_result="level")
    live = lived(calling(rate), services=lambda: {"rate": lambda names: "high"})
    assert live.variables == {"level": "high"}
    assert live.outcome == "completed"
