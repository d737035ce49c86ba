"""Filing a project: what Table 1 must hold, and who may see it."""

from __future__ import annotations

import pytest

from engine import policy
from engine.errors import InvalidInput
from tests.collaboration import story
from tests.collaboration.world import World


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"project_name": "中秋-会员节"}, "project_name"),
        ({"goal": []}, "goal"),
        ({"deliverables": []}, "deliverables"),
        ({"involved_depts": [story.MARKETING]}, "involved_depts"),
        ({"involved_depts": [story.DESIGN, story.LOGISTICS]}, "involved_depts"),
        ({"end_date": "2026-03-09"}, "end_date"),
        ({"start_date": "2026-05-01", "end_date": "2026-05-03"}, "end_date"),
        ({"budget": -1}, "budget"),
    ],
)
def test_table_1_is_refused_at_the_field(world: World, changes: dict[str, object], field: str) -> None:
    world.start("王丽")
    with pytest.raises(InvalidInput) as caught:
        world.act("王丽", "file_project_info", story.project_info(world, **changes))
    assert field in {path.split("-")[0] for path in caught.value.fields}
    assert world.open_work() == [("王丽", "file_project_info")]


def test_lead_belongs_to_the_initiating_department(world: World) -> None:
    world.start("王丽")
    with pytest.raises(InvalidInput) as caught:
        world.act("王丽", "file_project_info", story.project_info(world, lead=world.ids["钱莉"]))
    assert set(caught.value.fields) == {"lead"}


def test_open_projects_have_different_names(world: World) -> None:
    story.file_project(world)
    world.start("王丽")
    with pytest.raises(InvalidInput) as caught:
        world.act("王丽", "file_project_info", story.project_info(world))
    assert set(caught.value.fields) == {"project_name"}


def test_another_department_cannot_file_in_its_name(world: World) -> None:
    world.start("钱莉")
    with pytest.raises(InvalidInput) as caught:
        world.act("钱莉", "file_project_info", story.project_info(world))
    assert "initiating_dept" in caught.value.fields


def test_only_the_concerned_see_the_project(world: World) -> None:
    story.file_project(world)
    subject = world.project().subject
    with world.database.read() as uow:
        seen = [name for name in world.ids if policy.may_see_subject(uow, world.actor(name), subject)]
    assert sorted(seen) == sorted(["高岩", "刘志远", "林晓", "王丽", "钱莉", "曹军"])


def test_visible_to_all_when_it_says_so(world: World) -> None:
    story.file_project(world, visibility="全公司")
    with world.database.read() as uow:
        assert policy.may_see_subject(uow, world.actor("张弛"), world.project().subject)
