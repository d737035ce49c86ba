"""Upload of a diagram drawn for another product: its translation is shown before it becomes a draft."""

from __future__ import annotations

from flask import render_template

from engine.bpmn.importing import OUTCOMES, Imported, translate
from webui.context import engine
from webui.packing import packed

_KINDS = {"translated": "ok", "dropped": "mute", "remains": "warn"}


def translated(xml: bytes) -> Imported:
    """Return the translation of a file; forms are those of this installation."""
    return translate(xml, frozenset(engine().handlers.form_library))


def offer(xml: bytes, imported: Imported, *, replace: bool) -> str:
    """Return the page that lists what an import does, with the file packed into it."""
    return render_template(
        "studio/import.html",
        imported=imported,
        outcomes=OUTCOMES,
        kinds=_KINDS,
        packed=packed(xml),
        replace=replace,
    )
