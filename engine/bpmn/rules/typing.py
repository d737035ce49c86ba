"""Types: what can only yield null, and names that get their value too late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine import feel
from engine.bpmn.expressions import Spot, spots
from engine.bpmn.findings import Known
from engine.bpmn.knowledge import knowledge_of
from engine.bpmn.model import Model, Node, local, reference
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.bpmn.rules.texts import position_of
from engine.bpmn.rules.variables import needed
from engine.errors import WuxingError
from engine.feel.assign import parse_script
from engine.feel.inference import Inferred, Misfit, infer, kind_name, settled
from engine.feel.types import FeelType
from engine.text import T

_TRUTHS = frozenset({"conditionExpression", "condition", "loopCondition", "completionCondition"})
_NUMBERS = frozenset({"loopCardinality"})
_TIMES = frozenset({"string", "date", "date and time", "days and time duration", "years and months duration"})


@rule(
    "expression.types",
    "DMN 1.5 §10.3.2",
    T("“{name}”的{what}“{text}”永远得不出结果：{problem}"),
    T("检查变量的类型；日期字段存的是文本，用 date(…) 转换后再比较"),
    severity="warning",
)
def types(model: Model, known: Known) -> Hits:
    """What is certain before anything runs is told before anything runs."""
    knowledge = knowledge_of(model, known)
    for spot in spots(model):
        node, left = _where(model, spot.xml)
        if node is None:
            continue
        for misfit, text in _misfits(spot, knowledge.types_at(node, needed(spot), left=left)):
            yield hit(
                spot.xml,
                what=spot.what,
                text=text,
                problem=misfit.text,
                spot=_place(spot.text, misfit.position),
            )


@rule(
    "expression.variable-later",
    "Wuxing D17",
    T("“{name}”的{what}用到“{variable}”，它到“{later}”才有值"),
    T("把给它赋值的步骤移到前面；如果它在发起时给出，可以保留"),
    severity="warning",
)
def variable_later(model: Model, known: Known) -> Hits:
    """A name that only later elements set has no value yet, unless the start has given it."""
    knowledge = knowledge_of(model, known)
    for spot in spots(model):
        node, _ = _where(model, spot.xml)
        if node is None:
            continue
        for name in sorted(needed(spot)):
            later = knowledge.only_later(node, name)
            if later is not None:
                place = position_of(name, spot.text)
                yield hit(spot.xml, what=spot.what, variable=name, later=later.label, spot=place)


def _where(model: Model, xml: etree._Element) -> tuple[Node | None, bool]:
    """Return the element whose variables a text sees, and whether it sees them as the element leaves them."""
    for each in (xml, *xml.iterancestors()):
        if local(each) == "sequenceFlow":
            return model.node(reference(each.get("sourceRef"))), True
        node = model.node_of(each)
        if node is not None:
            return node, False
    return None, False


def _misfits(spot: Spot, names: Mapping[str, FeelType]) -> Iterator[tuple[Misfit, str]]:
    """Yield what cannot yield a value, with the expression it stands in."""
    try:
        if spot.kind == "assignments":
            yield from _of_script(spot.text, names)
        elif spot.is_feel and spot.text:
            expression = feel.parse(spot.text, names)
            found = infer(expression.node, names)
            yield from ((misfit, spot.text) for misfit in (*found.misfits, *_unwanted(spot, found)))
    except WuxingError:
        # Text that does not parse is the business of another rule.
        return


def _of_script(text: str, names: Mapping[str, FeelType]) -> Iterator[tuple[Misfit, str]]:
    known = dict(names)
    for line in parse_script(text) if text else ():
        found = infer(line.expression.node, known)
        # Places in a line of a script count from the beginning of that line.
        begins = sum(len(each) for each in text.splitlines(keepends=True)[: line.line - 1])
        for misfit in found.misfits:
            yield Misfit(begins + misfit.position, misfit.text), line.expression.text
        known.pop(line.name, None)
        if found.kind is not None:
            known[line.name] = found.kind


def _unwanted(spot: Spot, found: Inferred) -> Iterator[Misfit]:
    """Yield a whole expression whose type its place cannot take."""
    kind, tag = settled(found.kind), local(spot.xml)
    wanted = _wanted(tag, spot.kind)
    if kind and wanted and kind not in wanted:
        given = kind_name(found.kind)
        if wanted == frozenset({"boolean"}):
            yield Misfit(0, T("这里应为是否，而不是{kind}", kind=given))
        elif wanted == frozenset({"number"}):
            yield Misfit(0, T("这里应为数值，而不是{kind}", kind=given))
        else:
            yield Misfit(0, T("这里应为时刻或时长，而不是{kind}", kind=given))


def _wanted(tag: str, kind: str) -> frozenset[str]:
    if tag in _TRUTHS:
        return frozenset({"boolean"})
    if tag in _NUMBERS:
        return frozenset({"number"})
    return _TIMES if kind == "timer" else frozenset()


def _place(text: str, position: int) -> tuple[int, int]:
    """Return line and column, from 1, of a character."""
    before = text[:position]
    return before.count("\n") + 1, position - before.rfind("\n")
