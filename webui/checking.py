"""Checking diagram files by the gate of publishing, without a server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine import decisions, dmn, publishing
from engine.bpmn.reading import read
from engine.errors import UnsafeDocument
from engine.runtime import Engine
from engine.store.database import UnitOfWork
from webui.answers import Answer
from webui.rehearsal import is_model
from webui.serving import file_address, open_engine


def check_files(paths: Sequence[Path]) -> dict[Path, Answer]:
    """Return the findings of each file, or why it cannot be read; the files may call one another."""
    contents = {path: path.read_bytes() for path in paths}
    decided = _decisions(xml for path, xml in contents.items() if is_model(path))
    together = [process_id for xml in contents.values() for process_id in _process_ids(xml)]
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(file_address(Path(folder) / "check.db"), Path(folder))
        try:
            with engine.database.read() as uow:
                return {
                    path: _check_model(uow, xml)
                    if is_model(path)
                    else _check(engine, uow, xml, together, decided)
                    for path, xml in contents.items()
                }
        finally:
            engine.database.close()


def _check(
    engine: Engine, uow: UnitOfWork, xml: bytes, together: Sequence[str], decided: Sequence[str]
) -> Answer:
    try:
        return publishing.check(engine, uow, xml, together, decided, publishing=False)[1]
    except UnsafeDocument as error:
        return error


def _process_ids(xml: bytes) -> list[str]:
    try:
        return [head.id for head in read(xml).processes()]
    except UnsafeDocument:
        return []


def _check_model(uow: UnitOfWork, xml: bytes) -> Answer:
    try:
        return decisions.check(uow, xml)[1]
    except UnsafeDocument as error:
        return error


def _decisions(models: Iterable[bytes]) -> list[str]:
    """Return the ids of all decisions in models; one that cannot be read has none."""
    found: list[str] = []
    for xml in models:
        try:
            found.extend(decisions.offered(dmn.read(xml)))
        except UnsafeDocument:
            # The file itself is answered for with this error.
            continue
    return found
