"""The spec of a process or sub-process: our nodes and the place where scopes hang their tokens."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from engine.spiff.parser.model import NodeDef, ScopeDef
from engine.spiff.port import Element
from engine.spiff.private import WorkflowSpec
from engine.spiff.specs.events import Start
from engine.spiff.specs.node import Node
from engine.spiff.specs.undoing import Undo

if TYPE_CHECKING:
    from engine.spiff.specs.listeners import Listener

ROOT, UNDO = "[root]", "[undo]"


class Root(Node):
    """Holds the tokens of an open scope; its brackets keep it apart from every id of a diagram."""

    shown = False


class ScopeSpec(WorkflowSpec):
    """A graph of our nodes, without the library's start, join and end tasks."""

    task_specs: dict[str, Node]

    def __init__(self, definition: ScopeDef) -> None:
        super().__init__(name=definition.key)
        self.definition = definition
        self.process_id = definition.process_id
        self.is_process = definition.key == definition.process_id
        self.names = definition.names
        element = Element(definition.element, "process", "", definition.process_id)
        self.listeners: list[Listener] = []
        self.entrances: dict[str, Node] = {}
        self.undoing: Node | None = None
        self.start = Root(self, NodeDef(ROOT, "root", element, shown=False))
        self.undo = Undo(self, NodeDef(UNDO, "undo", element, shown=False))

    @cached_property
    def settling(self) -> list[Node]:
        """The nodes whose joins are settled when nothing else runs, in the order of the diagram."""
        return [node for node in self.task_specs.values() if node.settles]

    @cached_property
    def roots(self) -> list[Node]:
        """The activities of an ad-hoc sub-process that no flow leads to, in the order of the diagram."""
        incoming, nodes = self.definition.incoming, self.definition.nodes.values()
        first = [node.id for node in nodes if not incoming.get(node.id) and not node.stands_alone]
        return [self.task_specs[id] for id in first]

    def companions(self, start: Node) -> list[Node]:
        """Return the events that an instance begun by one of them still waits for (BPMN 2.0.2 §10.6.6)."""
        mine = start.definition.id
        others = {id for group in self.definition.together if mine in group for id in group - {mine}}
        return [self.entrances[id] for id in self.definition.nodes if id in others]

    @property
    def needs_event(self) -> bool:
        """Whether the process begins only when an event occurs, not when somebody starts or calls it."""
        start = self.plain_start()
        return bool(self.definition.together) if start is None else not start.is_none

    def begun_by(self, event: str) -> Node | None:
        """Return the node at which an event begins an instance; None when the element does not."""
        node = self.task_specs.get(event)
        by_event = isinstance(node, Start) or any(event in group for group in self.definition.together)
        return node if by_event else None

    def plain_start(self) -> Start | None:
        """Return the start event that needs no trigger; None when the scope has no node at all."""
        starts = self.starts
        if not starts:
            return None
        return next((start for start in starts if start.is_none), starts[0])

    @property
    def starts(self) -> list[Start]:
        """The start events, in the order of the diagram."""
        return [node for node in self.task_specs.values() if isinstance(node, Start)]
