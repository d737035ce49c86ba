"""Short messages on the next page, with the way to undo what can be undone."""

from __future__ import annotations

from flask import flash

from engine.text import T
from webui.i18n import render_text


def toast(text: T, kind: str = "ok", *, undo: str | None = None) -> None:
    """Show a message on the next page; `undo` is the address that takes the act back by POST.

    Kinds are those of tags: `ok`, `acc`, `warn`, `err`.
    """
    flash({"text": render_text(text), "undo": undo}, kind)  # type: ignore[arg-type]
