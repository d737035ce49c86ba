"""Decision models as immutable published versions, which diagrams are pinned to (DMN 1.5)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine import clock, dmn, feel
from engine.bpmn import gate
from engine.bpmn.findings import Finding
from engine.directory import Actor
from engine.dmn import Document, Model
from engine.dmn import gate as model_gate
from engine.dmn.linking import name_of, variable_type
from engine.dmn.model import Decision, DecisionService, GraphElement, InputData
from engine.errors import Conflict, ElementFailed, NotFound
from engine.feel.types import ANY, FeelType
from engine.runtime import Engine
from engine.store.database import UnitOfWork
from engine.store.tables import decision_model
from engine.store.types import dump_json
from engine.text import T

Json = Any

DECIDABLE = (Decision, DecisionService)
"""What a business rule task may ask for."""


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A published version of a decision model.

    `decisions` are the names of what can be decided, by id; `imports` the versions of the models it
    imports, by namespace.
    """

    id: int
    namespace: str
    version: int
    hash: str
    name: str
    xml: bytes
    decisions: dict[str, str]
    imports: dict[str, int]
    note: str
    warnings: list[dict[str, Json]]
    published_by: int
    published_at: datetime


def get(uow: UnitOfWork, model_id: int) -> DecisionModel:
    """Return a published version; raises `NotFound`."""
    row = uow.execute(sa.select(decision_model).where(decision_model.c.id == model_id)).mappings().first()
    if row is None:
        raise NotFound(T("没有这个决策模型版本"), decision_model=model_id)
    return _model(dict(row))


def versions(uow: UnitOfWork, namespace: str) -> list[DecisionModel]:
    """Return all versions of a model, newest first."""
    query = (
        sa.select(decision_model)
        .where(decision_model.c.namespace == namespace)
        .order_by(decision_model.c.version.desc())
    )
    return [_model(dict(row)) for row in uow.execute(query).mappings()]


def newest(uow: UnitOfWork) -> list[DecisionModel]:
    """Return the newest version of every model, by name."""
    numbers = sa.select(sa.func.max(decision_model.c.id)).group_by(decision_model.c.namespace)
    query = sa.select(decision_model).where(decision_model.c.id.in_(numbers)).order_by(decision_model.c.name)
    return [_model(dict(row)) for row in uow.execute(query).mappings()]


def known(uow: UnitOfWork) -> dict[str, str]:
    """Return the names of all decisions that a diagram may refer to, by id."""
    return {id: name for model in newest(uow) for id, name in model.decisions.items()}


def _model(row: Mapping[str, Any]) -> DecisionModel:
    return DecisionModel(**{**row, "xml": bytes(row["xml"])})


# ---------------------------------------------------------------- publishing


def check(uow: UnitOfWork, xml: bytes) -> tuple[Document, list[Finding]]:
    """Read a model and return it with all findings; raises `UnsafeDocument`."""
    document = dmn.read(xml)
    others = [dmn.read(model.xml) for model in newest(uow)]
    return document, model_gate.check(document, others)


def publish(
    engine: Engine,
    uow: UnitOfWork,
    actor: Actor,
    xml: bytes,
    *,
    note: str = "",
    confirmed: Collection[str] = (),
) -> DecisionModel:
    """Publish a model as the next version of its namespace, with the models it imports pinned.

    Publishing what is already the newest version returns that version. Raises `PublishRefused` with
    all findings for an error or an unconfirmed warning, `Conflict` for a decision whose id another
    model uses: a diagram names a decision by its id alone.
    """
    document, findings = check(uow, xml)
    gate.raise_unless_confirmed(findings, confirmed)
    definitions = document.definitions
    _refuse_taken(uow, definitions.namespace, offered(document))
    imports = _pin_imports(uow, document)
    content = hashlib.sha256(document.source + dump_json(imports).encode()).hexdigest()
    before = next(iter(versions(uow, definitions.namespace)), None)
    if before is not None and before.hash == content:
        return before
    values: dict[str, Any] = {
        "namespace": definitions.namespace,
        "version": (before.version if before is not None else 0) + 1,
        "hash": content,
        "name": definitions.name,
        "xml": document.source,
        "decisions": offered(document),
        "imports": imports,
        "note": note,
        "warnings": [{**finding.as_json(), "confirmed_by": actor.id} for finding in findings],
        "published_by": actor.id,
        "published_at": clock.now(),
    }
    found = uow.execute(sa.insert(decision_model).values(**values).returning(decision_model.c.id))
    return get(uow, found.scalar_one())


def offered(document: Document) -> dict[str, str]:
    """Return the names of what a model can decide, by id."""
    elements = document.definitions.elements
    return {each.id: each.name for each in elements if isinstance(each, DECIDABLE) and each.id}


def _refuse_taken(uow: UnitOfWork, namespace: str, ids: Collection[str]) -> None:
    for model in newest(uow):
        taken = sorted(set(model.decisions) & set(ids)) if model.namespace != namespace else []
        if taken:
            text = T("决策编号“{id}”已在模型“{model}”中使用，请换一个", id=taken[0], model=model.name)
            raise Conflict(text, decision=taken[0])


