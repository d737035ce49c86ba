"""Business rule tasks: the decision is pinned at publishing, decided in the step, kept in the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import decisions, history, incidents, publishing, rows
from engine.clock import FrozenClock
from engine.directory import SYSTEM
from engine.errors import Conflict, PublishRefused
from engine.spiff.port import ROOT_SCOPE
from engine.store.database import Database
from tests.engine.build import World, end, flows, process, start, user

pytestmark = pytest.mark.bpmn("businessRuleTask")

RULES = (Path(__file__).parents[1] / "data/decisions/approval_level.dmn").read_bytes()
RULE_TASK = '<businessRuleTask id="rate" name="定级" wuxing:decision="approval_level" wuxing:result="级别"/>'


def diagram(task: str = RULE_TASK, after: str = "sign") -> bytes:
    return process(start(), task, user(after), end(), flows("start", "rate", after, "end"))


def world(database: Database, rules: bytes = RULES) -> World:
    made = World.over(database)
    publish_rules(made, rules)
    return made


def publish_rules(of: World, rules: bytes) -> decisions.DecisionModel:
    with of.engine.database.write() as uow:
        return decisions.publish(of.engine, uow, SYSTEM, rules, confirmed=publishing.EVERY_WARNING)


def variables(of: World, instance: int) -> dict[str, object]:
    with of.engine.database.read() as uow:
        return {name: value for scope, name, value in rows.read(uow, instance)[2] if scope == ROOT_SCOPE}


def decided(of: World, instance: int) -> list[dict[str, object]]:
    with of.engine.database.read() as uow:
        bodies = [event.body or {} for event in history.events(uow, instance)]
    return [each for body in bodies for each in body.get("decisions", ()) if "decision" in each]


def test_a_rule_task_sets_its_result_and_keeps_how_it_came_about(database: Database, at: FrozenClock) -> None:
    made = world(database)
    made.publish(diagram())
    instance = made.start("p", 金额=8000, 加急=True)
    assert variables(made, instance)["级别"] == "总经理"
    [told] = decided(made, instance)
    assert told["decision"] == "approval_level"
    assert told["inputs"] == {"加急": True, "金额": 8000}
    assert told["answer"] == "总经理"
    [table] = told["tables"]  # type: ignore[misc]
    assert [rule["number"] for rule in table["rules"]] == [3]
    assert table["rules"][0]["notes"] == {"理由": "加急直达"}


def test_the_result_has_the_name_of_the_decision_unless_told_otherwise(
    database: Database, at: FrozenClock
) -> None:
    made = world(database)
    made.publish(diagram(RULE_TASK.replace(' wuxing:result="级别"', "")))
    assert variables(made, made.start("p", 金额=10, 加急=False))["审批级别"] == "部门"


def test_instances_stay_on_the_rules_their_diagram_was_published_with(
    database: Database, at: FrozenClock
) -> None:
    made = world(database)
    made.publish(diagram())
    publish_rules(made, RULES.replace('"总经理"'.encode(), '"董事会"'.encode()))
    assert variables(made, made.start("p", 金额=8000, 加急=True))["级别"] == "总经理"
    made.publish(diagram())
    assert variables(made, made.start("p", 金额=8000, 加急=True))["级别"] == "董事会"


def test_a_rule_task_works_the_same_after_a_reload(database: Database, at: FrozenClock) -> None:
    made = world(database)
    made.publish(
        process(
            start(),
            user("fill"),
            RULE_TASK,
            user("sign"),
            end(),
            flows("start", "fill", "rate", "sign", "end"),
        )
    )
    instance = made.start("p")
    made.engine.hot.clear()
    made.engine.decisions.clear()
    made.complete(made.open()[0].id, {"金额": 9000, "加急": False})
    assert variables(made, instance)["级别"] == "管理层"


def test_a_null_with_a_reason_is_an_incident_that_names_it(database: Database, at: FrozenClock) -> None:
    made = world(database)
    made.publish(diagram())
    instance = made.start("p", 加急=False)
    with made.engine.database.read() as uow:
        [found] = [each for each in incidents.page(uow) if each.instance == instance]
    assert (found.element, found.reason) == ("rate", "decision")
    assert "金额" in str(found.message)


def test_a_diagram_with_an_unknown_decision_is_refused(database: Database, at: FrozenClock) -> None:
    made = World.over(database)
    with pytest.raises(PublishRefused) as refused:
        made.publish(diagram())
    assert "activity.decision-unknown" in {finding.code for finding in refused.value.findings}


def test_a_decision_id_belongs_to_one_model(database: Database, at: FrozenClock) -> None:
    made = world(database)
    other = RULES.replace(b"http://wuxing.dev/decisions/approval", b"http://wuxing.dev/decisions/other")
    with pytest.raises(Conflict, match="approval_level"):
        publish_rules(made, other)


def test_publishing_the_same_rules_again_makes_no_version(database: Database, at: FrozenClock) -> None:
    made = world(database)
    assert publish_rules(made, RULES).version == 1
    assert publish_rules(made, RULES.replace(b"5000", b"6000")).version == 2


def test_a_global_business_rule_task_is_called(database: Database, at: FrozenClock) -> None:
    made = world(database)
    rate = '<globalBusinessRuleTask id="rating" wuxing:decision="approval_level" wuxing:result="级别"/>'
    call = '<callActivity id="rate" name="定级" calledElement="rating"/>'
    made.publish(diagram(call).replace(b"</definitions>", rate.encode() + b"</definitions>"))
    instance = made.start("p", 金额=8000, 加急=False)
    assert variables(made, instance)["级别"] == "管理层"


def test_a_decision_service_is_given_its_parameters(database: Database, at: FrozenClock) -> None:
    service = (
        '<decisionService id="rate_service" name="定级服务"><variable name="定级服务" typeRef="string"/>'
        '<outputDecision href="#approval_level"/><inputData href="#in_amount"/>'
        '<inputData href="#in_urgent"/></decisionService></definitions>'
    )
    made = world(database, RULES.replace(b"</definitions>", service.encode()))
    made.publish(diagram(RULE_TASK.replace('"approval_level"', '"rate_service"')))
    instance = made.start("p", 金额=8000, 加急=False)
    assert variables(made, instance)["级别"] == "管理层"
