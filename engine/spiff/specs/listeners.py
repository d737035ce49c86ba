"""Event sub-processes: a listener per scope, and a body whenever it fires (BPMN 2.0.2 §13.5.4)."""

from __future__ import annotations

from engine.spiff import lineage, tree
from engine.spiff.parser.model import NodeDef
from engine.spiff.port import Json
from engine.spiff.scope import Scope
from engine.spiff.specs.events import Catching
from engine.spiff.specs.node import Node
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.token import GIVEN, Token


class Listener(Catching):
    """Waits beside the tokens of a scope for what starts an event sub-process of it.

    People see it as the start event of the sub-process. It keeps no scope open: it ends when the
    last other token of its scope does. `starts` is the id of the event sub-process.
    """

    shown = False
    watches = True
    maps = False
    begins = True

    def __init__(self, scope_spec: ScopeSpec, start: NodeDef, body: Node) -> None:
        super().__init__(scope_spec, start, f"{body.definition.id}[listen]")
        self.body = body
        self.starts = body.definition.id

    def fire(self, token: Token, again: dict[str, Json] | None) -> None:
        """Start the body: in place of everything else in the scope, or beside it.

        Beside it, a date or duration has come once and for all; everything else may come again.
        """
        root = token.workflow.root
        brought = self.brought(token)
        given, internal = brought["locals"], brought["internal"]
        seen = lineage.forked(token.workflow.state, _around(token.workflow))
        if self.definition.interrupting:
            tree.kill_scope(token.workflow)
            token.workflow.withdraw()
        elif self.worn_out(token):
            tree.kill(token)
        tree.spawn(root, self.body, internal={**internal, **({GIVEN: given} if given else {})}, seen=seen)


def _around(scope: Scope) -> list[Token]:
    """Return the tokens of a scope, and the one that holds it."""
    inside = [each for id in scope.root._children for each in tree.reach(scope.tasks[id])]
    return inside if scope.holder is None else [scope.holder, *inside]
