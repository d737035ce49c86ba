"""Lists of people and groups as other products write them: `user(ada), group(sales)`."""

from __future__ import annotations

import re

_NAMED = r"\s*(user|group)\(\s*([^(),\"]*?)\s*\)\s*"
_LIST = re.compile(rf"{_NAMED}(?:,{_NAMED})*")
_ONE = re.compile(_NAMED)


def is_list(text: str) -> bool:
    """Return whether a text is such a list and not FEEL."""
    return _LIST.fullmatch(text) is not None


def listed(text: str) -> list[tuple[str, str]]:
    """Return what a list names, in its order: `user` or `group`, and the name."""
    return _ONE.findall(text)
