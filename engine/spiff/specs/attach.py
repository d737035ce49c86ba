"""The holder of an activity with boundary events."""

from __future__ import annotations

from engine.spiff import tree
from engine.spiff.parser.model import NodeDef
from engine.spiff.private import STARTED
from engine.spiff.specs.events import Boundary
from engine.spiff.specs.node import Node
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.token import LISTENING, VIA, Token


class Attach(Node):
    """Lets the boundary events listen before the activity starts; gone as soon as the activity is."""

    shown = False
    attaches = True

    def __init__(self, scope_spec: ScopeSpec, definition: NodeDef, activity: Node) -> None:
        super().__init__(scope_spec, definition, f"{definition.id}[attach]")
        self.activity = activity
        self.boundaries: list[Boundary] = []

    def arrive(self, token: Token) -> bool:
        """Put listeners and activity under this token."""
        token._set_state(STARTED)
        for boundary in self.boundaries:
            tree.spawn(token, boundary, internal={LISTENING: True})
        tree.spawn(token, self.activity, via=token.internal_data.get(VIA))
        return False
