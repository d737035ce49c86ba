"""Running diagram files once, in a database made for that run, without a server."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine import decisions, publishing
from engine.bpmn.publication import called_processes, main_process
from engine.bpmn.reading import Document, read
from engine.clock import FrozenClock, use_clock
from engine.directory import SYSTEM
from engine.errors import InvalidInput
from engine.runtime import Engine
from engine.simulation.play import simulate, stub_services
from engine.simulation.report import Report
from engine.simulation.scenario import Scenario
from engine.store.database import open_database
from engine.text import T
from processes import handlers
from processes.catalog import packaged, publish_packaged
from webui.serving import file_address

Json = Any


def scenario_of(
    file: Path | None,
    *,
    data: str = "{}",
    start_event: str | None = None,
    hold: Sequence[str] = (),
    messages: Sequence[str] = (),
    signals: Sequence[str] = (),
) -> Scenario:
    """Return the scenario of a file, with what was given beside it; raises `InvalidInput`."""
    body = _json(file.read_text(encoding="utf-8"), file.name) if file is not None else {}
    if not isinstance(body, dict):
        raise InvalidInput(T("{where} 应是 JSON 对象", where="scenario"))
    variables = _json(data, "--data")
    if not isinstance(variables, dict):
        raise InvalidInput(T("{where} 应是 JSON 对象", where="--data"))
    events = [
        *(_event("message", text) for text in messages),
        *(_event("signal", text) for text in signals),
    ]
    given = {
        **body,
        "variables": {**body.get("variables", {}), **variables},
        "answers": {**body.get("answers", {}), **dict.fromkeys(hold)},
        "events": [*body.get("events", []), *events],
    }
    return Scenario.read(given if start_event is None else {**given, "start_event": start_event})


def rehearse(paths: Sequence[Path], scenario: Scenario, process_id: str | None = None) -> Report:
    """Publish diagram files, and decision models (`.dmn`), and run one process of theirs by a scenario.

    The process is the first file's main one unless another is named. Raises `PublishRefused` with
    all findings, `UnsafeDocument` for a file that cannot be read, `NotFound` for an unknown process.
    """
    models = [path.read_bytes() for path in paths if is_model(path)]
    documents = [read(path.read_bytes()) for path in paths if not is_model(path)]
    if not documents:
        raise InvalidInput(T("文件里没有流程"))
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(file_address(Path(folder) / "run.db"))
        database.create()
        try:
            engine = Engine(database, handlers())
            stub_services(engine, scenario)
            with use_clock(FrozenClock(scenario.start)):
                _publish(engine, documents, models)
            return simulate(engine, process_id or main_process(documents[0]).id, scenario)
        finally:
            database.close()


def is_model(path: Path) -> bool:
    """Tell a decision model from a diagram by the ending of its name."""
    return path.suffix.lower() == ".dmn"


def _publish(engine: Engine, documents: Sequence[Document], models: Sequence[bytes]) -> None:
    """Publish what is called before what calls it, the product's own diagrams only when they are called."""
    own = {head.id for document in documents for head in document.processes()}
    called = {name for document in documents for name in called_processes(document)}
    if (called - own) & set(packaged()):
        publish_packaged(engine)
    with engine.database.write() as uow:
        for xml in decisions.in_order(models):
            decisions.publish(engine, uow, SYSTEM, xml, confirmed=publishing.EVERY_WARNING)
        for document in _in_order(documents):
            publishing.publish(engine, uow, SYSTEM, document.source, confirmed=publishing.EVERY_WARNING)


def _in_order(documents: Sequence[Document]) -> list[Document]:
    waiting, ordered = list(documents), []
    while waiting:
        missing = {head.id for document in waiting for head in document.processes()}
        ready = [each for each in waiting if not missing & _others(each)]
        ordered += ready or waiting
        waiting = [each for each in waiting if each not in ready] if ready else []
    return ordered


def _others(document: Document) -> set[str]:
    return set(called_processes(document)) - {head.id for head in document.processes()}


def _event(kind: str, text: str) -> dict[str, Json]:
    name, separator, payload = text.partition("=")
    return {kind: name, **({"payload": _json(payload, f"--{kind} {name}")} if separator else {})}


def _json(text: str, where: str) -> Json:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInput(T("{where} 不是 JSON：{problem}", where=where, problem=str(error))) from error
