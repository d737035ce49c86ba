"""The diagrams that come with the product: published when they are new or have changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine import definitions, publishing, settings
from engine.bpmn.publication import called_processes
from engine.bpmn.reading import read
from engine.directory import SYSTEM
from engine.runtime import Engine
from engine.store.database import UnitOfWork
from engine.store.types import dump_json

COLLABORATION = Path(__file__).resolve().parent / "collaboration"
NOTE = "随产品提供"
OFFERED = "packaged_content"
"""The setting that remembers which packaged content has been offered."""


def packaged() -> dict[str, bytes]:
    """Return the packaged diagrams by process id, called ones before those that call them."""
    found = {path.stem: path.read_bytes() for path in sorted(COLLABORATION.glob("*.bpmn"))}
    calls = {name: set(called_processes(read(xml))) & set(found) for name, xml in found.items()}
    ordered: dict[str, bytes] = {}
    while len(ordered) < len(found):
        ready = [name for name in found if name not in ordered and calls[name] <= set(ordered)]
        ordered |= {name: found[name] for name in ready}
    return ordered


def publish_packaged(engine: Engine) -> list[str]:
    """Publish what is not published yet, in one transaction; returns the processes that changed.

    A diagram somebody has published since is left alone: the packaged one is offered once per content.
    Nothing is parsed when diagrams and forms are those that were offered last, so a start stays quick.
    """
    content = _content(engine)
    with engine.database.write() as uow:
        if settings.get(uow, OFFERED) == content:
            return []
        changed = [name for name, xml in packaged().items() if _offer(engine, uow, name, xml)]
        settings.put(uow, OFFERED, content)
        return changed


def _content(engine: Engine) -> str:
    """Return a digest of all packaged diagrams and of the forms they may show."""
    digest = hashlib.sha256(dump_json(engine.handlers.form_library).encode())
    for path in sorted(COLLABORATION.glob("*.bpmn")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _offer(engine: Engine, uow: UnitOfWork, name: str, xml: bytes) -> bool:
    known = definitions.versions(uow, name)
    if any(version.xml == xml for version in known) and not _calls_changed(uow, known[0]):
        return False
    before = known[0].version if known else 0
    return publishing.publish(engine, uow, SYSTEM, xml, note=NOTE).version > before


def _calls_changed(uow: UnitOfWork, newest: definitions.Definition) -> bool:
    """Say whether a called process has a newer version than the one pinned."""
    latest = {name: definitions.latest(uow, name) for name in newest.called}
    return any(found is not None and found.id != newest.called[name] for name, found in latest.items())
