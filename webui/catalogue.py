"""The translations of all layers, merged: Chinese sentence in, sentence of the language out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
SOURCE = "zh"

_ROOT = Path(__file__).resolve().parent.parent
_LAYERS = ("engine", "forms", "processes", "webui")


def catalogue_files(language: str) -> list[Path]:
    """Return the PO files of a language, lowest layer first."""
    return [path for layer in _LAYERS for path in sorted((_ROOT / layer / "locale" / language).glob("*.po"))]


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the merged catalogue of a language; the source language needs none."""
    messages: dict[str, str] = {}
    if language != SOURCE:
        for path in catalogue_files(language):
            messages.update(read_catalogue(path))
    return messages


def read_catalogue(path: Path) -> dict[str, str]:
    """Return the translated messages of one PO file."""
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        entries = read_po(stream, charset="utf-8")
    return {str(entry.id): str(entry.string) for entry in entries if entry.id and entry.string}
