"""Constructs that are not executed yet are refused by name."""

from __future__ import annotations

from engine.bpmn.findings import Known
from engine.bpmn.model import Model
from engine.bpmn.rules.registry import Check, Hits, hit, rule
from engine.bpmn.support import CONSTRUCTS, Construct, Finder, drawn_only, tags
from engine.text import T

_TEXT = T("“{name}”用到了{construct}，引擎还不执行它")


def _check(find: Finder) -> Check:
    def found(model: Model, known: Known) -> Hits:
        for xml in find(model):
            yield hit(xml)

    return found


def _register(construct: Construct) -> None:
    text = T(_TEXT.message, construct=construct.name)
    rule(f"support.{construct.key}", construct.source, text, construct.hint, to_execute=True)(
        _check(construct.find)
    )


for _each in CONSTRUCTS:
    _register(_each)


@rule(
    "support.service-interface",
    "BPMN 2.0.2 §10.4.1",
    T("“{name}”写了对外的服务接口，引擎不提供这个服务"),
    T("流程由人、消息、信号或时间启动；接口只作说明，可以保留"),
    severity="warning",
)
def service_interface(model: Model, known: Known) -> Hits:
    """A process that is described as a service is none here."""
    for xml in tags("ioBinding")(model):
        yield hit(xml)


@rule(
    "support.drawn-association",
    "BPMN 2.0.2 §10.4.2",
    T("“{name}”与数据对象的连线只是图示，不会传递数据"),
    T("变量在整个流程内可见；如果只想说明用到哪些资料，可以保留"),
    severity="warning",
)
def drawn_association(model: Model, known: Known) -> Hits:
    """A drawing that moves no data says so before it is published."""
    for xml in tags("dataInputAssociation", "dataOutputAssociation")(model):
        if drawn_only(xml, model):
            yield hit(xml)
