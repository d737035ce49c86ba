"""Upload of a diagram drawn for another product: its translation is shown before it becomes a draft."""

from __future__ import annotations

import base64
import binascii
import zlib

from flask import render_template

from engine.bpmn.importing import OUTCOMES, Imported, translate
from engine.bpmn.reading import MAX_BYTES
from engine.errors import InvalidInput
from engine.text import T
from webui.context import engine

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
        packed=base64.b64encode(zlib.compress(xml, 9)).decode("ascii"),
        replace=replace,
    )


def unpacked(text: str) -> bytes:
    """Return the file a page sends back; never more than a file may have."""
    try:
        content = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), MAX_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise InvalidInput(T("请选择文件"), {"file": T("请选择一个 .bpmn 文件")}) from error
    return content
