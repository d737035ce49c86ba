"""An instance in memory: its tokens, scopes, agenda and journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.spiff.agenda import Agenda
from engine.spiff.journal import Journal
from engine.spiff.lineage import Ledger
from engine.spiff.port import Host, Json, Thrown
from engine.spiff.scope import Scope

if TYPE_CHECKING:
    from engine.spiff.program import Program
    from engine.spiff.token import Token


class InstanceState:
    """What the tokens of one instance share.

    `next_id` numbers tokens and turns alike; `subscribing` are the scopes of processes whose data
    say what correlation keys are worth.
    """

    def __init__(self, program: Program, host: Host, next_id: int = 1) -> None:
        self.program = program
        self.host = host
        self.next_id = next_id
        self.tokens: dict[int, Token] = {}
        self.scopes: dict[int, Scope] = {}
        self.subscribing: dict[int, Scope] = {}
        self.agenda = Agenda()
        self.journal = Journal()
        self.ledger = Ledger()

    @property
    def root(self) -> Scope:
        """The scope of the instance itself."""
        return self.scopes[0]

    @property
    def over(self) -> bool:
        """Whether the instance has come to its end, by whatever way."""
        return self.root.status != "open"

    def number(self) -> int:
        """Return the next number of the instance."""
        number, self.next_id = self.next_id, self.next_id + 1
        return number

    def open_scope(self, key: str, id: int, variables: dict[str, Json] | None = None) -> Scope:
        """Open the scope `key` of the program; sub-processes have variables only for their data objects."""
        spec = self.program.specs[key]
        keeps = spec.is_process or spec.names
        return Scope(self, spec, id, (variables or {}) if keeps else None)

    def throw(self, thrown: Thrown) -> None:
        """Hand a message or signal to the step."""
        self.journal.thrown(thrown)

    def finish(self, outcome: Literal["completed", "failed", "cancelled"], **detail: Json) -> None:
        """Note how the instance ended."""
        root = self.root
        root.status = outcome
        self.journal.touch_scope(root)
        self.journal.ended(root)
        self.journal.told.outcome = outcome
        self.journal.told.outcome_detail = dict(detail)
        self.agenda.clear()
