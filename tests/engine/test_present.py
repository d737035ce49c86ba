"""What diagrams call the present: the moment of the step, and the office's day."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.clock import FrozenClock
from engine.store.database import Database
from tests.engine.build import World, end, flows, process, start, user


def test_now_and_today_are_those_of_the_step(database: Database, at: FrozenClock) -> None:
    at.set(datetime(2026, 9, 24, 22, 0, tzinfo=UTC))
    world = World.over(database)
    work = user("work", due="today()", reminders="[now() + duration(&quot;PT1H&quot;)]")
    world.publish(process(start(), work, end(), flows("start", "work", "end")))
    world.start()
    with database.read() as uow:
        due, remind = (
            uow.sql("select due_at from work_item").fetchone()[0],
            uow.sql("select due_at from job where kind = 'remind'").fetchone()[0],
        )
        # In Shanghai it is already the 25th, on which the office closes at 18:00.
        assert uow.read_time(due) == datetime(2026, 9, 25, 10, 0, tzinfo=UTC)
        assert uow.read_time(remind) == datetime(2026, 9, 24, 23, 0, tzinfo=UTC)
