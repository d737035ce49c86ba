"""An organisation and its application for each test of pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from engine.store.database import Database
from tests.engine.build import World
from tests.web import travelling
from tests.web.building import application, organisation
from tests.web.chromium import open_chromium


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Database]:
    """The database of a small organisation."""
    database = organisation(tmp_path)
    yield database
    database.close()


@pytest.fixture
def app(org: Database) -> Flask:
    """The application with accounts, as it is served to an organisation."""
    return application(org)


@pytest.fixture
def demo(org: Database) -> Flask:
    """The application of a demo on one machine."""
    return application(org, demo=True)


@pytest.fixture
def travels(at: object, sqlite: Database) -> World:
    """An engine with the small process that a replay and the editor are tested on."""
    return travelling.world(sqlite)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine; its absence skips loudly, and fails in CI."""
    with open_chromium() as browser:
        yield browser
