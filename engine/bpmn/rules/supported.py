"""Constructs that are not executed yet are refused by name."""

from __future__ import annotations

from engine.bpmn.expressions import ROLES
from engine.bpmn.findings import Known
from engine.bpmn.model import Model, local, reference
from engine.bpmn.rules.registry import Check, Hits, hit, rule
from engine.bpmn.support import CONSTRUCTS, PEOPLES, Construct, Finder, drawn_only, tags
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
    "support.idle-role",
    "BPMN 2.0.2 §10.3.1",
    T("“{name}”写了由谁负责，但它由引擎执行，不会去问任何人"),
    T("要有人办理，改成用户任务或人工任务；只作说明可以保留"),
    severity="warning",
)
def idle_role(model: Model, known: Known) -> Hits:
    """Who is responsible for what no person does is never asked."""
    for xml in tags(*ROLES)(model):
        owner = xml.getparent()
        if owner is not None and local(owner) not in PEOPLES:
            yield hit(xml)


@rule(
    "support.participant-number",
    "BPMN 2.0.2 §9.3",
    T("池“{name}”写明有几个参与者，引擎不数它们"),
    T("每次发起是一个参与者：有几个由发起的消息决定；只作说明可以保留"),
    severity="warning",
)
def participant_number(model: Model, known: Known) -> Hits:
    """Each instance of a process is one of its participants; nobody sees to their number."""
    running = {process.id for process in model.running}
    for xml in tags("participantMultiplicity")(model):
        pool = xml.getparent()
        several = xml.get("maximum", "1").strip() not in {"0", "1"}
        if several and pool is not None and reference(pool.get("processRef")) in running:
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
