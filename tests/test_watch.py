"""The watch over drawn examples."""

from __future__ import annotations

import itertools

import pytest

from tests.watch import Endless, ends


def test_an_example_that_does_not_end_is_named() -> None:
    with pytest.raises(Endless, match="net 7"), ends("net 7", seconds=0.05):
        for _ in itertools.count():
            pass


def test_one_that_ends_is_left_alone() -> None:
    with ends("net 7", seconds=0.05):
        pass
    sum(range(3_000_000))
