"""The runner of the embedded process: one thread that sleeps until the next job is due."""

from __future__ import annotations

import logging
import threading

from engine import clock, jobs
from engine.due import run_due
from engine.runtime import Engine

_log = logging.getLogger(__name__)
_LONGEST_SLEEP = 30.0
"""Seconds; bounds how late the runner notices jobs written or a clock moved by another process."""


class InlineRunner:
    """Runs due jobs in a thread; a step's commit wakes it, otherwise it sleeps till the next one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="wuxing-jobs", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the job at hand and wait for the end of the thread."""
        self._stop.set()
        self._engine.wake.set()
        self._thread.join(timeout=10)

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._engine.wake.clear()
            try:
                run_due(self._engine, behind=True)
            except Exception:
                _log.exception("the job runner could not work; it tries again")
                self._stop.wait(1.0)
            self._engine.wake.wait(self._pause())

    def _pause(self) -> float:
        with self._engine.database.read() as uow:
            due = jobs.next_due(uow)
        if due is None:
            return _LONGEST_SLEEP
        return min(_LONGEST_SLEEP, max(0.05, (due - clock.now()).total_seconds()))
