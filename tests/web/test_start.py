"""Starting a process: where there are several ways to begin, the starter chooses."""

from __future__ import annotations

import re

from flask import Flask

from engine import publishing, work
from engine.directory import SYSTEM
from engine.runtime import Engine
from engine.store.database import Database
from tests.engine.build import end, flows, process, start, user
from tests.web.building import invited, post

TWO = process(
    start("by_phone"),
    start("by_mail"),
    user("call", assignee="1"),
    user("read", assignee="1"),
    end(),
    flows("by_phone", "call", "end"),
    flows("by_mail", "read", "end"),
)
ONE = process(start(), user("first", assignee="1"), end(), flows("start", "first", "end"), process_id="q")


def test_whoever_starts_a_process_chooses_where_it_begins(app: Flask, org: Database) -> None:
    with org.write() as uow:
        for xml in (TWO, ONE):
            publishing.publish(Engine(org), uow, SYSTEM, xml, confirmed=publishing.EVERY_WARNING)
    client = invited(app, org, "王丽", login="wang")
    page = client.get("/start").text
    assert re.findall(r'<option value="([^"]+)"', page) == ["by_phone", "by_mail"]
    assert post(client, "/start/p", {"start_event": "by_mail"}, page="/start").status_code == 303
    assert post(client, "/start/p", page="/start").status_code == 303
    with org.read() as uow:
        assert [item.element for item in work.open_items(uow)] == ["read", "call"]
