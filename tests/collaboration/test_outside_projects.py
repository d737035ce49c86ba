"""A process of a designer belongs to no project: what needs one says so; its starter is the initiator."""

from __future__ import annotations

from engine import incidents
from engine.clock import FrozenClock
from engine.store.database import Database
from processes import handlers
from tests.engine.build import World, end, flows, process, start, user


def test_the_initiator_outside_of_projects_is_who_started_it(database: Database, at: FrozenClock) -> None:
    world = World.over(database, handlers())
    world.publish(
        process(start(), user("sign", assignee="initiator()"), end(), flows("start", "sign", "end"))
    )
    world.start("p", who="Bo")
    assert [item.element for item in world.mine("Bo")] == ["sign"]


def test_a_project_fact_outside_of_projects_is_an_incident(database: Database, at: FrozenClock) -> None:
    world = World.over(database, handlers())
    asks = "first_responsible(&quot;市场部&quot;)"
    world.publish(process(start(), user("sign", assignee=asks), end(), flows("start", "sign", "end")))
    instance = world.start("p")
    with world.engine.database.read() as uow:
        [found] = [each for each in incidents.page(uow) if each.instance == instance]
    assert "不属于任何项目" in str(found.message)