def _pin_imports(uow: UnitOfWork, document: Document) -> dict[str, int]:
    """Return the newest versions of everything imported, directly or through others."""
    found = {model.namespace: model for model in newest(uow)}
    pinned: dict[str, int] = {}
    todo = list(_imported(document))
    while todo:
        namespace = todo.pop()
        if namespace in pinned or namespace not in found:
            continue
        pinned[namespace] = found[namespace].id
        todo.extend(_imported(dmn.read(found[namespace].xml)))
    return pinned


def _imported(document: Document) -> Iterable[str]:
    return (each.namespace for each in document.definitions.imports)


def in_order(models: Iterable[bytes]) -> list[bytes]:
    """Return models so that those that are imported come before those that import them."""
    waiting = {document.definitions.namespace: document for document in map(dmn.read, models)}
    ordered: list[bytes] = []
    while waiting:
        ready = [name for name, each in waiting.items() if not {*_imported(each)} & ({*waiting} - {name})]
        for name in ready or list(waiting):
            ordered.append(waiting.pop(name).source)
    return ordered


# ---------------------------------------------------------------- in use


def pin(uow: UnitOfWork, wanted: Collection[str]) -> dict[str, int]:
    """Return the newest model that has each of the wanted decisions; raises `NotFound`."""
    holders = {id: model.id for model in newest(uow) for id in model.decisions}
    for decision in sorted(wanted):
        if decision not in holders:
            raise NotFound(T("没有编号为“{id}”的决策", id=decision), decision=decision)
    return {decision: holders[decision] for decision in sorted(wanted)}


@dataclass(frozen=True, slots=True)
class Executable:
    """A version with its logic, linked with the models it imports."""

    published: DecisionModel
    model: Model

    def result_of(self, decision: str) -> str:
        """Return the name a decision's value has when nobody gives it another."""
        return name_of(self._element(decision))

    def type_of(self, decision: str) -> FeelType | None:
        """Return the type a decision's value is made to fit; None where the model says nothing."""
        element = self._element(decision)
        kind = self.model.space_of(element).types.kind_of(variable_type(element))
        return None if kind == ANY else kind

    def inputs_of(self, decision: str) -> set[str]:
        """Return the names of the data a decision needs, also through others; a service its parameters."""
        asked = self._element(decision)
        if isinstance(asked, DecisionService):
            hrefs = (*asked.input_data, *asked.input_decisions)
            return {name_of(each.element) for each in self.model.all_found(hrefs, asked)}
        found: set[str] = set()
        seen: set[int] = set()
        todo = [(self.model, asked)]
        while todo:
            model, element = todo.pop()
            if id(element) in seen:
                continue
            seen.add(id(element))
            if isinstance(element, InputData):
                found.add(name_of(element))
            for each in model.required(element):
                todo.append((model.model_of(each, element), each.element))
        return found

    def _element(self, decision: str) -> GraphElement:
        element = self.model.named(decision)
        if element is None:
            raise NotFound(T("没有编号为“{id}”的决策", id=decision), decision=decision)
        return element


def executable(engine: Engine, uow: UnitOfWork, model_id: int) -> Executable:
    """Return a version with its logic, kept in memory: versions never change."""
    ready = engine.decisions.get(model_id)
    if ready is None:
        found = get(uow, model_id)
        imported = [dmn.read(get(uow, each).xml).definitions for each in found.imports.values()]
        model = dmn.link(dmn.read(found.xml).definitions, imported)
        ready = engine.decisions[model_id] = Executable(found, model)
        uow.on_failure(lambda: engine.decisions.pop(model_id, None))
    return ready


def results(engine: Engine, uow: UnitOfWork) -> dict[str, tuple[str, FeelType | None]]:
    """Return the name and the type of the result of every decision, by the decision's id."""
    found: dict[str, tuple[str, FeelType | None]] = {}
    for published in newest(uow):
        ready = executable(engine, uow, published.id)
        for decision in published.decisions:
            found[decision] = (ready.result_of(decision), ready.type_of(decision))
    return found


def decide(of: Executable, decision: str, names: Mapping[str, Json]) -> tuple[Any, dict[str, Json]]:
    """Return the value of a decision for the variables of an instance, and what the history keeps of it.

    Kept are the inputs, the rules of every table that matched, with what they answered, and the value.
    Raises `ElementFailed` for a value that is null for a reason.
    """
    inputs = {name: names[name] for name in sorted(of.inputs_of(decision)) if name in names}
    found = dmn.evaluate(of.model, decision, inputs)
    if found.value is None and found.problems:
        first = found.problems[0]
        raise ElementFailed("decision", first.text, decision=decision, at=first.place.name, inputs=inputs)
    return found.value, {
        "decision": decision,
        "name": of.published.decisions[decision],
        "model": of.published.name,
        "version": of.published.version,
        "inputs": inputs,
        "tables": [_told(table) for table in found.tables],
        "answer": feel.to_json(found.value),
    }


def _told(table: dmn.TableRun) -> dict[str, Json]:
    return {
        "table": table.place.name,
        "inputs": feel.to_json(table.inputs),
        "rules": [
            {
                "number": rule.number,
                "outputs": feel.to_json(rule.outputs),
                **({"notes": rule.annotations} if rule.annotations else {}),
            }
            for rule in table.rules
        ],
    }
