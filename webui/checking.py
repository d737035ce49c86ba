"""Checking diagram files by the gate of publishing, without a server."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from engine import publishing
from engine.bpmn.reading import read
from engine.errors import UnsafeDocument
from engine.runtime import Engine
from engine.store.database import UnitOfWork
from webui.answers import Answer
from webui.serving import file_address, open_engine


def check_files(paths: Sequence[Path]) -> dict[Path, Answer]:
    """Return the findings of each file, or why it cannot be read; the files may call one another."""
    contents = {path: path.read_bytes() for path in paths}
    together = [process_id for xml in contents.values() for process_id in _process_ids(xml)]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(file_address(Path(folder) / "check.db"), Path(folder))
        try:
            with engine.database.read() as uow:
                return {path: _check(engine, uow, xml, together) for path, xml in contents.items()}
        finally:
            engine.database.close()


def _check(engine: Engine, uow: UnitOfWork, xml: bytes, together: Sequence[str]) -> Answer:
    try:
        return publishing.check(engine, uow, xml, together, publishing=False)[1]
    except UnsafeDocument as error:
        return error


def _process_ids(xml: bytes) -> list[str]:
    try:
        return [head.id for head in read(xml).processes()]
    except UnsafeDocument:
        return []
