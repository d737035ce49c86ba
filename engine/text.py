"""Text for people: a Chinese source sentence with named parameters, translated when shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class T:
    """A sentence for people, not yet in anybody's language.

    The message is the Chinese source text and the key of the catalogue; parameters are filled in
    after translation and may be texts themselves.
    """

    __slots__ = ("message", "params")

    def __init__(self, message: str, **params: Any) -> None:
        self.message = message
        self.params = params

    def render(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate` (message in, message out)."""
        message = translate(self.message)
        if not self.params:
            return message
        filled = {k: v.render(translate) if isinstance(v, T) else v for k, v in self.params.items()}
        return message.format(**filled)

    def __str__(self) -> str:
        return self.render(lambda message: message)

    def __repr__(self) -> str:
        return f"T({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, T) and (self.message, self.params) == (other.message, other.params)

    def __hash__(self) -> int:
        return hash((self.message, tuple(sorted((k, str(v)) for k, v in self.params.items()))))
