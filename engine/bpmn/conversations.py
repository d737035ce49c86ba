"""Which correlation keys a message has to carry where it is sent or received (BPMN 2.0.2 §8.4.2, §9.5).

Keys belong to a collaboration, or to one conversation of it. Which of them a message carries is
said by retrieval expressions: one per property and message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from engine.bpmn.model import Model, children, everything, local, reference, words

Xml = etree._Element

COLLABORATIONS = ("collaboration", "globalConversation")
CONVERSATIONS = ("conversation", "subConversation", "callConversation")
# bpmn-js writes the type of these children for their names.
MESSAGE_PATHS = ("messagePath", "formalExpression")
DATA_PATHS = ("dataPath", "formalExpression")


@dataclass(frozen=True, slots=True)
class Key:
    """A correlation key: its id, its properties by their ids, and the element that owns it."""

    id: str
    properties: tuple[str, ...]
    xml: Xml
    owner: Xml

    @property
    def of_flows(self) -> bool:
        """Whether it belongs to one conversation and not to a collaboration as a whole."""
        return local(self.owner) in CONVERSATIONS


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How a property is taken from the messages of one name."""

    message: str
    xml: Xml

    @property
    def path(self) -> str:
        """The FEEL expression over the payload."""
        return path_of(self.xml, *MESSAGE_PATHS)


def path_of(xml: Xml, *names: str) -> str:
    """Return the text of the expression in a retrieval expression or binding."""
    return next((everything(each) for each in children(xml, *names)), "")


class Conversations:
    """The keys of a document, and where they apply."""

    def __init__(self, root: Xml) -> None:
        self._elements = {each.get("id"): each for each in root.iter() if each.get("id")}
        self.keys = tuple(self._keys(root))
        self._pooled = {_pool(each) for each in self._elements.values() if local(each) == "participant"}
        self._retrievals = dict(self._retrieved(root)) if self.keys else {}

    def _keys(self, root: Xml) -> Iterator[Key]:
        for xml in root.iter():
            owner = xml.getparent()
            if owner is None or local(xml) != "correlationKey":
                continue
            if local(owner) in (*COLLABORATIONS, *CONVERSATIONS):
                refs = tuple(reference(words(each)) for each in children(xml, "correlationPropertyRef"))
                yield Key(xml.get("id") or xml.get("name") or "", refs, xml, owner)

    def _retrieved(self, root: Xml) -> Iterator[tuple[str, list[Retrieval]]]:
        for xml in children(root, "correlationProperty"):
            expressions = children(xml, "correlationPropertyRetrievalExpression")
            found = [Retrieval(reference(each.get("messageRef")), each) for each in expressions]
            yield xml.get("id") or "", found

    def label(self, message: str) -> str:
        """Return the name by which a message is sent and received: its own, and without one its id."""
        xml = self._elements.get(message)
        return message if xml is None else xml.get("name") or message

    def property_label(self, property: str) -> str:
        """Return the name of a property, and without one its id."""
        xml = self._elements.get(property)
        return property if xml is None else xml.get("name") or property

    def retrieval(self, property: str, message: str) -> Retrieval | None:
        """Return how a property is taken from a message, by its id or else by another one of its name."""
        found = self._retrievals.get(property, [])
        exact = (each for each in found if each.message == message)
        alike = (each for each in found if self.label(each.message) == self.label(message))
        return next(exact, None) or next(alike, None)

    def at(self, node: Xml) -> Iterator[Key]:
        """Yield the keys of the conversations a flow node takes part in."""
        for key in self.keys:
            if self._takes_part(node, key):
                yield key

    def carried(self, key: Key, message: str) -> tuple[tuple[str, str], ...] | None:
        """Return the expression of each property of a key; None when a message cannot carry all of them."""
        found = [(property, self.retrieval(property, message)) for property in key.properties]
        paths = tuple((property, each.path) for property, each in found if each is not None)
        return paths if paths and len(paths) == len(key.properties) else None

    # ------------------------------------------------------------ who takes part

    def _takes_part(self, node: Xml, key: Key) -> bool:
        """A collaboration is that of its pools; a conversation that of its message flows, or of its pools.

        A process that is nobody's pool is called by one, and takes part as that does.
        """
        if not key.of_flows:
            return self._is_in(node, self._pools(key.owner))
        flows = [*self._flows(key.owner)]
        if flows:
            return any(self._is_end(node, each) for each in flows)
        named = [self._elements.get(ref) for ref in _refs(key.owner, "participantRef")]
        pools = [each for each in named if each is not None] or self._pools(self._around(key.owner))
        return self._is_in(node, pools)

    def _is_in(self, node: Xml, pools: list[Xml]) -> bool:
        process = _process(node)
        return process not in self._pooled or process in map(_pool, pools)

    def _is_end(self, node: Xml, flow: Xml) -> bool:
        ends = [reference(flow.get(key)) for key in ("sourceRef", "targetRef")]
        if node.get("id") in ends:
            return True
        pools = [each for each in map(self._elements.get, ends) if each is not None]
        return any(local(each) == "participant" and _pool(each) == _process(node) for each in pools)

    def _flows(self, conversation: Xml) -> Iterator[Xml]:
        for each in (conversation, *conversation.iterdescendants()):
            if local(each) in CONVERSATIONS:
                found = map(self._elements.get, _refs(each, "messageFlowRef"))
                yield from (flow for flow in found if flow is not None)

    def _around(self, conversation: Xml) -> Xml:
        return next(each for each in conversation.iterancestors() if local(each) not in CONVERSATIONS)

    def _pools(self, owner: Xml) -> list[Xml]:
        return children(owner, "participant")


@lru_cache(maxsize=2)
def conversations(model: Model) -> Conversations:
    """Return the conversations of the diagram that a gate looks at."""
    return Conversations(model.root)


def _refs(xml: Xml, name: str) -> list[str]:
    return [reference(words(each)) for each in children(xml, name)]


def _pool(participant: Xml) -> str:
    """Return the id of the process a participant is the pool of; none is a black box."""
    return reference(participant.get("processRef"))


def _process(node: Xml) -> str:
    """Return the id of the process a flow node stands in; global tasks stand in none."""
    return next((each.get("id", "") for each in node.iterancestors() if local(each) == "process"), "")
