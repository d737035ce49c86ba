"""A watch over drawn examples: one that does not end fails by its name instead of stopping all."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Endless(AssertionError):
    """An example has used more of a processor than any that ends."""


@contextmanager
def ends(name: str, *, seconds: float = 60) -> Iterator[None]:
    """Raise `Endless` in the block after so many seconds of computing, however busy the machine is.

    What it raises shows the place at which the example was then.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Endless(f"{name} computes for longer than {seconds} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
