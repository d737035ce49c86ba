"""Resource roles and lanes say who gets a work item (BPMN 2.0.2 §10.3.1, §10.8)."""

from __future__ import annotations

import pytest

from engine import directory, incidents
from engine.handlers import Handlers
from engine.store.database import Database
from tests.engine.build import World, end, flows, process, start

HEAD = '<resource id="res" name="head"><resourceParameter id="par" name="dept"/></resource>'
COORDINATORS = '<resource id="res" name="coordinator"/>'


def role(kind: str, text: str) -> str:
    return (
        f"<{kind}><resourceAssignmentExpression><formalExpression>{text}</formalExpression>"
        f"</resourceAssignmentExpression></{kind}>"
    )


def opened(
    database: Database, *roles: str, outside: str = "", lane: str = "", attributes: str = ""
) -> tuple[int | None, set[str]]:
    """Return assignee and offers of the one work item of a task with these roles."""
    handlers = Handlers()
    handlers.functions["head"] = lambda context, dept: directory.head_of(context.uow, dept)
    world = World.over(database, handlers)
    lanes = (
        f'<laneSet id="ls"><lane id="l" name="{lane}"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
        if lane
        else ""
    )
    task = f'<userTask id="t" name="t" {attributes}>{"".join(roles)}</userTask>'
    world.publish(process(lanes, start(), task, end(), flows("start", "t", "end"), outside=outside))
    instance = world.start("p", dept="销售部", people=[1, 2])
    items = world.open(instance)
    if not items:
        with database.read() as uow:
            (found,) = incidents.page(uow)
        return None, {found.reason}
    with database.read() as uow:
        groups = uow.sql("select grp from work_offer where item = ?", (items[0].id,)).fetchall()
    return items[0].assignee, {row[0] for row in groups}


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([role("humanPerformer", "user(Bo)")], (2, set())),
        ([role("performer", "head(dept)")], (1, set())),
        ([role("resourceRole", '"Bo"')], (2, set())),
        ([role("humanPerformer", "people")], (None, {"user:1", "user:2"})),
        ([role("potentialOwner", "user(2), group(销售部)")], (None, {"user:2", "dept:销售部"})),
        ([role("potentialOwner", "group(coordinator)")], (None, {"role:coordinator"})),
        ([role("potentialOwner", '["dept:市场部", 1]')], (None, {"dept:市场部", "user:1"})),
        (
            [role("potentialOwner", "user(Anna)"), role("potentialOwner", "user(Bo)")],
            (None, {"user:1", "user:2"}),
        ),
        ([role("humanPerformer", "user(Bo)"), role("potentialOwner", "user(Anna)")], (2, {"user:1"})),
        ([role("potentialOwner", "user(nobody)")], (None, {"assignment"})),
        ([role("potentialOwner", "group(nobody)")], (None, {"assignment"})),
        ([role("potentialOwner", "[]")], (None, {"assignment"})),
    ],
)
@pytest.mark.bpmn("resource roles")
def test_roles_name_people_and_groups(
    database: Database, roles: list[str], expected: tuple[int | None, set[str]]
) -> None:
    assert opened(database, *roles) == expected


@pytest.mark.bpmn("resource roles")
def test_a_resource_is_a_group_or_with_parameters_a_query(database: Database) -> None:
    owner = "<potentialOwner><resourceRef>res</resourceRef></potentialOwner>"
    assert opened(database, owner, outside=COORDINATORS) == (None, {"role:coordinator"})


@pytest.mark.bpmn("resource roles")
def test_a_resource_with_parameters_is_a_query(database: Database) -> None:
    asked = (
        '<performer><resourceRef>res</resourceRef><resourceParameterBinding parameterRef="par">'
        "<formalExpression>dept</formalExpression></resourceParameterBinding></performer>"
    )
    assert opened(database, asked, outside=HEAD) == (1, set())


@pytest.mark.bpmn("resource roles")
def test_roles_and_our_attributes_go_together(database: Database) -> None:
    owner = role("potentialOwner", "user(Anna)")
    assert opened(database, owner, attributes='wuxing:assignee="2"') == (2, {"user:1"})


@pytest.mark.parametrize(
    ("lane", "expected"), [("市场部", (None, {"dept:市场部"})), ("auditor", (None, {"role:auditor"}))]
)
@pytest.mark.bpmn("lanes")
def test_a_lane_is_the_group_it_is_named_after(
    database: Database, lane: str, expected: tuple[int | None, set[str]]
) -> None:
    assert opened(database, lane=lane) == expected


@pytest.mark.bpmn("lanes")
def test_another_lane_leaves_the_work_to_whoever_started(database: Database) -> None:
    assert opened(database, lane="somewhere") == (1, set())
