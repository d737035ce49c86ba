"""Correlation keys: what messages carry, and what the data of a process say (BPMN 2.0.2 §8.4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.conversations import Conversations, Key, conversations
from engine.bpmn.findings import Known
from engine.bpmn.items import texts
from engine.bpmn.model import Model, Node, child, children, reference
from engine.bpmn.namespaces import WUXING
from engine.bpmn.rules.registry import Hits, hit, rule
from engine.text import T

_SOURCE = "BPMN 2.0.2 §8.4.2"
_TASKS = ("sendTask", "receiveTask")
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_OWN = f"{{{WUXING}}}correlation"


@rule(
    "correlation.key-empty",
    _SOURCE,
    T("关联键“{name}”没有属性"),
    T("用 correlationPropertyRef 写明它由哪些关联属性组成，或删除这个键"),
    to_execute=True,
)
def key_empty(model: Model, known: Known) -> Hits:
    """A key is made of properties; without any no message could carry it."""
    for key in conversations(model).keys:
        if not key.properties:
            yield hit(key.xml)


@rule(
    "correlation.retrieval-missing",
    _SOURCE,
    T("“{name}”的消息“{label}”带不上关联键“{key}”：缺少属性“{property}”的取值表达式"),
    T("在这些关联属性里为这个消息各写一个 correlationPropertyRetrievalExpression"),
    to_execute=True,
)
def retrieval_missing(model: Model, known: Known) -> Hits:
    """A message of a conversation carries one of its keys, all of it."""
    spoken = conversations(model)
    for node, message, keys in _exchanges(model):
        if any(spoken.carried(key, message) for key in keys):
            continue
        for key in keys:
            missing = [each for each in key.properties if spoken.retrieval(each, message) is None]
            if missing and (key.of_flows or len(missing) < len(key.properties)):
                names = ", ".join(map(spoken.property_label, missing))
                yield hit(node.xml, label=spoken.label(message), key=_label(key), property=names)
                break


@rule(
    "correlation.message-without-key",
    _SOURCE,
    T("“{name}”的消息“{label}”不带协作的任何关联键，只按名称匹配"),
    T("如果它也要按关联键找到实例，为它写上 correlationPropertyRetrievalExpression"),
    severity="warning",
)
def message_without_key(model: Model, known: Known) -> Hits:
    """A collaboration has keys, and this message is matched without them."""
    spoken = conversations(model)
    for node, message, keys in _exchanges(model):
        plain = not any(key.of_flows for key in keys)
        if plain and not any(spoken.retrieval(each, message) for key in keys for each in key.properties):
            yield hit(node.xml, label=spoken.label(message))


@rule(
    "correlation.key-idle",
    _SOURCE,
    T("执行的流程收发的消息都不带关联键“{name}”"),
    T("检查它属于哪个协作或会话，谁参与其中，以及各消息的取值表达式；否则删除这个键"),
    severity="warning",
)
def key_idle(model: Model, known: Known) -> Hits:
    """A key that no message carries would silently match nothing."""
    spoken = conversations(model)
    carried = {key for _, message, keys in _exchanges(model) for key in keys if spoken.carried(key, message)}
    for key in spoken.keys if model.running_nodes else ():
        if key.properties and key not in carried:
            yield hit(key.xml)


@rule(
    "correlation.repeated",
    _SOURCE,
    T("“{name}”重复发送带关联键的消息“{label}”，而一个实例里一个键只有一个值"),
    T("如果每次的键值不同，让每一次调用一个单独的流程，或改用 wuxing:correlation；相同则可以保留"),
    severity="warning",
)
def repeated(model: Model, known: Known) -> Hits:
    """Each run of a repeated activity speaks in the same conversation."""
    spoken = conversations(model)
    for node, message, keys in _exchanges(model):
        if not _catches(node) and _is_repeated(node) and any(spoken.carried(key, message) for key in keys):
            yield hit(node.xml, label=spoken.label(message))


@rule(
    "correlation.retrieval-twice",
    _SOURCE,
    T("关联属性“{name}”为消息“{label}”写了几个取值表达式"),
    T("每个消息只留一个：引擎不能知道该用哪一个"),
    to_execute=True,
)
def retrieval_twice(model: Model, known: Known) -> Hits:
    """A property is taken from a message in one way."""
    spoken = conversations(model)
    for xml in model.tags("correlationProperty"):
        seen: set[str] = set()
        for each in children(xml, "correlationPropertyRetrievalExpression"):
            message = reference(each.get("messageRef"))
            if message in seen:
                yield hit(xml, label=spoken.label(message))
            seen.add(message)


@rule(
    "correlation.twice",
    "Wuxing",
    T("“{name}”既有 wuxing:correlation，消息“{label}”又带关联键"),
    T("两者只留一个：删除 wuxing:correlation，或让这个消息不带关联键"),
)
def twice(model: Model, known: Known) -> Hits:
    """A message finds its receiver in one way."""
    spoken = conversations(model)
    for node, message, keys in _exchanges(model):
        declared = model.tagged(message, "message")
        own = node.xml.get(_OWN) or (declared is not None and declared.get(_OWN))
        if own and any(spoken.carried(key, message) for key in keys):
            yield hit(node.xml, label=spoken.label(message))


@rule(
    "correlation.binding",
    _SOURCE,
    T("“{name}”对关联键“{key}”的绑定不完整：{property}"),
    T("关联键的每个属性各绑定一次，不绑定别的属性"),
)
def binding(model: Model, known: Known) -> Hits:
    """A subscription gives a value to each property of its key."""
    for xml in model.tags("correlationSubscription"):
        key = model.tagged(reference(xml.get("correlationKeyRef")), "correlationKey")
        if key is None:
            continue
        wanted = set(texts(key, "correlationPropertyRef"))
        bound = [
            reference(each.get("correlationPropertyRef"))
            for each in children(xml, "correlationPropertyBinding")
        ]
        wrong = wanted.symmetric_difference(bound) | {each for each in bound if bound.count(each) > 1}
        if wrong:
            yield hit(xml, key=key.get("name") or key.get("id") or "", property=", ".join(sorted(wrong)))


@rule(
    "correlation.subscription-twice",
    _SOURCE,
    T("“{name}”对关联键“{key}”订阅了几次"),
    T("每个关联键在一个流程里只订阅一次"),
)
def subscription_twice(model: Model, known: Known) -> Hits:
    """The data of a process say one thing of a key."""
    for process in model.processes:
        seen: set[str] = set()
        for xml in children(process.xml, "correlationSubscription"):
            key = reference(xml.get("correlationKeyRef"))
            if key in seen:
                yield hit(xml, key=key)
            seen.add(key)


@rule(
    "correlation.subscription-idle",
    _SOURCE,
    T("“{name}”订阅的关联键“{key}”，这个流程接收的消息都不带"),
    T("检查关联键属于哪个协作或会话，以及各消息的取值表达式；否则删除这个订阅"),
    severity="warning",
)
def subscription_idle(model: Model, known: Known) -> Hits:
    """A subscription that no message is matched by would silently do nothing."""
    spoken = conversations(model)
    carried = {
        (node.scope.process.id, key.id)
        for node, message, keys in _exchanges(model)
        for key in keys
        if _catches(node) and spoken.carried(key, message)
    }
    for process in model.running:
        for xml in children(process.xml, "correlationSubscription"):
            key = model.tagged(reference(xml.get("correlationKeyRef")), "correlationKey")
            if key is not None and (process.id, key.get("id", "")) not in carried:
                yield hit(xml, key=key.get("name") or key.get("id") or "")


def _exchanges(model: Model) -> Iterator[tuple[Node, str, list[Key]]]:
    """Yield what sends or receives a message in conversations with keys: node, message, and the keys."""
    spoken: Conversations = conversations(model)
    if not spoken.keys:
        return
    for node in model.running_nodes:
        messages = [each for each in _messages(node) if model.tagged(each, "message") is not None]
        keys = [key for key in spoken.at(node.xml) if key.properties] if messages else []
        for message in messages if keys else ():
            yield node, message, keys


def _messages(node: Node) -> Iterator[str]:
    places: list[etree._Element] = [node.xml] if node.kind in _TASKS else []
    places += [definition.xml for definition in node.definitions if definition.kind == "message"]
    return (reference(each.get("messageRef")) for each in places)


def _catches(node: Node) -> bool:
    return node.kind in {"receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"}


def _is_repeated(node: Node) -> bool:
    """Return whether a node stands in an activity with a loop, or is one."""
    around = (each for each in (node.xml, *node.xml.iterancestors()))
    return any(child(each, loop) is not None for each in around for loop in _LOOPS)


def _label(key: Key) -> str:
    return key.xml.get("name") or key.id
