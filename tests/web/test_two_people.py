"""Two people at once: on parallel branches both succeed; on the same step one does, and the other is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine.store.database import Database
from tests.collaboration import story
from tests.collaboration.world import EXECUTORS, FIRSTS, World
from tests.engine import build
from tests.journeys import checks
from tests.journeys.sent import Pairs, told, tree
from tests.journeys.served import Visitor, demo_of, monday_in


@pytest.fixture
def world(sqlite: Database, tmp_path: Path) -> Iterator[World]:
    """The company, whose project waits for the nominations of three departments at once."""
    with monday_in(sqlite) as clock:
        made = World(sqlite, clock, tmp_path)  # type: ignore[arg-type]
        story.file_project(made)
        story.approve(made)
        yield made


@pytest.fixture
def app(world: World) -> Flask:
    return demo_of(world.engine)


def nomination(world: World, name: str) -> dict[str, object]:
    (dept,) = [dept for dept, first in FIRSTS.items() if first == name]
    return {"first_responsible": world.ids[name], "key_executors": [world.ids[EXECUTORS[dept]]]}


def opened(world: World, app: Flask, name: str) -> tuple[Visitor, int, Pairs]:
    """Let a person open the nomination and fill it in, without sending it yet."""
    visitor = Visitor(app, world.ids[name])
    item = world.item(name, "nominate_first_responsible").id
    return visitor, item, visitor.open(item, {**nomination(world, name), "contact": f"{name}的电话"})


def at_once(*acts: Callable[[], TestResponse]) -> list[TestResponse]:
    """Carry out all acts in the same moment, each in a thread of its own."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], TestResponse]) -> TestResponse:
        ready.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_on_parallel_branches_both_succeed(world: World, app: Flask) -> None:
    first, second = opened(world, app, "王丽"), opened(world, app, "钱莉")
    for visitor, item, pairs in (first, second):
        assert visitor.send(item, pairs).status_code == 303
    assert world.open_work() == [("曹军", "nominate_first_responsible")]
    checks.histories(world.engine)


def test_three_on_parallel_branches_in_the_same_moment_all_succeed(world: World, app: Flask) -> None:
    everyone = [opened(world, app, name) for name in ("王丽", "钱莉", "曹军")]
    answers = at_once(*(lambda v=v, i=i, p=p: v.send(i, p) for v, i, p in everyone))
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert world.open_work() == [("王丽", "organise_kickoff")]
    checks.histories(world.engine)
    checks.nothing_twice(world.engine)
    world.expect_no_trouble()


def test_the_second_window_of_one_person_is_told_and_keeps_what_was_typed(world: World, app: Flask) -> None:
    first, late = opened(world, app, "王丽"), opened(world, app, "王丽")
    assert first[0].send(*first[1:]).status_code == 303
    before = world.open_work()
    answer = late[0].send(*late[1:])
    assert answer.status_code == 409
    page = told(tree(answer.text))
    assert "王丽已办理这项待办" in page
    assert "王丽的电话" in page
    assert world.open_work() == before


def test_the_same_page_sent_twice_in_the_same_moment_counts_once(world: World, app: Flask) -> None:
    visitor, item, pairs = opened(world, app, "王丽")
    twin = Visitor(app, world.ids["王丽"])
    twin_pairs = [(n, v) for n, v in twin.open(item, {}) if n == "csrf_token"]
    twin_pairs += [(n, v) for n, v in pairs if n != "csrf_token"]
    answers = at_once(lambda: visitor.send(item, pairs), lambda: twin.send(item, twin_pairs))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(world.open_work()) == 2
    checks.nothing_twice(world.engine)


# ---------------------------------------------------------------- a step offered to several

NOTE = {
    "id": "note",
    "schemaVersion": 16,
    "properties": {"title": "意见"},
    "type": "default",
    "i18n": {"en": {"note": "Opinion", "note_text": "Opinion"}},
    "components": [{"id": "note_text", "key": "text", "type": "textarea", "label": "意见"}],
}
SHARED = build.process(
    build.start(),
    build.user("read", candidates="[&quot;dept:销售部&quot;]", form="note"),
    build.end(),
    build.flows("start", "read", "end"),
)


@pytest.fixture
def shared(sqlite: Database) -> Iterator[build.World]:
    """A small process whose one step is offered to all of sales."""
    from processes import handlers

    known = handlers()
    known.form_library["note"] = NOTE
    with monday_in(sqlite):
        made = build.World.over(sqlite, known)
        made.publish(SHARED)
        yield made


def both(shared: build.World, app: Flask, item: int) -> list[tuple[Visitor, Pairs]]:
    """Let Anna and Bo open the same step and write an opinion each."""
    visitors = [Visitor(app, shared.people[name].id) for name in ("Anna", "Bo")]
    return [(v, v.open(item, {"text": f"{n}的意见"})) for v, n in zip(visitors, "AB", strict=True)]


def test_the_loser_is_told_who_did_it_and_when_and_keeps_the_words(shared: build.World) -> None:
    app = demo_of(shared.engine)
    shared.start()
    item = shared.item("read").id
    (anna, hers), (bo, his) = both(shared, app, item)
    assert anna.send(item, hers).status_code == 303
    answer = bo.send(item, his)
    assert answer.status_code == 409
    page = tree(answer.text)
    assert "Anna已办理这项待办" in told(page)
    assert page.xpath("//*[@role='alert']//time/@datetime")[0].startswith("2026-03-02T01:")
    assert "B的意见" in told(page)
    assert "A的意见" not in told(page)


def test_one_of_two_in_the_same_moment_wins(shared: build.World) -> None:
    app = demo_of(shared.engine)
    for _ in range(5):
        shared.start()
        item = shared.item("read").id
        (anna, hers), (bo, his) = both(shared, app, item)
        answers = at_once(
            lambda v=anna, i=item, p=hers: v.send(i, p), lambda v=bo, i=item, p=his: v.send(i, p)
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        (loser,) = [answer for answer in answers if answer.status_code == 409]
        winner, words = ("Bo", "A的意见") if answers[0] is loser else ("Anna", "B的意见")
        assert f"{winner}已办理这项待办" in told(tree(loser.text))
        assert words in told(tree(loser.text))
    checks.histories(shared.engine)
    checks.nothing_twice(shared.engine)


def test_what_was_typed_stays_when_somebody_else_has_claimed_the_step(shared: build.World) -> None:
    app = demo_of(shared.engine)
    shared.start()
    item = shared.item("read").id
    (anna, hers), (bo, his) = both(shared, app, item)
    token = dict(hers)["csrf_token"]
    assert anna.client.post(f"/tasks/{item}/claim", data={"csrf_token": token}).status_code == 303
    answer = bo.send(item, his)
    assert answer.status_code == 409
    assert "Anna已认领这项待办" in told(tree(answer.text))
    assert "B的意见" in told(tree(answer.text))
    assert anna.send(item, hers).status_code == 303
