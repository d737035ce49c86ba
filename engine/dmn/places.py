"""Where in a model something is: what people call it, and the ids that an editor can show."""

from __future__ import annotations

from dataclasses import dataclass

from engine.text import T


@dataclass(frozen=True, slots=True)
class Place:
    """An element of the requirements graph, and the part of it: its id, its line, what people call it.

    `tag` is that of the element in the file.
    """

    element: str
    name: str
    part: str = ""
    line: int = 0
    what: T | str = ""
    tag: str = ""
