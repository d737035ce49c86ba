"""Collaborations, conversations and choreographies (BPMN 2.0.2 §9, §11): drawings, but valid ones."""

from __future__ import annotations

from engine.bpmn.findings import Known
from engine.bpmn.items import texts
from engine.bpmn.model import (
    ACTIVITIES,
    EVENTS,
    GATEWAYS,
    SCOPES,
    Model,
    child,
    children,
    local,
    reference,
    true,
)
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_CONVERSATION = "BPMN 2.0.2 §9.5"
_CHOREOGRAPHY = "BPMN 2.0.2 §11.5"
_CONVERSATIONS = ("conversation", "subConversation", "callConversation")
_KEYED = (*_CONVERSATIONS, "globalConversation")
_CHOREOGRAPHIES = ("choreography", "globalChoreographyTask")
_CHOREOGRAPHED = ("choreographyTask", "subChoreography", "callChoreography")
_ARTIFACTS = ("association", "group", "textAnnotation")
_NOT_IN_GLOBAL = (
    *_CONVERSATIONS,
    *_ARTIFACTS,
    "participantAssociation",
    "messageFlowAssociation",
    "conversationAssociation",
)


@rule(
    "collaboration.drawn",
    "BPMN 2.0.2 §2",
    T("“{name}”只是图示，不会执行"),
    T("编排和会话说明各方怎样配合；执行的只有流程"),
    severity="warning",
)
def drawn(model: Model, known: Known) -> Hits:
    """Choreographies change nothing in how the processes beside them are executed, conversations by keys."""
    for xml in model.tags(*_CHOREOGRAPHIES, *_CONVERSATIONS, "globalConversation"):
        around = (each for each in (xml, *xml.iterancestors()) if local(each) in _KEYED)
        if not any(child(each, "correlationKey") is not None for each in around):
            yield hit(xml)


@rule(
    "pool.multiplicity",
    "BPMN 2.0.2 §9.3",
    T("池“{name}”的参与者数量“{minimum} 到 {maximum}”写法有误"),
    T("minimum 不小于 0；maximum 至少是 1，且不小于 minimum（不写时分别是 0 和 1）"),
)
def multiplicity(model: Model, known: Known) -> Hits:
    """The numbers of participants are a range."""
    for xml in model.tags("participantMultiplicity"):
        least, most = (_number(xml.get(key), default) for key, default in (("minimum", 0), ("maximum", 1)))
        if least is not None and most is not None and not (least >= 0 and most >= max(1, least)):
            pool = xml.getparent()
            yield hit(xml if pool is None else pool, minimum=least, maximum=most)


@rule(
    "collaboration.choreography-ref",
    "BPMN 2.0.2 §9.2",
    T("“{name}”引用了一个编排"),
    T("只有协作可以引用编排：删除 choreographyRef"),
)
def choreography_reference(model: Model, known: Known) -> Hits:
    """A choreography or a global conversation refers to no choreography."""
    for xml in model.tags(*_CHOREOGRAPHIES, "globalConversation"):
        if child(xml, "choreographyRef") is not None:
            yield hit(xml)


@rule(
    "collaboration.closed",
    "BPMN 2.0.2 §9.2",
    T("“{name}”与它引用的编排“{other}”对是否封闭说法不一"),
    T("两者的 isClosed 要相同"),
)
def closed(model: Model, known: Known) -> Hits:
    """A collaboration and its choreography are closed, or both are open."""
    for xml in model.tags("collaboration"):
        for name in texts(xml, "choreographyRef"):
            other = model.tagged(name, *_CHOREOGRAPHIES)
            if other is not None and true(other, "isClosed") != true(xml, "isClosed"):
                yield hit(xml, other=other.get("name") or name)


@rule(
    "conversation.global-content",
    _CONVERSATION,
    T("全局会话“{name}”里有 {tag}"),
    T("全局会话只有参与者、消息流和关联键：删除 {tag}"),
)
def global_content(model: Model, known: Known) -> Hits:
    """A global conversation is one conversation, without others in it."""
    for xml in model.tags("globalConversation"):
        for part in children(xml, *_NOT_IN_GLOBAL):
            yield hit(xml, tag=local(part))


