"""Whatever a construct does, it does the same when its instance migrates at every waiting point."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.spiff import lived
from tests.spiff.migrating import Migrating

HERE = Path(__file__)
EVERY_TIME = [
    "ad_hoc",
    "behaviors",
    "boundaries",
    "complex_gateways",
    "errors",
    "event_sub_processes",
    "events",
    "gateways",
    "incidents",
    "loops",
    "quantities",
    "sequence",
]
"""Modules whose tests are run in each test run; the others only in the long ones."""


def cases() -> Iterator[Any]:
    """Yield the tests of all constructs that ask for nothing and count no lives."""
    for path in sorted(HERE.parent.glob("test_*.py")):
        name = path.stem.removeprefix("test_")
        if path == HERE or "lived" not in path.read_text(encoding="utf-8"):
            continue
        marks = () if name in EVERY_TIME else (pytest.mark.soak,)
        for test in written_for(name):
            yield pytest.param(test, id=f"{name}-{test.__name__[5:]}", marks=marks)


def written_for(name: str) -> Iterator[Callable[[], None]]:
    module = importlib.import_module(f"tests.spiff.test_{name}")
    for title, test in inspect.getmembers(module, inspect.isfunction):
        asks = inspect.signature(test).parameters
        if title.startswith("test_") and not asks and "two lives" not in inspect.getsource(test):
            yield test


@pytest.mark.parametrize("case", list(cases()))
def test_a_construct_survives_migrations(case: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lived, "BESIDE", [Migrating])
    case()
