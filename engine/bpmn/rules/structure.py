"""The file as a whole: the standard's XML Schema, and elements nobody knows."""

from __future__ import annotations

from engine.bpmn.child_order import disordered
from engine.bpmn.findings import Known
from engine.bpmn.model import Model, children, local, true
from engine.bpmn.namespaces import BPMNDI
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.bpmn.schema import known_tags, violations
from engine.text import T

_SOURCE = "BPMN 2.0.2 §15.3"
# Names the schema uses for what elements have in common; no file may use them as elements.
_ABSTRACT = frozenset(
    {
        "activity",
        "artifact",
        "baseElement",
        "baseElementWithMixedContent",
        "callableElement",
        "catchEvent",
        "choreographyActivity",
        "conversationNode",
        "dataAssociation",
        "event",
        "eventDefinition",
        "flowElement",
        "flowNode",
        "gateway",
        "loopCharacteristics",
        "rootElement",
        "throwEvent",
    }
)
_OPEN = frozenset({"extensionElements", "documentation", "text", "script", "partitionElement"})
# Rules of their own say these better than the schema does.
_SAID_BETTER = frozenset(
    {
        ("sequenceFlow", "sourceRef"),
        ("sequenceFlow", "targetRef"),
        ("boundaryEvent", "attachedToRef"),
        ("linkEventDefinition", "name"),
    }
)


@rule(
    "schema.invalid",
    _SOURCE,
    T("“{name}”不符合 BPMN 2.0 的 XML 模式：{problem}"),
    T("用建模工具重新导出，或按标准改正这一处"),
)
def invalid(model: Model, known: Known) -> Hits:
    """The file is valid against the standard's schema."""
    for problem in violations(model.root):
        tag = local(problem.xml)
        missing = problem.attribute and problem.xml.get(problem.attribute) is None
        duplicate = problem.attribute == "id" and len(model.ids.get(problem.xml.get("id", ""), ())) > 1
        if not duplicate and not (missing and (tag, problem.attribute) in _SAID_BETTER):
            yield hit(problem.xml, problem=problem.text)


@rule(
    "schema.unknown-element",
    _SOURCE,
    T("BPMN 2.0 没有名为“{tag}”的元素"),
    T("改成标准里的元素，或删除它"),
)
def unknown_element(model: Model, known: Known) -> Hits:
    """Every element of the BPMN namespace is one of the standard."""
    for xml in model.elements:
        if local(xml) not in known_tags() or local(xml) in _ABSTRACT:
            yield hit(xml, tag=local(xml))


@rule(
    "schema.foreign-element",
    _SOURCE,
    T("元素“{tag}”不属于 BPMN，却不在 extensionElements 里"),
    T("把它移到 extensionElements 里，或检查命名空间是否写错"),
)
def foreign_element(model: Model, known: Known) -> Hits:
    """What is not BPMN stands among extensions."""
    drawing = f"{{{BPMNDI}}}BPMNDiagram"
    for parent in model.elements:
        if local(parent) in _OPEN:
            continue
        for part in parent:
            if not local(part) and part.tag != drawing:
                yield hit(part, tag=str(part.tag).rpartition("}")[2])


@rule(
    "schema.must-understand",
    "BPMN 2.0.2 §8.3.3",
    T("文件声明了必须理解的扩展“{definition}”，引擎不认识它"),
    T("如果不需要这个扩展，删除它或去掉 mustUnderstand"),
)
def must_understand(model: Model, known: Known) -> Hits:
    """An extension that must be understood, and is not, forbids execution."""
    for xml in children(model.root, "extension"):
        if true(xml, "mustUnderstand"):
            yield hit(xml, definition=xml.get("definition", ""))


@rule(
    "schema.order",
    _SOURCE,
    T("“{name}”的子元素次序与标准不同"),
    T("不影响执行；用建模工具重新保存即可改正"),
    severity="warning",
)
def order(model: Model, known: Known) -> Hits:
    """Children stand in the order of the schema; nothing depends on it."""
    for xml in disordered(model.root):
        yield hit(xml)


@rule(
    "schema.target-namespace",
    _SOURCE,
    T("definitions 没有 targetNamespace"),
    T("不影响执行；标准要求写上它"),
    severity="warning",
)
def target_namespace(model: Model, known: Known) -> Hits:
    """A file says which namespace its elements are in; nothing of ours depends on it."""
    if not (model.root.get("targetNamespace") or "").strip():
        yield hit(model.root)


@rule(
    "diagram.dangling",
    "BPMN 2.0.2 §12.2",
    T("图形“{shape}”画的元素“{ref}”不存在"),
    T("不影响执行；用建模工具重新保存即可去掉它"),
    severity="warning",
)
def dangling_shape(model: Model, known: Known) -> Hits:
    """A shape draws an element of the file."""
    for kind in ("BPMNShape", "BPMNEdge", "BPMNPlane"):
        for shape in model.root.iter(f"{{{BPMNDI}}}{kind}"):
            ref = shape.get("bpmnElement", "").strip().rpartition(":")[2]
            if ref and ref not in model.ids:
                yield hit(shape, shape=shape.get("id") or kind, ref=ref)
