"""Long loops, long and wide diagrams through the whole engine: they run, and no round costs more."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sqlalchemy import event

from engine import due, instances, publishing
from engine.clock import FrozenClock
from engine.directory import SYSTEM
from engine.store.database import Database
from tests.engine import build
from tests.engine.build import World
from tests.journeys import checks

ROUNDS = 10_000


def repeated(activity: str, rounds: int) -> bytes:
    return build.process(
        build.start(),
        build.exclusive("again"),
        activity,
        build.exclusive("enough", "enough_end"),
        build.end(),
        build.flows("start", "again", "a", "enough", "end"),
        build.flow("enough", "again", f"= n &lt; {rounds}"),
    )


def sequence(length: int, prefix: str = "t") -> bytes:
    names = [f"{prefix}{number}" for number in range(length)]
    tasks = [f'<task id="{name}"/>' for name in names]
    return build.process(build.start(), *tasks, build.end(), build.flows("start", *names, "end"))


def fan(width: int, prefix: str = "t") -> bytes:
    names = [f"{prefix}{number}" for number in range(width)]
    tasks = [f'<task id="{name}"/>' for name in names]
    branches = [build.flows("fork", name, "join") for name in names]
    ends = build.flows("start", "fork"), build.flows("join", "end")
    gateways = build.parallel("fork"), build.parallel("join")
    return build.process(build.start(), *gateways, *tasks, build.end(), *branches, *ends)


def nested(depth: int) -> bytes:
    inner = build.user("a")
    for number in range(depth):
        inner = f'<subProcess id="x{number}">{inner}</subProcess>'
    return build.process(inner)


def ended(world: World, diagram: bytes, **variables: object) -> int:
    """Run a process without people to its end, over as many steps as it takes; return its instance."""
    world.publish(diagram)
    instance = world.start(**variables)
    due.run_due(world.engine)
    with world.engine.database.read() as uow:
        assert instances.get(uow, instance).state == "completed"
    checks.histories(world.engine)
    return instance


def test_a_loop_of_ten_thousand_rounds(sqlite: Database, at: FrozenClock) -> None:
    world = World.over(sqlite)
    script = '<scriptTask id="a"><script>n = n + 1</script></scriptTask>'
    instance = ended(world, repeated(script, ROUNDS), n=0)
    with sqlite.read() as uow:
        (steps,) = uow.sql("select count(*) from job where kind = 'continue'").fetchone()
        assert steps >= ROUNDS // world.engine.limits.tasks_per_step
        assert instances.get(uow, instance).next_token > ROUNDS


def test_a_sequence_of_two_thousand_tasks(database: Database, at: FrozenClock) -> None:
    ended(World.over(database), sequence(2000))


def test_a_thousand_branches_join(database: Database, at: FrozenClock) -> None:
    ended(World.over(database), fan(1000))


def test_sub_processes_in_each_other_as_deep_as_a_file_may_be(sqlite: Database, at: FrozenClock) -> None:
    world = World.over(sqlite)
    world.publish(nested(60))
    world.start()
    world.engine.hot.clear()
    world.complete(world.item("a").id)
    with sqlite.read() as uow:
        assert instances.get(uow, 1).state == "completed"


@pytest.mark.parametrize("hot", [True, False])
def test_every_round_of_people_costs_what_the_first_one_costs(
    sqlite: Database, at: FrozenClock, hot: bool
) -> None:
    world = World.over(sqlite)
    world.publish(repeated(build.user("a"), ROUNDS))
    world.start(n=0)
    costs = []
    for number in range(1, 400):
        if not hot:
            world.engine.hot.clear()
        item = world.item("a").id
        costs.append(statements(world, lambda item=item, n=number: world.complete(item, {"n": n})))
    assert set(costs[2:]) == {costs[2]}
    with sqlite.read() as uow:
        assert uow.sql("select count(*) from token").fetchone()[0] == 1


def statements(world: World, act: Callable[[], object]) -> int:
    """Return how many SQL statements an act takes, as SQLite itself counts them."""
    seen: list[str] = []
    writer = world.engine.database._writer

    def watch(connection: object, *_: object) -> None:
        connection.connection.dbapi_connection.set_trace_callback(seen.append)

    event.listen(writer, "engine_connect", watch)
    try:
        act()
    finally:
        event.remove(writer, "engine_connect", watch)
    return len(seen)


@pytest.mark.parametrize("draw", [sequence, fan])
def test_publishing_four_times_as_much_takes_no_more_than_its_share(
    sqlite: Database, at: FrozenClock, draw: Callable[[int, str], bytes]
) -> None:
    """Linear is 4; the bound leaves room for a busy machine, and quadratic is 16."""
    world = World.over(sqlite)
    small = min(seconds(world, draw(250, f"s{number}")) for number in range(3))
    large = min(seconds(world, draw(1000, f"l{number}")) for number in range(3))
    assert large < 9 * small


def seconds(world: World, diagram: bytes) -> float:
    began = time.process_time()
    with world.engine.database.write() as uow:
        publishing.publish(world.engine, uow, SYSTEM, diagram, confirmed=publishing.EVERY_WARNING)
    return time.process_time() - began
