"""Link events: off-page connectors within one scope."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.findings import Known
from engine.bpmn.items import texts
from engine.bpmn.model import Definition, Model, Node
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_SOURCE = "BPMN 2.0.2 §10.5.4"


@rule(
    "link.name-missing",
    _SOURCE,
    T("链接事件“{name}”没有链接名"),
    T("给出口和入口的链接写上相同的名称"),
)
def name_missing(model: Model, known: Known) -> Hits:
    """A link is found by its name."""
    for _, definition in _links(model):
        if not _name(definition):
            yield hit(definition.at)


@rule(
    "link.no-target",
    _SOURCE,
    T("链接“{link}”的出口“{name}”在同一层没有入口"),
    T("在同一个流程或子流程里画一个同名的链接捕获事件"),
)
def no_target(model: Model, known: Known) -> Hits:
    """Each source link has a target in its scope: the one it names, or one of its name."""
    targets = {(id(node.scope), key) for node, link in _links(model) if _catches(node) for key in _keys(link)}
    for node, definition in _links(model):
        wanted = next(texts(definition.xml, "target"), "") or _name(definition)
        if node.kind == "intermediateThrowEvent" and wanted and (id(node.scope), wanted) not in targets:
            yield hit(definition.at, link=_name(definition) or wanted)


@rule(
    "link.no-source",
    _SOURCE,
    T("链接“{link}”的入口“{name}”没有出口通向它"),
    T("在同一层画一个同名的链接抛出事件，或删除这个入口"),
)
def no_source(model: Model, known: Known) -> Hits:
    """Each target link has a source in its scope."""
    led = {
        (id(node.scope), key)
        for node, link in _links(model)
        if node.kind == "intermediateThrowEvent"
        for key in (next(texts(link.xml, "target"), ""), _name(link))
        if key
    }
    for node, definition in _links(model):
        keys = _keys(definition)
        if _catches(node) and keys and not any((id(node.scope), key) in led for key in keys):
            yield hit(definition.at, link=_name(definition))


@rule(
    "link.pair",
    _SOURCE,
    T("链接“{name}”的 {key} 指向“{other}”，后者却没有指回来"),
    T("出口的 target 与入口的 source 要成对：补上另一边，或都删除"),
)
def pair(model: Model, known: Known) -> Hits:
    """Where links say on both sides which belong together, they agree."""
    for node, definition in _links(model):
        key, back = ("source", "target") if _catches(node) else ("target", "source")
        for named in texts(definition.xml, key):
            other = model.tagged(named, "linkEventDefinition")
            answers = set() if other is None else set(texts(other, back))
            if answers and definition.xml.get("id") not in answers:
                yield hit(definition.at, key=key, other=named)


@rule(
    "link.several-targets",
    _SOURCE,
    T("链接“{link}”在同一层有几个入口"),
    T("一个链接名只留一个捕获事件；出口可以有几个"),
)
def several_targets(model: Model, known: Known) -> Hits:
    """A link name has one target in a scope."""
    seen: set[tuple[int, str]] = set()
    for node, definition in _links(model):
        key = (id(node.scope), _name(definition))
        if _catches(node) and key in seen:
            yield hit(definition.at, link=key[1])
        if _catches(node):
            seen.add(key)


@rule(
    "link.source-flow",
    _SOURCE,
    T("链接出口“{name}”还有输出的顺序流"),
    T("删除这条输出：流程从同名的入口继续"),
)
def source_flow(model: Model, known: Known) -> Hits:
    """A source link has no outgoing flow."""
    for node, _ in _links(model):
        if node.kind == "intermediateThrowEvent" and node.outgoing:
            yield hit(node.xml)


@rule(
    "link.target-flow",
    _SOURCE,
    T("链接入口“{name}”还有输入的顺序流"),
    T("删除这条输入：流程只从同名的出口到达这里"),
)
def target_flow(model: Model, known: Known) -> Hits:
    """A target link has no incoming flow."""
    for node, _ in _links(model):
        if _catches(node) and node.incoming:
            yield hit(node.xml)


def _links(model: Model) -> Iterator[tuple[Node, Definition]]:
    for node in model.nodes:
        for definition in node.definitions:
            if definition.kind == "link" and node.kind.startswith("intermediate"):
                yield node, definition


def _name(definition: Definition) -> str:
    return definition.xml.get("name", "").strip()


def _keys(definition: Definition) -> list[str]:
    """Return by what a target link is found: its id and its name."""
    return [key for key in (definition.xml.get("id", ""), _name(definition)) if key]


def _catches(node: Node) -> bool:
    return node.kind == "intermediateCatchEvent"
