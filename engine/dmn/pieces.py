"""The values of a column cut into pieces on which no cell changes its mind, with the rules that match there.

Rules are the bits of a number. An index answers which rules match a value by bisection; the same pieces tell
which rules overlap and what no rule covers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from engine.dmn.regions import HIGHEST, LOWEST, Cut, Region, key_of
from engine.feel.values import kind_of

MAX_RULES = 2_000
"""Tables with more rules are evaluated cell by cell; their index would be large."""


class Pieces:
    """One column: `masks[i]` has the rules that match on piece i.

    With n points there are 2n + 1 pieces: below the first point, the point, up to the next one, and so on.
    """

    def __init__(self, kind: str, regions: Sequence[Region | None]) -> None:
        self.kind = kind
        self.known = [region is not None and region.kind in ("", kind) for region in regions]
        used = [region for region, known in zip(regions, self.known, strict=True) if region and known]
        cuts = (cut for region in used for pair in region.intervals for cut in pair)
        self.points = sorted({cut[1] for cut in cuts if len(cut) > 1})
        self._places = {point: number for number, point in enumerate(self.points)}
        self.masks = self._filled(regions)

    def _filled(self, regions: Sequence[Region | None]) -> list[int]:
        """Mark where rules begin and end, then go through the pieces once."""
        changes = [0] * (2 * len(self.points) + 2)
        for rule, (region, known) in enumerate(zip(regions, self.known, strict=True)):
            for low, high in region.intervals if region is not None and known else ():
                changes[self.first(low)] ^= 1 << rule
                changes[self.last(high) + 1] ^= 1 << rule
        masks, mask = [], 0
        for change in changes[:-1]:
            mask ^= change
            masks.append(mask)
        return masks

    def first(self, low: Cut) -> int:
        """Return the piece that begins at a cut."""
        if low == LOWEST:
            return 0
        return 2 * self._places[low[1]] + (1 if low[2] < 0 else 2)

    def last(self, high: Cut) -> int:
        """Return the piece that ends at a cut."""
        if high == HIGHEST:
            return 2 * len(self.points)
        return 2 * self._places[high[1]] + (0 if high[2] < 0 else 1)

    def at(self, value: Any) -> int | None:
        """Return the rules that match a value that is not null; None when it is of another kind."""
        if not self.kind:
            return self.masks[0]
        if kind_of(value) != self.kind:
            return None
        key = key_of(value)
        place = bisect_left(self.points, key)
        hit = place < len(self.points) and self.points[place] == key
        return self.masks[2 * place + (1 if hit else 0)]


def main_kind(regions: Sequence[Region | None]) -> str:
    """Return the kind most cells of a column are about, empty when none is about anything."""
    kinds = [region.kind for region in regions if region is not None and region.kind]
    return max(sorted(set(kinds)), key=kinds.count, default="")


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
