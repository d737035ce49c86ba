"""Checking and running files with decision models, without a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine import dmn
from engine.dmn.gate import check
from engine.errors import UnsafeDocument
from webui.answers import Answer


def check_files(paths: Sequence[Path]) -> dict[Path, Answer]:
    """Return the findings of each file, or why it cannot be read; the files may import one another."""
    read = {path: _read(path) for path in paths}
    documents = [each for each in read.values() if isinstance(each, dmn.Document)]
    return {
        path: check(each, [other for other in documents if other is not each])
        if isinstance(each, dmn.Document)
        else each
        for path, each in read.items()
    }


def _read(path: Path) -> dmn.Document | UnsafeDocument:
    try:
        return dmn.read(path.read_bytes())
    except UnsafeDocument as error:
        return error


def decide(paths: Sequence[Path], name: str, context: Mapping[str, Any]) -> dmn.Decided:
    """Return what a decision of the first file answers; raises `UnsafeDocument` and `NotFound`."""
    first, *others = (dmn.read(path.read_bytes()).definitions for path in paths)
    return dmn.evaluate(dmn.link(first, others), name, context)
