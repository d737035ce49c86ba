"""The inbox and who may see what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine import access, inbox, notices, policy, work
from engine.clock import FrozenClock
from engine.desk import look
from engine.errors import NotFound
from engine.store.database import Database
from engine.text import T
from tests.engine import build
from tests.engine.build import World


@pytest.fixture
def world(database: Database, at: FrozenClock) -> World:
    made = World.over(database)
    shared = build.user("shared", candidates="[&quot;dept:销售部&quot;, &quot;role:auditor&quot;]")
    urgent = build.user("urgent", priority="90", due="@&quot;2026-03-09T09:00:00Z&quot;")
    soon = build.user("soon", due="@&quot;2026-03-03&quot;")
    made.publish(
        build.process(
            build.start(),
            build.parallel("fork"),
            shared,
            urgent,
            soon,
            build.user("whenever"),
            build.flows("start", "fork"),
            *(build.flows("fork", node) for node in ("shared", "urgent", "soon", "whenever")),
        )
    )
    return made


def test_urgent_work_comes_first_then_by_due_time(world: World) -> None:
    world.start()
    with world.engine.database.read() as uow:
        page = inbox.mine(uow, world.people["Anna"])
    assert [item.element for item in page.items] == ["urgent", "soon", "whenever"]
    assert page.after is None


def test_a_date_is_due_at_the_end_of_its_working_day(world: World) -> None:
    world.start()
    due = world.item("soon").due_at
    assert due is not None
    assert due.isoformat() == "2026-03-03T10:00:00+00:00"


def test_pages_follow_each_other_without_gap(world: World) -> None:
    for _ in range(3):
        world.start()
    seen: list[int] = []
    after = None
    with world.engine.database.read() as uow:
        while True:
            page = inbox.mine(uow, world.people["Anna"], after=after, limit=2)
            seen += [item.id for item in page.items]
            if page.after is None:
                break
            after = page.after
    assert len(seen) == len(set(seen)) == 9


def test_an_offer_to_two_of_ones_groups_is_shown_once_and_gone_when_claimed(
    world: World, at: FrozenClock
) -> None:
    world.start()
    with world.engine.database.read() as uow:
        assert [i.element for i in inbox.offered(uow, world.people["Bo"]).items] == ["shared"]
        assert [i.element for i in inbox.offered(uow, world.people["Cai"]).items] == ["shared"]
        assert inbox.offered(uow, world.people["Dan"]).items == ()
        assert inbox.counts(uow, world.people["Bo"]) == {"mine": 0, "offered": 1}
    with world.engine.database.write() as uow:
        work.claim(uow, world.people["Bo"], world.item("shared").id, at.now())
    with world.engine.database.read() as uow:
        assert inbox.offered(uow, world.people["Cai"]).items == ()
        assert inbox.counts(uow, world.people["Bo"]) == {"mine": 1, "offered": 0}


def test_what_i_did_and_what_others_hold(world: World, at: FrozenClock) -> None:
    world.start()
    world.complete(world.item("urgent").id)
    with world.engine.database.read() as uow:
        assert [i.element for i in inbox.done(uow, world.people["Anna"]).items] == ["urgent"]
        held = inbox.waiting_for_others(uow, world.people["Anna"]).items
    assert [item.element for item in held] == ["shared"]


def test_strangers_do_not_learn_that_an_item_exists(world: World) -> None:
    world.start()
    item = world.item("urgent").id
    with world.engine.database.read() as uow:
        assert look(world.engine, uow, world.people["Anna"], item).may_work
        assert not look(world.engine, uow, world.people["Cai"], item).may_work
    with world.engine.database.write() as uow:
        uow.sql("delete from work_offer")
    with world.engine.database.read() as uow, pytest.raises(NotFound):
        look(world.engine, uow, world.people["Bo"], item)


def test_granted_subjects_are_seen_by_their_groups(world: World) -> None:
    instance = world.start()
    with world.engine.database.write() as uow:
        uow.sql("update instance set subject = 'project:1', started_by = 0 where id = ?", (instance,))
        uow.sql("delete from work_offer")
        access.grant(uow, "project:1", "dept:销售部")
        access.grant(uow, "project:1", "dept:销售部")
    with world.engine.database.read() as uow:
        assert policy.require_instance(uow, world.people["Bo"], instance).id == instance
        assert policy.may_see_subject(uow, world.people["Bo"], "project:1")
        assert not policy.may_see_subject(uow, world.people["Dan"], "project:1")
    with world.engine.database.write() as uow:
        access.revoke(uow, "project:1", "dept:销售部")
    with world.engine.database.read() as uow, pytest.raises(NotFound):
        policy.require_instance(uow, world.people["Bo"], instance)


def test_notices_are_told_once_each_and_read(world: World, at: FrozenClock) -> None:
    with world.engine.database.write() as uow:
        notices.tell(uow, [1, 1, 2], T("{n}天后到期", n=2), at.now(), link="/tasks/1")
    at.advance(timedelta(minutes=1))
    with world.engine.database.write() as uow:
        (notice,) = notices.page(uow, world.people["Anna"])
        assert (str(notice.message), notice.link) == ("2天后到期", "/tasks/1")
        assert notices.unread(uow, world.people["Anna"]) == 1
        notices.mark_read(uow, world.people["Anna"], at.now())
        assert notices.unread(uow, world.people["Anna"]) == 0
        assert notices.unread(uow, world.people["Bo"]) == 1
