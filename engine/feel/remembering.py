"""Parsed texts are kept: many short ones, and few long ones, for each of those holds megabytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Protocol, TypeVar

from engine.feel.limits import Limits

R = TypeVar("R", covariant=True)

_SHORT = 500
_MANY, _FEW = 2048, 8


class Reading(Protocol[R]):
    """What reads a text, given the names it must be told of and the limits."""

    def __call__(self, text: str, odd: tuple[str, ...], limits: Limits) -> R:
        """Return what the text means; raise FeelSyntaxError."""


def remembered(read: Reading[R]) -> Reading[R]:
    """Return a reading that gives the same object again for the same text."""
    short: Callable[..., R] = lru_cache(maxsize=_MANY)(read)
    long: Callable[..., R] = lru_cache(maxsize=_FEW)(read)

    def again(text: str, odd: tuple[str, ...], limits: Limits) -> R:
        return (short if len(text) <= _SHORT else long)(text, odd, limits)

    return again
