"""The only source of the present: UTC, and movable for tests, scenarios and the demo."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that can say what time it is."""

    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """The machine's clock, shifted; the demo moves through time with it."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """Return the machine's time plus the offset."""
        return datetime.now(UTC) + self.offset


class FrozenClock:
    """A clock that stands still until told to move."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock was last set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Move to `at`, forwards or backwards."""
        self._at = at.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move by `step`."""
        self._at += step


_lock = threading.Lock()
_clock: Clock = SystemClock()


def now() -> datetime:
    """Return the present of this process as an aware UTC datetime."""
    return _clock.now()


def current() -> Clock:
    """Return the clock in use."""
    return _clock


def set_clock(clock: Clock) -> None:
    """Make `clock` the clock of this process."""
    global _clock
    with _lock:
        _clock = clock


@contextmanager
def use_clock(clock: Clock) -> Iterator[Clock]:
    """Use `clock` within a block and put the former one back afterwards."""
    former = current()
    set_clock(clock)
    try:
        yield clock
    finally:
        set_clock(former)
