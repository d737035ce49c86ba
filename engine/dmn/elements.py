"""From the elements of a file to the model: types, imports and requirements (DMN 1.5 §6.3, §7.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from lxml import etree

from engine.dmn import model
from engine.dmn.boxes import expression_in, function, head, tests, variable
from engine.dmn.xml import child, children, local, named, true, type_of


def read_definitions(root: etree._Element, version: str) -> model.Definitions:
    """Return everything the `definitions` element holds."""
    return model.Definitions(
        name=named(root),
        namespace=root.get("namespace", "").strip(),
        version=version,
        imports=tuple(map(_import, children(root, "import"))),
        types=tuple(map(_item, children(root, "itemDefinition"))),
        elements=tuple(_READERS[local(part)](part) for part in root if local(part) in _READERS),
        language=root.get("expressionLanguage", "").strip(),
        **head(root),
    )


def _import(xml: etree._Element) -> model.Import:
    return model.Import(
        name=named(xml),
        namespace=xml.get("namespace", "").strip(),
        type=xml.get("importType", "").strip(),
        location=xml.get("locationURI", "").strip(),
        **head(xml),
    )


def _item(xml: etree._Element) -> model.ItemDefinition:
    signature = child(xml, "functionItem")
    return model.ItemDefinition(
        name=named(xml),
        type=type_of(xml),
        components=tuple(map(_item, children(xml, "itemComponent"))),
        is_collection=true(xml, "isCollection"),
        allowed=tests(child(xml, "allowedValues")),
        constraint=tests(child(xml, "typeConstraint")),
        function=None if signature is None else _signature(signature),
        language=xml.get("typeLanguage", "").strip(),
        **head(xml),
    )


def _signature(xml: etree._Element) -> model.FunctionItem:
    return model.FunctionItem(
        parameters=tuple(map(variable, children(xml, "parameters"))),
        result=type_of(xml, "outputTypeRef"),
        **head(xml),
    )


# ── the requirements graph ──────────────────────────────────────────────────────────────────────

_REQUIRED: dict[str, Literal["decision", "input", "knowledge", "authority"]] = {
    "requiredDecision": "decision",
    "requiredInput": "input",
    "requiredKnowledge": "knowledge",
    "requiredAuthority": "authority",
}


def _requirements(xml: etree._Element) -> tuple[model.Requirement, ...]:
    """Return what an element needs; decisions and inputs of an authority requirement are no values."""
    found = []
    for part in children(xml, "informationRequirement", "knowledgeRequirement", "authorityRequirement"):
        for end in children(part, *_REQUIRED):
            kind = "authority" if local(part) == "authorityRequirement" else _REQUIRED[local(end)]
            found.append(model.Requirement(kind=kind, href=end.get("href", "").strip(), **head(part)))
    return tuple(found)


def _graph_head(xml: etree._Element) -> dict[str, Any]:
    item = child(xml, "variable")
    return {
        **head(xml),
        "name": named(xml),
        "variable": None if item is None else variable(item),
        "requirements": _requirements(xml),
    }


def _decision(xml: etree._Element) -> model.Decision:
    return model.Decision(expression=expression_in(xml), **_graph_head(xml))


def _input_data(xml: etree._Element) -> model.InputData:
    return model.InputData(**_graph_head(xml))


def _knowledge_model(xml: etree._Element) -> model.KnowledgeModel:
    logic = child(xml, "encapsulatedLogic")
    return model.KnowledgeModel(logic=None if logic is None else function(logic), **_graph_head(xml))


def _service(xml: etree._Element) -> model.DecisionService:
    return model.DecisionService(
        outputs=_references(xml, "outputDecision"),
        encapsulated=_references(xml, "encapsulatedDecision"),
        input_decisions=_references(xml, "inputDecision"),
        input_data=_references(xml, "inputData"),
        **_graph_head(xml),
    )


def _references(xml: etree._Element, tag: str) -> tuple[str, ...]:
    return tuple(part.get("href", "").strip() for part in children(xml, tag))


def _knowledge_source(xml: etree._Element) -> model.KnowledgeSource:
    return model.KnowledgeSource(**_graph_head(xml))


_READERS: dict[str, Callable[[etree._Element], model.GraphElement]] = {
    "decision": _decision,
    "inputData": _input_data,
    "businessKnowledgeModel": _knowledge_model,
    "decisionService": _service,
    "knowledgeSource": _knowledge_source,
}
