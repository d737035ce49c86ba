"""What is lived in several worlds: one tree alone, or some that talk to each other."""

from __future__ import annotations

from tests.blocks.draw import Draw
from tests.blocks.text import Text


def alone(seed: int) -> list[Text]:
    """Return one tree, with nobody to talk to."""
    return [Text(Draw(seed).process(), f"tree{seed}")]


def together(seed: int) -> list[Text]:
    """Return two trees that send each other messages, and a third that one of these starts.

    Of every other story the two run twice, each pair with its own key. Several tokens may wait for one
    message, and several instances of a sub-process, and of the third tree, may run beside each other:
    who gets what must not depend on what is in memory.
    """
    by = "pair" if seed % 2 else ""
    names = (f"m{seed}a", f"m{seed}b")
    pools = [
        Text(Draw(2 * seed + pool, messages=names, together=True).process(), f"pool{seed}{letter}", by=by)
        for pool, letter in enumerate("ab")
    ]
    return [*pools, Text(Draw(seed, together=True).process(), f"pool{seed}c", on=names[0])]
