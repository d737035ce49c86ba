"""A demo with a company in it, served as it is to people, and a window of a real browser on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from waitress.server import create_server

from engine.clock import OffsetClock
from engine.store.database import Database
from tests.browser.window import Window
from tests.browser.world import PagesWorld
from tests.journeys.served import demo_of, monday_in
from tests.web.chromium import open_chromium


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; its absence skips loudly, and fails in CI."""
    with open_chromium() as browser:
        yield browser


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application with the server of real use on a free port of this machine."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join()


@pytest.fixture
def monday(sqlite: Database) -> Iterator[OffsetClock]:
    """A clock that runs from Monday 2026-03-02, 09:00."""
    with monday_in(sqlite) as clock:
        yield clock


@pytest.fixture
def world(sqlite: Database, monday: OffsetClock, tmp_path: Path) -> PagesWorld:
    """The company, without a window yet."""
    return PagesWorld(sqlite, monday, tmp_path)


@pytest.fixture
def address(world: PagesWorld) -> Iterator[str]:
    """The address of the demo."""
    with served(demo_of(world.engine)) as address:
        yield address


@pytest.fixture
def window(world: PagesWorld, chromium: Browser, address: str) -> Iterator[Window]:
    """A window at which the people sit in turn; its console must stay silent."""
    yield from _window(world, chromium, address, scripts=True)


@pytest.fixture
def plain_window(world: PagesWorld, chromium: Browser, address: str) -> Iterator[Window]:
    """A window without JavaScript."""
    yield from _window(world, chromium, address, scripts=False)


def _window(world: PagesWorld, chromium: Browser, address: str, *, scripts: bool) -> Iterator[Window]:
    context = chromium.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        java_script_enabled=scripts,
        viewport={"width": 1280, "height": 900},
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    world.window = Window(page, address, scripts)
    yield world.window
    context.close()
    for outsider in world.outsiders.values():
        outsider.context.close()
    assert [line for line in said if "404" not in line] == []
