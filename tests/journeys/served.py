"""The company of the stories behind pages: a demo under a clock that begins on a Monday, and its visitors."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse

import webui.account.tables
from engine import settings
from engine.clock import OffsetClock, use_clock
from engine.runtime import Engine
from engine.store.database import Database
from tests.conftest import MONDAY
from tests.journeys.sent import STEP, Pairs, csrf, filled, tree
from tests.journeys.typed import Upload
from webui.app import create_app
from webui.settings import Settings

assert webui.account.tables.account is not None


@contextmanager
def monday_in(database: Database) -> Iterator[OffsetClock]:
    """Let time run from Monday 2026-03-02, 09:00 in Shanghai, as the demo of this database follows it."""
    offset = MONDAY - datetime.now(UTC)
    with database.write() as uow:
        settings.put(uow, settings.CLOCK_OFFSET, offset.total_seconds())
    with use_clock(OffsetClock(offset)) as clock:
        assert isinstance(clock, OffsetClock)
        yield clock


def demo_of(engine: Engine, **config: Any) -> Flask:
    """Return the demo over an engine, as it is served on one machine."""
    return create_app(engine, settings=Settings(secret_key="test", demo=True), **config)


class Visitor:
    """A person at a browser of their own, without a browser."""

    def __init__(self, app: Flask, person: int) -> None:
        self.client: FlaskClient = app.test_client()
        token = csrf(tree(self.client.get("/demo/persona").text))
        chosen = self.client.post("/demo/persona", data={"csrf_token": token, "person": str(person)})
        assert chosen.status_code == 303

    def open(self, item: int, values: dict[str, Any]) -> Pairs:
        """Open a step and enter values; returns what its main button would send."""
        page = self.client.get(f"/tasks/{item}")
        assert page.status_code == 200
        return [*filled(tree(page.text), STEP, values), ("_do", "submit")]

    def send(self, item: int, pairs: Pairs) -> TestResponse:
        """Press the button."""
        data: MultiDict[str, Any] = MultiDict()
        for name, value in pairs:
            is_file = isinstance(value, Upload)
            data.add(name, FileStorage(io.BytesIO(value.content), value.name) if is_file else value)
        return self.client.post(f"/tasks/{item}", data=data, content_type="multipart/form-data")
