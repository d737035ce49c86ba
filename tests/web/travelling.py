"""A small process with everything a replay must tell apart: a loop, parallel items, a call, a failure."""

from __future__ import annotations

from typing import Any

from flask import Flask

import webui.account.tables
from engine import definitions, directory, due, running
from engine.errors import ElementFailed
from engine.handlers import Handlers
from engine.store.database import Database
from engine.text import T
from tests.engine.build import World, each, end, exclusive, flow, flows, process, service, start, user
from webui.app import create_app
from webui.settings import Settings

assert webui.account.tables.account is not None

CALL = '<callActivity id="pay" name="报销结算" calledElement="settlement"/>'

SETTLEMENT = process(
    start("pay_begin"),
    user("check_receipts"),
    end("pay_end"),
    flows("pay_begin", "check_receipts", "pay_end"),
    process_id="settlement",
)

TRAVEL = process(
    start("begin"),
    user("fill", rule="R6 R7"),
    user("review", each("reviewers", "reviewer"), assignee="reviewer"),
    exclusive("ok", "again"),
    CALL,
    service("mail", "send_mail"),
    end("done"),
    flows("begin", "fill", "review", "ok"),
    flow("ok", "pay", "approved"),
    flow("ok", "fill", flow_id="again"),
    flows("pay", "mail", "done"),
    process_id="travel",
)

FORMS: dict[str, dict[str, Any]] = {
    "trip": {
        "id": "trip",
        "schemaVersion": 16,
        "title": "出差单",
        "type": "default",
        "components": [
            {"id": "where", "key": "where", "type": "textfield", "label": "目的地"},
            {"id": "days", "key": "days", "type": "number", "label": "天数"},
        ],
    }
}


def _refuse_mail(_ctx: Any) -> None:
    raise ElementFailed("mail", T("邮件服务器拒收"))


def world(database: Database) -> World:
    """Return an engine with people and both processes; 李设计 designs and audits."""
    handlers = Handlers()
    handlers.service("send_mail", _refuse_mail)
    handlers.form_library.update(FORMS)
    made = World.over(database, handlers)
    with database.write() as uow:
        directory.add_person(uow, "李设计", "市场部", roles=["designer", "auditor"])
        made.people["李设计"] = directory.actor_named(uow, "李设计")
    made.publish(SETTLEMENT, TRAVEL)
    return made


def travelled(made: World) -> int:
    """Let a trip be refused once by parallel reviewers, approved, and fail at the mail; return its id."""
    instance = made.start("travel", reviewers=[1, 2, 3], approved=False)
    made.complete(made.item("fill", instance).id, {"where": "上海", "days": 3})
    review_all(made, instance, "太久")
    made.complete(made.item("fill", instance).id, {"where": "上海", "days": 2, "approved": True})
    review_all(made, instance, "可以")
    made.complete(made.item("check_receipts", instance).id, {"amount": 1860})
    return instance


def started_with_key(made: World, process_id: str, who: str, key: str) -> int:
    """Start a process under a key of its own; return the instance's id."""
    return running.start(made.engine, made.people[who], process_id, command_id=f"key-{key}", key=key).instance


def review_all(made: World, instance: int, note: str) -> None:
    """Let every reviewer of an instance say the same."""
    by_id = {actor.id: actor for actor in made.people.values()}
    for item in made.open(instance):
        assert item.assignee is not None
        running.complete(
            made.engine, by_id[item.assignee], item.id, {"note": note}, command_id=f"review-{item.id}"
        )
        due.drain(made.engine)


def save_draft(made: World, process_id: str, xml: bytes, revision: int = 0) -> None:
    """Save a draft in the name of the designer."""
    with made.engine.database.write() as uow:
        definitions.save_draft(uow, made.people["李设计"], process_id, xml, revision)


def application(made: World) -> Flask:
    """Return the application of a demo over the world."""
    return create_app(
        made.engine,
        settings=Settings(secret_key="test", demo=True),
        TESTING=True,
        RATELIMIT_ENABLED=False,
    )
