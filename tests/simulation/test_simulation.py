"""Processes run by a scenario: answers, services, events from outside, and a clock that jumps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine.errors import InvalidInput, NotFound, PublishRefused
from engine.simulation.report import Report
from engine.simulation.scenario import Scenario
from tests.engine.build import (
    boundary_timer,
    catch_message,
    end,
    flow,
    flows,
    message,
    process,
    start,
    user,
)
from webui.cli import main
from webui.rehearsal import rehearse

TIMED = process(
    start(),
    user("work"),
    boundary_timer("late", "work", "PT2H"),
    end(),
    end("missed"),
    flows("start", "work", "end"),
    flow("late", "missed"),
)
WAITING = process(
    start(),
    catch_message("reply", "answer"),
    '<scriptTask id="note"><script>seen = amount * 2</script></scriptTask>',
    end(),
    flows("start", "reply", "note", "end"),
    outside=message("answer"),
)
ENDLESS = process(
    start(),
    '<exclusiveGateway id="again"/>',
    '<scriptTask id="turn"><script>n = 1</script></scriptTask>',
    flows("start", "again", "turn", "again"),
)
SERVED = process(
    start(),
    '<serviceTask id="ask" wuxing:service="credit"/>',
    '<boundaryEvent id="refused" attachedToRef="ask"><errorEventDefinition errorRef="no"/></boundaryEvent>',
    end(),
    end("sorry"),
    flows("start", "ask", "end"),
    flow("refused", "sorry"),
    outside='<error id="no" name="no" errorCode="NO"/>',
)


def play(folder: Path, xml: bytes, scenario: Mapping[str, Any] | None = None, **more: Any) -> Report:
    """Run a diagram by a scenario written as JSON."""
    path = folder / "p.bpmn"
    path.write_bytes(xml)
    return rehearse([path], Scenario.read(dict(scenario or {})), **more)


def test_people_answer_at_once_and_the_run_ends(tmp_path: Path) -> None:
    report = play(tmp_path, TIMED, {"answers": {"work": {"done": True}}})
    assert report.outcome == "completed"
    assert report.path == ["start", "work", "end"]
    assert report.standings[0].variables == {"done": True}


def test_the_clock_jumps_to_the_timer_of_a_step_nobody_completes(tmp_path: Path) -> None:
    report = play(tmp_path, TIMED, {"answers": {"work": None}})
    assert report.path == ["start", "late", "missed"]
    fired = next(event for event in report.events if event["kind"] == "timer.fired")
    assert fired["at"] == "2026-03-02T03:00:00+00:00"


def test_time_passes_before_a_person_acts(tmp_path: Path) -> None:
    events = [{"after": "PT1H"}, {"complete": "work", "values": {"by": "hand"}}]
    report = play(tmp_path, TIMED, {"answers": {"work": None}, "events": events})
    assert report.path == ["start", "work", "end"]
    assert report.standings[0].variables == {"by": "hand"}


def test_a_message_of_the_scenario_arrives_when_it_is_waited_for(tmp_path: Path) -> None:
    events = [{"message": "answer", "payload": {"amount": 4}, "when": "reply"}]
    report = play(tmp_path, WAITING, {"events": events})
    assert report.outcome == "completed"
    assert report.standings[0].variables == {"amount": 4, "seen": 8}


def test_what_is_waited_for_is_told(tmp_path: Path) -> None:
    report = play(tmp_path, WAITING)
    assert report.outcome == "waiting"
    assert report.standings[0].waiting == ({"element": "reply", "kind": "message", "name": "answer"},)


def test_a_message_nobody_takes_is_told(tmp_path: Path) -> None:
    report = play(tmp_path, TIMED, {"answers": {"work": None}, "events": [{"message": "stray"}], "jumps": 0})
    assert report.as_json()["undelivered"] == [{"message": "stray"}]
    assert report.outcome == "limit"


@pytest.mark.parametrize(
    ("answer", "path"),
    [({"limit": 9}, ["start", "ask", "end"]), ({"error": "NO"}, ["start", "refused", "sorry"])],
)
def test_a_service_answers_as_the_scenario_says(
    tmp_path: Path, answer: dict[str, Any], path: list[str]
) -> None:
    assert play(tmp_path, SERVED, {"services": {"credit": answer}}).path == path


def test_what_waits_within_instances_and_for_event_sub_processes_is_called_as_in_the_diagram(
    tmp_path: Path,
) -> None:
    xml = process(
        start(),
        '<receiveTask id="reply" messageRef="answer"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></receiveTask>",
        '<subProcess id="handler" triggeredByEvent="true"><startEvent id="told" isInterrupting="false">'
        f'<signalEventDefinition signalRef="alarm"/></startEvent>{end("over")}{flow("told", "over")}'
        "</subProcess>",
        end(),
        flows("start", "reply", "end"),
        outside=message("answer") + '<signal id="alarm" name="alarm"/>',
    )
    waiting = play(tmp_path, xml).standings[0].waiting
    assert sorted(wait["element"] for wait in waiting) == ["reply", "reply", "told"]
    answers = [{"message": "answer", "when": "reply"}] * 2
    assert play(tmp_path, xml, {"events": answers}).outcome == "completed"


@pytest.mark.parametrize(("limit", "value"), [("MOST_JOBS", 3), ("MOST_EVENTS", 10_000)])
def test_a_loop_that_never_waits_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(f"engine.simulation.play.{limit}", value)
    report = play(tmp_path, ENDLESS)
    assert report.outcome == "limit"


def test_a_failing_expression_is_an_incident(tmp_path: Path) -> None:
    xml = process(
        start(),
        '<exclusiveGateway id="gate"/>',
        end(),
        end("other"),
        flow("start", "gate"),
        flow("gate", "end", "amount > 1"),
        flow("gate", "other", "amount &lt;= 1"),
    )
    report = play(tmp_path, xml, {"variables": {"amount": "much"}})
    assert report.outcome == "incident"
    assert report.standings[0].incidents[0]["element"] == "gate"


def test_the_same_scenario_gives_the_same_events(tmp_path: Path) -> None:
    first, second = (play(tmp_path, TIMED, {"answers": {"work": None}}).as_json() for _ in range(2))
    assert first == second


def test_a_refused_diagram_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(PublishRefused):
        play(tmp_path, process(start(), flow("start", "nowhere")))


def test_an_unknown_process_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        play(tmp_path, TIMED, process_id="other")


@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        ([], "scenario 应是 JSON 对象"),
        ({"answer": {}}, "scenario 里没有名为“answer”的项"),
        ({"answers": {"work": [1]}}, "answers.work 应是 JSON 对象"),
        ({"events": [{}]}, "events[0] 应写明 message、signal、after 或 complete 中的一个"),
        ({"events": {}}, "events 应是列表"),
        ({"events": [{"after": "soon"}]}, "events[0]：“soon”不是时长，应写成 PT4H 或 P3D 的样子"),
        ({"start": "tomorrow"}, "start 应是 ISO 8601 的时刻，如 2026-03-02T09:00:00+08:00"),
        ({"jumps": -1}, "jumps 应是不小于 0 的整数"),
    ],
)
def test_what_is_wrong_in_a_scenario_is_named(scenario: Any, sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Scenario.read(scenario)
    assert str(caught.value) == sentence


def run(*args: str) -> tuple[int, str]:
    """Call `wuxing` and return its exit code and what it prints."""
    result = CliRunner().invoke(main, ["process", *args])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("xml", "more", "code"),
    [
        (TIMED, (), 0),
        (WAITING, ("--message", 'answer={"amount":1}'), 0),
        (WAITING, (), 3),
        (process(start(), flow("start", "nowhere")), (), 1),
    ],
)
def test_the_exit_code_tells_how_a_run_ended(
    tmp_path: Path, xml: bytes, more: tuple[str, ...], code: int
) -> None:
    path = tmp_path / "p.bpmn"
    path.write_bytes(xml)
    found, output = run("run", str(path), "--json", *more)
    assert found == code
    state = {0: "completed", 1: "refused", 3: "waiting"}[code]
    assert json.loads(output)["state"] == state


def test_check_prints_its_findings_as_json(tmp_path: Path) -> None:
    good, bad, broken = (tmp_path / name for name in ("good.bpmn", "bad.bpmn", "broken.bpmn"))
    good.write_bytes(TIMED)
    bad.write_bytes(process(start(), flow("start", "nowhere")))
    broken.write_bytes(b"<definitions")
    code, output = run("check", "--json", str(good), str(bad), str(broken))
    assert code == 1
    found = {Path(each["file"]).name: each for each in json.loads(output)}
    assert [found[name]["refused"] for name in ("good.bpmn", "bad.bpmn", "broken.bpmn")] == [
        False,
        True,
        True,
    ]
    assert "flow.dangling" in {finding["code"] for finding in found["bad.bpmn"]["findings"]}
    assert found["broken.bpmn"]["findings"][0]["code"] == "unsafe_document"


def test_values_that_are_no_json_are_named(tmp_path: Path) -> None:
    path = tmp_path / "p.bpmn"
    path.write_bytes(TIMED)
    code, output = run("run", str(path), "--data", "{amount}")
    assert code == 1
    assert "--data 不是 JSON" in output


def test_a_variable_without_value_is_not_taken_for_the_function_of_its_name(tmp_path: Path) -> None:
    script = '<scriptTask id="note"><script>trace = append(log, "note")</script></scriptTask>'
    report = play(tmp_path, process(start(), script, end(), flows("start", "note", "end")))
    assert report.outcome == "incident"
    assert "函数" in report.standings[0].incidents[0]["message"]


RATED = process(
    start(),
    '<businessRuleTask id="rate" name="rate" wuxing:decision="approval_level" wuxing:result="level"/>',
    end(),
    flows("start", "rate", "end"),
)
RULES = Path(__file__).parents[1] / "data/decisions/approval_level.dmn"


def test_a_decision_model_beside_the_diagram_decides(tmp_path: Path) -> None:
    file = tmp_path / "rated.bpmn"
    file.write_bytes(RATED)
    data = json.dumps({"金额": 8000, "加急": False})
    code, output = run("run", str(file), str(RULES), "--data", data, "--json")
    told = json.loads(output)
    assert code == 0
    assert told["variables"]["level"] == "管理层"
    [decided] = [event for event in told["events"] if event["kind"] == "decided"]
    assert [rule["number"] for rule in decided["tables"][0]["rules"]] == [2]


def test_a_diagram_is_checked_with_the_decision_models_given_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "rated.bpmn"
    file.write_bytes(RATED)
    assert "activity.decision-unknown" in run("check", str(file))[1]
    code, output = run("check", str(file), str(RULES), "--json")
    assert code == 0
    assert [answer["findings"] for answer in json.loads(output)] == [[], []]
