"""A token: a task of SpiffWorkflow's tree with an integer id whose changes are noted where they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.spiff.private import COMPLETED, FUTURE, LIVE, READY, Task

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.specs.node import Node

LEAVING = "leaving"
FAILED = "failed"
LISTENING = "listening"
VIA = "via"
GIVEN = "given"
CAME = "came"
OWES = "owes"
BORN = "born"
CONFLICT = "conflict"
SEEN = "seen"
WRITERS = "writers"


class Token(Task):
    """A token at a node, or one that holds others: a loop, an activity with its boundary events.

    The library's own constructor, states and tree are used; the children are kept in a dict, so
    that taking one of 5,000 away costs no search. `internal_data` belongs to the token layer,
    `data` holds the locals of one instance of a loop, and variables live in the scope.
    """

    id: int
    workflow: Scope
    task_spec: Node
    internal_data: dict[str, Any]
    data: dict[str, Any]

    def __init__(
        self,
        scope: Scope,
        spec: Node,
        parent: Token | None = None,
        state: int = FUTURE,
        id: int | None = None,
    ) -> None:
        self._state = state
        super().__init__(scope, spec, parent, state=state, id=id)
        self._children: dict[int, None] = {}
        self.turn = 0
        self.counted = False

    @property
    def live(self) -> bool:
        """Whether the token is ready, waits or holds others."""
        return bool(self._state & LIVE)

    @property
    def shown(self) -> bool:
        """Whether people see a token here: not at helpers of ours, not at listeners, but at every failure."""
        if FAILED in self.internal_data:
            return True
        return self.task_spec.shown and LISTENING not in self.internal_data

    @property
    def index(self) -> int | None:
        """The number of this instance of a loop, counted from 0; None outside loops."""
        parent = self.parent
        return self.data.get("loopCounter") if parent is not None and parent.task_spec.repeats else None

    def note(self, **values: Any) -> None:
        """Remember values in the token's row."""
        self.internal_data.update(values)
        self.workflow.state.journal.touch(self)

    def forget(self, *names: str) -> None:
        """Drop values from the token's row."""
        for name in names:
            self.internal_data.pop(name, None)
        self.workflow.state.journal.touch(self)

    def ready(self) -> None:
        """Put the token in the queue of those that run next."""
        self._set_state(READY)

    def run(self) -> None:
        """Execute the node once; what becomes of the token, the node decides."""
        self.task_spec._run(self)

    def complete(self) -> None:
        """End the token, unless something that happened while it ran has ended it already."""
        if self.live:
            self._set_state(COMPLETED)
            self.task_spec._on_complete(self)

    def _add_child(self, task_spec: Node, state: int = FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state=state, id=self.workflow.state.number())

    def _child_added_notify(self, child: Token) -> None:
        self._children[child.id] = None

    def _set_state(self, value: int) -> None:
        """Set the state and tell the scope; the library's own method builds a log record each time."""
        was, self._state = self._state, value
        if was != value:
            self.workflow.moved(self, was, value)
