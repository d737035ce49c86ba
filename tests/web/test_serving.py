"""What the server sets up around the application."""

from __future__ import annotations

import sys
import threading

import pytest

from engine.runtime import Engine
from engine.store.database import Database
from webui import serving
from webui.settings import Settings


def test_a_busy_thread_gives_way_every_millisecond_and_jobs_run_beside(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def listen(*_: object) -> None:
        seen.append(sys.getswitchinterval())
        seen.append("wuxing-jobs" in {thread.name for thread in threading.enumerate()})

    before = sys.getswitchinterval()
    monkeypatch.setattr(serving, "_listen", listen)
    try:
        serving.serve(Engine(sqlite), Settings(secret_key="test"), "127.0.0.1", 0)
    finally:
        sys.setswitchinterval(before)
    assert seen == [pytest.approx(0.001), True]
    assert "wuxing-jobs" not in {thread.name for thread in threading.enumerate()}
