"""Event definitions: one reader for all places where the standard allows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.bpmn.conversations import Conversations
from engine.errors import Refused
from engine.spiff.parser.model import Trigger
from engine.spiff.parser.xml import Xml, child, child_text, local, tag, wuxing
from engine.spiff.port import CorrelationKey
from engine.text import T

CALLED = ("message", "payload")
"""What an expression over a message may call it, besides its name and id."""
TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


class Definitions:
    """What event definitions refer to: messages, signals, errors, escalations, shared definitions."""

    def __init__(self, root: Xml) -> None:
        self._by_id = {node.get("id"): node for node in root.iter() if node.get("id")}
        self.conversations = Conversations(root)

    def named(self, node: Xml, attribute: str, fallback: str) -> tuple[str, Xml | None]:
        """Return the name of what `attribute` refers to; without one, its id, and else `fallback`.

        Two nameless messages or signals are two different ones, so the id has to stand in.
        """
        reference = node.get(attribute)
        if not reference:
            return fallback, None
        target = self.find(reference, node)
        return target.get("name") or target.get("id") or fallback, target

    def code(self, node: Xml, attribute: str, code: str) -> str | None:
        """Return the code of an error or escalation; None catches all (BPMN 2.0.2 §10.5.5).

        What is caught and has no code is caught whatever its code; the gate refuses to throw such.
        """
        reference = node.get(attribute)
        if not reference:
            return None
        target = self.find(reference, node)
        catches = tag(node) in ("startEvent", "boundaryEvent")
        return target.get(code) or (None if catches else target.get("id"))

    def find(self, reference: str, node: Xml) -> Xml:
        """Return the element with an id; raises `Refused` when there is none."""
        target = self._by_id.get(local(reference))
        if target is None:
            raise Refused(T("元素引用了不存在的“{reference}”", reference=reference), element=node.get("id"))
        return target


def triggers(node: Xml, definitions: Definitions) -> tuple[Trigger, ...]:
    """Return the event definitions of an event, or the message of a send or receive task."""
    if tag(node) in ("sendTask", "receiveTask"):
        return (
            ()
            if tag(node) == "sendTask" and not node.get("messageRef")
            else (_message(node, node, definitions),)
        )
    found = []
    for item in node:
        name = tag(item)
        if name == "eventDefinitionRef":
            item = definitions.find(item.text or "", node)
            name = tag(item)
        if name.endswith("EventDefinition"):
            found.append(_trigger(name, item, node, definitions))
    return tuple(found)


def referred(reference: str, node: Xml, definitions: Definitions) -> Trigger:
    """Return the event definition with an id, as one of `node`."""
    item = definitions.find(reference, node)
    return _trigger(tag(item), item, node, definitions)


def _trigger(name: str, item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    reader = READERS.get(name)
    if reader is None:
        raise Refused(T("尚不支持的事件：{kind}", kind=name), element=node.get("id"))
    return reader(item, node, definitions)


def _message(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    name, message = definitions.named(item, "messageRef", node.get("id") or "")
    if message is None:
        return Trigger("message", name=name)
    keys = tuple(_keys(name, message, node, definitions.conversations))
    return Trigger("message", name=name, correlation=wuxing(message).get("correlation"), keys=keys)


def _keys(name: str, message: Xml, node: Xml, conversations: Conversations) -> Iterator[CorrelationKey]:
    """Yield the keys that a message carries at a flow node."""
    id = message.get("id") or ""
    for key in conversations.at(node):
        paths = conversations.carried(key, id)
        if paths is not None:
            yield CorrelationKey(key.id, name, paths, tuple(sorted({id, name, *CALLED})))


def _signal(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    name, _ = definitions.named(item, "signalRef", node.get("id") or "")
    return Trigger("signal", name=name)


def _error(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    return Trigger("error", code=definitions.code(item, "errorRef", "errorCode"))


def _escalation(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    return Trigger("escalation", code=definitions.code(item, "escalationRef", "escalationCode"))


def _timer(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    time = child(item, *TIMERS)
    if time is None:
        raise Refused(T("定时事件没有写明时间"), element=node.get("id"))
    return Trigger("timer", timer=TIMERS[tag(time)], text=child_text(item, tag(time)) or "")


def _condition(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    return Trigger("conditional", text=child_text(item, "condition") or "")


def _terminate(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    return Trigger("terminate")


def _compensate(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    waits = item.get("waitForCompletion", "true").strip() not in ("false", "0")
    return Trigger("compensate", name=local(item.get("activityRef") or ""), waits=waits)


def _cancel(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    return Trigger("cancel")


def _link(item: Xml, node: Xml, definitions: Definitions) -> Trigger:
    """A source that names its target means that one; otherwise links are paired by their names."""
    target = child_text(item, "target") if tag(node) == "intermediateThrowEvent" else None
    meant = definitions.find(target, node) if target else item
    return Trigger("link", name=meant.get("name") or meant.get("id") or "")


READERS: Mapping[str, Callable[[Xml, Xml, Definitions], Trigger]] = {
    "messageEventDefinition": _message,
    "signalEventDefinition": _signal,
    "errorEventDefinition": _error,
    "escalationEventDefinition": _escalation,
    "timerEventDefinition": _timer,
    "conditionalEventDefinition": _condition,
    "terminateEventDefinition": _terminate,
    "linkEventDefinition": _link,
    "compensateEventDefinition": _compensate,
    "cancelEventDefinition": _cancel,
}
