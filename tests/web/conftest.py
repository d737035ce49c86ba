"""An organisation and its application for each test of pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from engine.store.database import Database
from tests.web.building import application, organisation


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
