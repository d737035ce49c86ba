"""Rules about decision services and imports (DMN 1.5 §6.3.2, §6.3.9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.dmn import model
from engine.dmn.linking import Found, key_of, name_of, place_of
from engine.dmn.model import GraphElement
from engine.dmn.namespaces import VERSIONS
from engine.dmn.places import Place
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.text import T


def _services(subject: Subject) -> Iterator[model.DecisionService]:
    elements = subject.document.definitions.elements
    return (element for element in elements if isinstance(element, model.DecisionService))


@rule(
    "service.output-missing",
    "DMN 1.5 §6.3.9",
    T("决策服务“{name}”没有输出决策"),
    T("指明它给出哪个决策的结果"),
)
def _output_missing(subject: Subject) -> Hits:
    return (Hit(place_of(service)) for service in _services(subject) if not service.outputs)


@rule(
    "service.requirement-outside",
    "DMN 1.5 §6.3.9",
    T("决策服务“{name}”里的“{decision}”需要“{required}”，而它既不在服务里，也不是输入"),
    T("把“{required}”放进服务，或列为服务的输入"),
)
def _requirement_outside(subject: Subject) -> Hits:
    for service in _services(subject):
        inside = _elements(subject, service, (*service.outputs, *service.encapsulated))
        given = _elements(subject, service, (*service.input_decisions, *service.input_data))
        reached = {id(element) for element in (*inside, *given)}
        for decision in inside:
            if any(decision is each for each in given):
                continue
            for found in _values(subject, decision):
                if id(found.element) not in reached:
                    names = {"decision": decision.name, "required": found.name}
                    yield Hit(place_of(service), names)


def _elements(subject: Subject, service: model.DecisionService, hrefs: tuple[str, ...]) -> list[GraphElement]:
    return [found.element for found in subject.model.all_found(hrefs, service)]


def _values(subject: Subject, decision: GraphElement) -> list[Found]:
    """Return the decisions and inputs a decision of this file requires."""
    if not isinstance(decision, model.Decision) or decision not in subject.document.definitions.elements:
        return []
    kinds = model.Decision | model.InputData
    return [found for found in subject.model.required(decision) if isinstance(found.element, kinds)]


@rule(
    "import.unknown",
    "DMN 1.5 §6.3.2",
    T("导入的模型“{namespace}”没有一起给出"),
    T("把那个文件一起给出，或删除这条导入"),
)
def _import_unknown(subject: Subject) -> Hits:
    for each in _imports(subject):
        if key_of(each.namespace) not in subject.known:
            yield Hit(_place(each), {"namespace": each.namespace})


@rule(
    "import.type",
    "DMN 1.5 §6.3.2",
    T("导入“{name}”的是“{type}”，这里只能导入 DMN 模型"),
    T("改用 DMN 模型：类型在模型里定义，函数用 FEEL 写"),
)
def _import_type(subject: Subject) -> Hits:
    for each in subject.document.definitions.imports:
        if not _is_model(each):
            yield Hit(_place(each), {"type": each.type})


def _imports(subject: Subject) -> list[model.Import]:
    return [each for each in subject.document.definitions.imports if _is_model(each)]


def _is_model(each: model.Import) -> bool:
    return each.type in VERSIONS or "/DMN/" in each.type or not each.type


@rule(
    "import.name",
    "DMN 1.5 §6.3.2",
    T("导入的名称“{name}”已经用于别的元素或导入"),
    T("给这条导入另一个名称"),
)
def _import_name(subject: Subject) -> Hits:
    definitions = subject.document.definitions
    names = Counter(each.name for each in definitions.imports if each.name)
    used = {name_of(element) for element in definitions.elements}
    for each in definitions.imports:
        if each.name and (each.name in used or names[each.name] > 1):
            yield Hit(_place(each))


def _place(each: model.Import) -> Place:
    return Place(each.id or each.name or each.namespace, each.name, each.id, each.line, T("本身"), each.tag)
