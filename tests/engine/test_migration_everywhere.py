"""One busy process, migrated at every point where it waits: it goes on as one that was never touched."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine import clock, definitions, due, history, instances, jobs, replay
from engine.clock import FrozenClock, use_clock
from engine.migration.applying import migrate
from engine.store.database import Database, open_database
from tests.conftest import MONDAY
from tests.engine import build
from tests.engine.build import World
from tests.spiff.migrating import pairs, plain, renamed

TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
SIGNAL = '<signalEventDefinition signalRef="alarm"/>'
COMPENSATE = "<compensateEventDefinition/>"

INNER = build.process(
    build.start(), build.user("pack"), build.end(), build.flows("start", "pack", "end"), process_id="inner"
)

PARTS = (
    build.start(),
    build.parallel("fork"),
    # a sub-process with a timer on its border, an event sub-process inside, and a message
    '<subProcess id="prepare" name="prepare">',
    build.start("begin"),
    build.catch_message("hear", "news", "order"),
    build.user("write"),
    build.end("ready"),
    build.flows("begin", "hear", "write", "ready"),
    '<subProcess id="watch" triggeredByEvent="true">',
    f'<startEvent id="alarmed" isInterrupting="false">{SIGNAL}</startEvent>',
    build.user("calm"),
    build.end("calmed"),
    build.flows("alarmed", "calm", "calmed"),
    "</subProcess></subProcess>",
    build.boundary_timer("nag", "prepare", "R2/PT3H", kind="timeCycle", cancel=False),
    build.user("hurry"),
    build.end("hurried"),
    build.flows("nag", "hurry", "hurried"),
    # many at once, one after another, and an activity that can be undone
    build.user("ask", build.each("people", "person")),
    build.user("sign", build.each("people", "signer", sequential=True)),
    build.user("pay"),
    f'<boundaryEvent id="undo" attachedToRef="pay">{COMPENSATE}</boundaryEvent>',
    '<userTask id="refund" name="refund" isForCompensation="true"'
    ' xmlns:w="http://wuxing.dev/schema/1.0" w:assignee="1"/>',
    '<association id="ties" sourceRef="undo" targetRef="refund" associationDirection="One"/>',
    # whichever comes first
    '<eventBasedGateway id="first"/>',
    f'<intermediateCatchEvent id="soon">{TIMER.format("PT1H")}</intermediateCatchEvent>',
    build.catch_message("letter", "never"),
    build.exclusive("merge"),
    build.parallel("join"),
    '<callActivity id="ship" name="ship" calledElement="inner"/>',
    f'<intermediateThrowEvent id="regret">{COMPENSATE}</intermediateThrowEvent>',
    build.user("close"),
    build.flows("start", "fork", "prepare", "join"),
    build.flows("fork", "ask", "sign", "join"),
    build.flows("fork", "first", "soon", "pay", "merge", "join"),
    build.flows("first", "letter", "merge"),
    build.flows("join", "ship", "regret", "close"),
)
OUTSIDE = build.message("news") + build.message("never") + '<signal id="alarm" name="alarm"/>'
BUSY = build.process(*PARTS, build.end(), build.flows("close", "end"), outside=OUTSIDE)
LONGER = build.process(
    *PARTS, build.user("archive"), build.end(), build.flows("close", "archive", "end"), outside=OUTSIDE
)


def begun(database: Database, later: bytes) -> tuple[World, int]:
    """Start an instance of the first version; the second is published too."""
    world = World.over(database)
    world.publish(INNER, BUSY)
    instance = world.start(people=["a", "b"], order=7)
    world.publish(renamed(INNER), renamed(later))
    return world, instance


def act(world: World, instance: int, step: int) -> bool:
    """Do the next thing from outside: messages and the signal early, then items and timers by turns."""
    with world.engine.database.write() as uow:
        if step == 1:
            jobs.add(uow, "signal", clock.now(), clock.now(), {"name": "alarm", "payload": {}})
        if step == 2:
            jobs.add_message(uow, clock.now(), "news", 7, {"told": True})
    due.drain(world.engine)
    items = world.open(instance)
    if items and step % 3:
        world.complete(items[0].id)
        return True
    with world.engine.database.read() as uow:
        following = jobs.next_due(uow)
    if following is not None:
        still = clock.current()
        assert isinstance(still, FrozenClock)
        still.advance(max(timedelta(), following - clock.now()))
        due.run_due(world.engine)
        return True
    if items:
        world.complete(items[0].id)
    return bool(items)


def go(world: World, old: int, new: int) -> None:
    """Migrate all from one version to the other; it must be possible."""
    with world.engine.database.read() as uow:
        programs = [
            definitions.program(world.engine, uow, definitions.find_version(uow, "p", version))
            for version in (old, new)
        ]
    mapping = pairs(*programs)
    report = migrate(world.engine, world.people["Dan"], "p", old=old, new=new, mapping=mapping)
    assert [reason for verdict in report.verdicts for reason in verdict.reasons] == []


def lived_through(world: World, instance: int, swap: set[int], *, back: bool, cold: bool) -> list[Any]:
    """Run to the end, migrating before the given steps; return the history without the migrations."""
    version = 1
    for step in range(200):
        if step in swap and (version == 1 or back):
            go(world, version, 3 - version)
            version = 3 - version
        if cold:
            world.engine.hot.clear()
        if not act(world, instance, step):
            break
    with world.engine.database.read() as uow:
        assert instances.get(uow, instance).state == "completed"
        assert history.verify_chain(uow, instance).intact
        events = history.events(uow, instance)
    assert replay.fold(events).tokens == {}
    return [
        (event.kind, plain(event.element or ""), plain(event.body), event.item)
        for event in events
        if event.kind not in ("instance.migrated", "instance.started")
    ]


def untouched(folder: Path, later: bytes) -> list[Any]:
    """Return the history of an instance that stays on the first version."""
    opened = open_database(f"sqlite:///{folder / 'untouched.db'}")
    opened.create()
    with use_clock(FrozenClock(MONDAY)):
        world, instance = begun(opened, later)
        found = lived_through(world, instance, set(), back=False, cold=False)
    opened.close()
    return found


def test_the_run_goes_on_whenever_it_migrates(database: Database, tmp_path: Path) -> None:
    expected = untouched(tmp_path, BUSY)
    with use_clock(FrozenClock(MONDAY)):
        world, instance = begun(database, BUSY)
        found = lived_through(world, instance, set(range(200)), back=True, cold=True)
    assert found == expected


@pytest.mark.parametrize("step", range(0, 14, 3))
def test_a_step_that_is_inserted_behind_comes_last(sqlite: Database, tmp_path: Path, step: int) -> None:
    expected = [each for each in untouched(tmp_path, LONGER) if each[0] == "work.opened"]
    with use_clock(FrozenClock(MONDAY)):
        world, instance = begun(sqlite, LONGER)
        found = lived_through(world, instance, {step}, back=False, cold=False)
    opened = [each for each in found if each[0] == "work.opened"]
    assert opened[:-1] == expected
    assert opened[-1][1] == "archive"
