"""What must be true of a database at any moment, whatever happened to the server."""

from __future__ import annotations

import sqlalchemy as sa

from engine import definitions, history, instances, replay, rows
from engine.directory import SYSTEM
from engine.instances import Instance
from engine.runtime import Engine
from engine.spiff.instance import LiveInstance
from engine.step import Step
from engine.store.database import UnitOfWork
from engine.store.tables import instance


def histories(engine: Engine) -> None:
    """Every history is whole, and folding it gives exactly the tokens its instance has in the tables."""
    with engine.database.read() as uow:
        for number in uow.execute(sa.select(instance.c.id)).scalars().all():
            sound(engine, uow, number)


def sound(engine: Engine, uow: UnitOfWork, number: int) -> None:
    """The history of an instance is whole, and folding it gives exactly the tokens of its rows."""
    assert history.verify_chain(uow, number).intact
    frame = replay.fold(history.events(uow, number))
    told = {token: (place.element, place.scope) for token, place in frame.tokens.items()}
    found = instances.get(uow, number)
    assert told == tokens_of(engine, uow, found), f"instance {number} ({found.process_id})"
    assert not frame.failed


def tokens_of(engine: Engine, uow: UnitOfWork, found: Instance) -> dict[int, tuple[str, int]]:
    """Return the open tokens of an instance as its rows alone tell them."""
    stored = rows.read(uow, found.id)
    if found.is_ended:
        assert not stored[0]
        return {}
    step = Step(engine, uow, SYSTEM, found, definitions.get_definition(engine, uow, found.definition))
    return LiveInstance.load(step.program, step.host, *stored, found.next_token).open_tokens()


def nothing_twice(engine: Engine) -> None:
    """No item was opened or completed twice, no token has two open items, no task runs twice."""
    with engine.database.read() as uow:
        for question in _TWICE:
            assert uow.sql(question).fetchall() == []


_TWICE = (
    "select item, count(*) from event where kind = 'work.completed' group by item having count(*) > 1",
    "select item, count(*) from event where kind = 'work.opened' group by item having count(*) > 1",
    "select instance, token from work_item where state = 'open' group by instance, token having count(*) > 1",
    "select instance, token, element from work_item group by instance, token, element having count(*) > 1",
    "select id from work_item w where (state = 'completed') <>"
    " exists (select 1 from event e where e.item = w.id and e.kind = 'work.completed')",
    "select instance, token, slot from job where state = 'due' and kind = 'timer'"
    " group by instance, token, slot having count(*) > 1",
    "select key, count(*) from instance where state = 'active' and key is not null"
    " group by key, process_id having count(*) > 1",
)