@rule(
    "conversation.participants",
    _CONVERSATION,
    T("会话“{name}”的参与者少于两个"),
    T("用 participantRef 写明至少两个参与者"),
)
def participants(model: Model, known: Known) -> Hits:
    """A conversation takes two."""
    linked: dict[str, set[str]] = {}
    for xml in model.tags("conversationLink"):
        source, target = (reference(xml.get(key)) for key in ("sourceRef", "targetRef"))
        linked.setdefault(source, set()).add(target)
        linked.setdefault(target, set()).add(source)
    for xml in model.tags(*_CONVERSATIONS):
        named = set(texts(xml, "participantRef")) | linked.get(xml.get("id", ""), set())
        if len(named) < 2:
            yield hit(xml)


@rule(
    "conversation.link",
    _CONVERSATION,
    T("会话连线“{name}”没有把一个会话与一个参与者连起来"),
    T("一端是会话，另一端是池、活动或事件"),
)
def link(model: Model, known: Known) -> Hits:
    """A conversation link ties a conversation to who takes part in it."""
    for xml in model.tags("conversationLink"):
        ends = [model.tagged(reference(xml.get(key))) for key in ("sourceRef", "targetRef")]
        tags = [local(end) for end in ends if end is not None]
        others = [tag for tag in tags if tag not in _CONVERSATIONS]
        if len(tags) == 2 and (len(others) != 1 or others[0] not in {"participant", *ACTIVITIES, *EVENTS}):
            yield hit(xml)


@rule(
    "choreography.in-process",
    "BPMN 2.0.2 §10.1",
    T("“{scope}”里有编排活动“{name}”"),
    T("编排活动只用在编排图里：在流程中改用任务"),
)
def in_process(model: Model, known: Known) -> Hits:
    """A process contains no choreography activities."""
    for xml in model.tags(*_CHOREOGRAPHED):
        around = xml.getparent()
        if around is not None and local(around) in SCOPES:
            yield hit(xml, scope=around.get("name") or around.get("id") or "")


@rule(
    "choreography.activity",
    "BPMN 2.0.2 §11.5",
    T("编排里有流程的活动“{name}”"),
    T("编排里只用编排活动、事件和网关"),
)
def activity(model: Model, known: Known) -> Hits:
    """A choreography is made of interactions, not of anybody's work."""
    for around in model.tags(*_CHOREOGRAPHIES, "subChoreography"):
        for xml in children(around, *ACTIVITIES):
            yield hit(xml)


@rule(
    "choreography.participants",
    _CHOREOGRAPHY,
    T("编排任务“{name}”的参与者不是两个"),
    T("编排任务是两个参与者之间的一次往来"),
)
def task_participants(model: Model, known: Known) -> Hits:
    """A choreography task is an interaction of two."""
    for xml in model.tags("choreographyTask"):
        if len(set(texts(xml, "participantRef"))) != 2:
            yield hit(xml)


@rule(
    "choreography.initiator",
    _CHOREOGRAPHY,
    T("“{name}”的发起者“{participant}”不是它的参与者"),
    T("initiatingParticipantRef 要是 participantRef 中的一个"),
)
def initiator(model: Model, known: Known) -> Hits:
    """Who begins an interaction takes part in it."""
    for xml in model.tags(*_CHOREOGRAPHED):
        first = reference(xml.get("initiatingParticipantRef"))
        if first and first not in set(texts(xml, "participantRef")):
            yield hit(xml, participant=first)


@rule(
    "choreography.flow",
    _CHOREOGRAPHY,
    T("编排里的顺序流“{name}”的 {key} 没有指向同一层的元素（{ref}）"),
    T("连到同一个编排里的编排活动、事件或网关"),
)
def flow(model: Model, known: Known) -> Hits:
    """A flow of a choreography connects what lies beside it."""
    nodes = {*_CHOREOGRAPHED, *EVENTS, *GATEWAYS}
    for around in model.tags(*_CHOREOGRAPHIES, "subChoreography"):
        inside = {each.get("id") for each in children(around) if local(each) in nodes}
        for xml in children(around, "sequenceFlow"):
            for key in ("sourceRef", "targetRef"):
                if reference(xml.get(key)) not in inside:
                    yield hit(xml, key=key, ref=xml.get(key, ""))


def _number(text: str | None, default: int) -> int | None:
    """Return a number of participants; what is no number is the schema's to refuse."""
    if text is None:
        return default
    short = text.strip()
    return int(short) if short.lstrip("-").isdecimal() and len(short) < 12 else None
