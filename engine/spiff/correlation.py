"""The conversations of a process: what its correlation keys are worth (BPMN 2.0.2 §8.4.2).

The first message sent or received that carries all properties of a key gives the key its value.
Where the process subscribes to a key, its data do, and their changes change it. A called process
takes part in the conversations of its caller and begins those that the caller has not begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.errors import ElementFailed
from engine.spiff.parser.model import Subscription, Trigger
from engine.spiff.port import Cause, Correlated, CorrelationKey, Element, Json
from engine.spiff.private import WAITING
from engine.spiff.scope import Scope
from engine.text import T

if TYPE_CHECKING:
    from engine.spiff.specs.node import Node
    from engine.spiff.state import InstanceState

Values = dict[str, Json]
FAILURE = "correlation"


def value(process: Scope, key: CorrelationKey) -> Values | None:
    """Return what a key is worth to a process: by its data, else by a message; None without a value."""
    properties = {property for property, _ in key.paths}
    for at in _callers(process):
        for kept in (at.bound, at.keys):
            found = kept.get(key.id)
            if found is not None and found.keys() == properties:
                return found
    return None


def address(process: Scope, trigger: Trigger) -> list[dict[str, Json]]:
    """Return by which keys a message finds a receiver: each with its value.

    While none has a value, each takes every message that carries it (`open`): the conversation
    begins with it. Once one has, a message must carry that; and where the data of the process say
    what a key is worth and have not said it yet, no message is meant.
    """
    values = {key: value(process, key) for key in trigger.keys}
    begun = any(values.values())
    return [
        {"rule": key.rule, "values": known, "open": not (begun or _subscribes(process, key))}
        for key, known in values.items()
    ]


def received(process: Scope, trigger: Trigger, payload: Mapping[str, Json], element: Element) -> None:
    """Let a message that has come give a value to those keys that have none."""
    for key, values in _carried(process, trigger, payload):
        if value(process, key) is None:
            _set(process, _told(process, key, values, "received", element))


def begun(process: Scope, start: Node, payload: Mapping[str, Json], message: str | None) -> None:
    """Let the message that starts a process give its keys their values; without a name, whichever it is."""
    for trigger in start.triggers:
        if trigger.kind == "message" and message in (None, trigger.name):
            received(process, trigger, payload, start.element)


def sent(
    process: Scope, trigger: Trigger, payload: Mapping[str, Json], element: Element
) -> tuple[Correlated, ...]:
    """Return the values that a message about to be sent gives to keys which have none.

    Raises `ElementFailed` when it carries no key, or one that the conversation has with another
    value; what the data of the process say may differ, for they may change.
    """
    carried = list(_carried(process, trigger, payload))
    if trigger.keys and not carried:
        text = T("消息“{name}”没有带上任何一个关联键的全部属性", name=trigger.name)
        raise ElementFailed(FAILURE, text, element=element.id, message=trigger.name)
    for key, values in carried:
        known = value(process, key)
        if known not in (None, values) and not _subscribes(process, key):
            text = T("消息“{name}”的关联键“{key}”与这次会话已有的值不同", name=trigger.name, key=key.id)
            raise ElementFailed(FAILURE, text, element=element.id, known=known, sent=values)
    begun = [(key, values) for key, values in carried if value(process, key) is None]
    return tuple(_told(process, key, values, "sent", element) for key, values in begun)


def agreeing(found: Sequence[Correlated]) -> None:
    """Raise `ElementFailed` when the messages that leave together would give a key different values."""
    first = {each.key: each for each in reversed(found)}
    for each in found:
        if each.values != first[each.key].values:
            text = T("消息“{name}”的关联键“{key}”与这次会话已有的值不同", name=each.message, key=each.key)
            raise ElementFailed(FAILURE, text, element=each.element, sent=each.values)


def begin(state: InstanceState, found: Iterable[Correlated]) -> None:
    """Give keys the values of a message that is sent."""
    for each in found:
        _set(state.scopes[each.scope], each)


def follow(state: InstanceState) -> None:
    """Let keys follow the data of their processes, and tell what waits by a key that has changed."""
    for process in state.subscribing.values():
        for subscription in process.spec.definition.subscriptions:
            _follow(process, subscription)
    changed, state.agenda.rekeyed = state.agenda.rekeyed, set()
    if not changed:
        return
    for token in list(state.agenda.keyed.values()):
        if token._state == WAITING and any(each.id in changed for each in _callers(token.workflow.home)):
            token.task_spec.readdress(token)


def _follow(process: Scope, subscription: Subscription) -> None:
    found = _bound(process, subscription)
    if found == process.bound.get(subscription.key):
        return
    process.bound = {**process.bound, subscription.key: found} if found else _without(process, subscription)
    element = process.spec.start.element
    _note(
        process, Correlated(process.id, subscription.key, found, "data", element.id, "", element.process_id)
    )


def _without(process: Scope, subscription: Subscription) -> dict[str, Values]:
    return {key: values for key, values in process.bound.items() if key != subscription.key}


def _bound(process: Scope, subscription: Subscription) -> Values | None:
    """Return what the data say; None unless they say it of every property, or where they cannot be read."""
    host, names = process.state.host, process.variables or {}
    try:
        found = {
            property: host.evaluate(text, names, element=process.spec.start.element)
            for property, text in subscription.bindings
        }
    except ElementFailed:
        # Names that are not there yet say nothing yet, as in a condition that is waited for.
        return None
    return None if None in found.values() else found


def _carried(
    process: Scope, trigger: Trigger, payload: Mapping[str, Json]
) -> Iterator[tuple[CorrelationKey, Values]]:
    for key in trigger.keys:
        values = process.state.host.retrieve(key, payload)
        if values is not None:
            yield key, values


def _subscribes(process: Scope, key: CorrelationKey) -> bool:
    return any(each.key == key.id for each in process.spec.definition.subscriptions)


def _callers(process: Scope) -> Iterator[Scope]:
    """Yield a process and those that have called it, the inmost first."""
    at: Scope | None = process
    while at is not None:
        yield at
        at = None if at.holder is None else at.holder.workflow.home


def _told(process: Scope, key: CorrelationKey, values: Values, cause: Cause, element: Element) -> Correlated:
    return Correlated(process.id, key.id, values, cause, element.id, key.message, element.process_id)


def _set(process: Scope, found: Correlated) -> None:
    if found.values is not None:
        process.keys = {**process.keys, found.key: found.values}
        _note(process, found)


def _note(process: Scope, found: Correlated) -> None:
    process.state.journal.correlated(found)
    process.state.journal.touch_scope(process)
    process.state.agenda.rekeyed.add(process.id)
