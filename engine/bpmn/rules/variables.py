"""Variables: a name that nothing in the diagram could ever set is probably misspelt."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine import feel
from engine.bpmn.expressions import Spot, spots
from engine.bpmn.findings import Known
from engine.bpmn.model import GLOBAL_TASKS, Model, Node, children, everything, local
from engine.bpmn.namespaces import own
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.bpmn.rules.texts import position_of
from engine.errors import WuxingError
from engine.feel.assign import Assignment, parse_script
from engine.text import T

_CARRIERS = (
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "dataInput",
    "dataOutput",
    "property",
    "inputDataItem",
    "outputDataItem",
)
_GIVEN = frozenset(
    {
        "loopCounter",
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
        "activationCount",
        "waitingForStart",
        "item",
        "partial",
    }
)


@rule(
    "expression.natural-language",
    "BPMN 2.0.2 §8.4.6",
    T("“{name}”的{what}“{text}”像是日常语言：“{variable}”不是图里的名称"),
    T("可执行的流程要写形式表达式：改写成 FEEL，例如：金额 > 1000"),
    to_execute=True,
)
def natural_language(model: Model, known: Known) -> Hits:
    """Words that stand side by side are a name in FEEL; when nothing is called so, they are prose."""
    named = _set_in(model)
    for spot in spots(model):
        for name in sorted(name for name in needed(spot) - named if " " in name.strip()):
            yield hit(
                spot.xml,
                what=spot.what,
                text=spot.text,
                variable=name,
                spot=position_of(name, spot.text),
            )


@rule(
    "expression.variable-unknown",
    "Wuxing D17",
    T("“{name}”的{what}用到“{variable}”，图里没有任何地方给它赋值"),
    T("检查拼写；如果它由发起流程的人或程序给出，可以保留"),
    severity="warning",
)
def variable_unknown(model: Model, known: Known) -> Hits:
    """A name is set by a script, a mapping, data or an item; or it is given at the start, by intention.

    Where people fill in forms, services answer or messages arrive, anything may have been set: only
    names that are nearly those of the diagram are told of there.
    """
    set_here = _set_in(model)
    is_open = any(map(_brings_values, model.running_nodes)) or not set_here
    registered = {*(known.functions or ()), *(known.queries or ())}
    for spot in spots(model):
        for name in sorted(needed(spot) - set_here - _GIVEN - registered):
            near = get_close_matches(name, set_here, n=1, cutoff=0.8)
            if near or not is_open:
                advice = T("是不是“{near}”？", near=near[0]) if near else None
                yield hit(
                    spot.xml,
                    what=spot.what,
                    variable=name,
                    advice=advice,
                    spot=position_of(name, spot.text),
                )


def _brings_values(node: Node) -> bool:
    """Return whether values that the diagram does not name may come in here."""
    if node.kind in {
        "userTask",
        "manualTask",
        "receiveTask",
        "serviceTask",
        "businessRuleTask",
        "callActivity",
    }:
        return True
    sends = node.kind == "sendTask" and bool(own(node.xml, "service"))
    catches = node.kind in {"startEvent", "intermediateCatchEvent", "boundaryEvent"}
    return sends or (catches and node.defines("message", "signal", "error", "escalation"))


def _set_in(model: Model) -> set[str]:
    """Return every name that the diagram itself gives a value."""
    names = {name for xml in model.tags(*_CARRIERS) for name in (xml.get("id"), xml.get("name")) if name}
    for loop in model.tags("multiInstanceLoopCharacteristics"):
        names |= {everything(each) for each in children(loop, "loopDataInputRef", "loopDataOutputRef")}
    for spot in spots(model):
        names |= {line.name for line in _lines(spot) if line.name}
    if any(model.tags(tag) for tag in GLOBAL_TASKS):
        names |= {each.get("name", "") for each in model.elements if local(each) == "resourceParameter"}
    return names - {""}


def needed(spot: Spot) -> frozenset[str]:
    """Return the names a text takes from the diagram; what does not parse needs nothing.

    What a payload holds is not known: it may come from another diagram or from outside.
    """
    if spot.of_message:
        return frozenset()
    try:
        if spot.is_feel:
            return feel.required_names_in(spot.text) if spot.text else frozenset()
        found: set[str] = set()
        for line in _lines(spot):
            found |= feel.required_names_in(line.expression)
        return frozenset(found)
    except WuxingError:
        return frozenset()


def _lines(spot: Spot) -> Iterator[Assignment]:
    if spot.kind == "assignments" and spot.text:
        try:
            yield from parse_script(spot.text)
        except WuxingError:
            # Text that is no script is the business of another rule.
            return
