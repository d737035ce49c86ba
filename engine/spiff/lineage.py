"""What a token has seen: two branches that change one variable without knowing of each other conflict.

A write has been seen by a token when it was made on the way the token has come, through forks,
joins and the ends of sub-processes. A branch that overwrites a value of another branch it has not
seen would lose it, so that is an incident which names both writers (issue "merge without losing").

While there is one branch nothing is kept. When a second begins, its moment is remembered (`epoch`):
all writes before are seen by everyone. From then on every write has a number, a variable keeps
that of its last one (two when branches agreed on a value), and a token keeps a number up to which
it has seen everything and the last writes it has seen since. So a token's record is never longer
than the list of variables, and a branch that has seen everything and is alone empties it all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engine.errors import ElementFailed
from engine.spiff.private import STARTED
from engine.spiff.token import BORN, CONFLICT, FAILED, LISTENING, SEEN, WRITERS, Token
from engine.text import T

if TYPE_CHECKING:
    from engine.spiff.scope import Scope
    from engine.spiff.state import InstanceState

Record = list[int]


class Ledger:
    """What an instance knows of its branches: when they began, how many, and the last writes."""

    def __init__(self) -> None:
        self.epoch = 0
        self.branches = 0
        self.writes: dict[int, Token | Scope] = {}


# ---------------------------------------------------------------- branches


def recount(token: Token) -> None:
    """Keep the number of branches right when a token's state has changed."""
    counts = _is_branch(token)
    if counts == token.counted:
        return
    token.counted = counts
    state = token.workflow.state
    ledger = state.ledger
    ledger.branches += 1 if counts else -1
    if ledger.branches > 1 and not ledger.epoch:
        ledger.epoch = state.next_id - 1
        state.journal.touch_scope(state.root)


def _is_branch(token: Token) -> bool:
    """Whether a token moves by itself: no holder of others, nothing that waits to begin a branch."""
    if not token.live or token.id <= 0 or token.task_spec.watches:
        return False
    if token._state == STARTED:
        return FAILED in token.internal_data
    return not (LISTENING in token.internal_data and token.parent.task_spec.attaches)


def settle(token: Token) -> None:
    """Forget all records when the token that is about to run is the only branch and has seen everything."""
    state = token.workflow.state
    ledger = state.ledger
    if not ledger.epoch or ledger.branches > 1 or not token.counted or not _all_seen(token):
        return
    for keeper in set(ledger.writes.values()):
        _set_writers(keeper, {})
    ledger.epoch = 0
    ledger.writes = {}
    state.journal.touch_scope(state.root)
    if SEEN in token.internal_data:
        token.forget(SEEN)


# ---------------------------------------------------------------- writes


def check(token: Token, keeper: Token | Scope, name: str) -> None:
    """Raise `ElementFailed` when the last write of a variable is one the token has not seen."""
    unseen = _unseen(token, keeper, name)
    if not unseen:
        return
    element, process = token.task_spec.element, _process(keeper)
    mine, other = _label(token, process, element.id), _label(token, process, unseen[-1][1])
    raise ElementFailed(
        CONFLICT,
        T("“{name}”刚由并行的“{other}”写成别的值，“{mine}”没有看到它", name=name, other=other, mine=mine),
        element=element.id,
        variable=name,
        other=unseen[-1][1],
    )


def note(token: Token, keeper: Token | Scope, name: str, *, changed: bool) -> None:
    """Remember who has written a variable; one that agrees with another branch stands beside it."""
    state = token.workflow.state
    ledger = state.ledger
    if not ledger.epoch or keeper is token or (not changed and not _unseen(token, keeper, name)):
        return
    number = state.number()
    writers = _writers(keeper)
    old: list[list[Any]] = writers.get(name, [])
    kept = old[:1] if not changed else []
    for entry in old[len(kept) :]:
        ledger.writes.pop(entry[0], None)
    _set_writers(keeper, {**writers, name: [*kept, [number, token.task_spec.element.id, _origin(token)]]})
    ledger.writes[number] = keeper
    known, *seen = _record(token)
    token.note(**{SEEN: [known, *_current(ledger, seen), number]})


def _unseen(token: Token, keeper: Token | Scope, name: str) -> list[list[Any]]:
    ledger = token.workflow.state.ledger
    entries = _writers(keeper).get(name) if ledger.epoch and keeper is not token else None
    if not entries:
        return []
    known, *seen = _record(token)
    origin = _origin(token)
    return [
        entry
        for entry in entries
        if entry[0] > known and entry[0] not in seen and not (origin and entry[2] == origin)
    ]


# ---------------------------------------------------------------- what is handed on


def inherited(source: Token) -> Record | None:
    """Return the record of a token that follows `source`; None when it has seen what everyone has."""
    ledger = source.workflow.state.ledger
    if not ledger.epoch or SEEN not in source.internal_data:
        return None
    if _all_seen(source):
        return [source.workflow.state.next_id - 1]
    known, *seen = _record(source)
    return [known, *_current(ledger, seen)]


def entering(scope: Scope) -> Record | None:
    """Return the record of a token that begins in a scope: what its holder knows, and what ended in it."""
    holder = scope.holder
    if not scope.state.ledger.epoch or holder is None:
        return None
    return _merged(scope.state.ledger, [inherited(holder), scope.known])


def everything(state: InstanceState) -> Record | None:
    """Return the record of a token that has seen all there is."""
    return [state.next_id - 1] if state.ledger.epoch else None


def absorb(token: Token, *others: Token) -> None:
    """Let a token know what others knew that end where it goes on."""
    ledger = token.workflow.state.ledger
    if not ledger.epoch:
        return
    records = [token.internal_data.get(SEEN), *(each.internal_data.get(SEEN) for each in others)]
    _remember(token, _merged(ledger, records))


def absorb_writes(token: Token, other: Token) -> None:
    """Let a token know what another has written for it, but not all the other knew."""
    record = other.internal_data.get(SEEN)
    if token.workflow.state.ledger.epoch and record:
        _remember(
            token, _merged(token.workflow.state.ledger, [token.internal_data.get(SEEN), [0, *record[1:]]])
        )


def absorb_scope(token: Token, scope: Scope) -> None:
    """Let the token that opened a scope know what everything in it knew."""
    if scope.state.ledger.epoch and scope.known:
        _remember(token, _merged(scope.state.ledger, [token.internal_data.get(SEEN), scope.known]))


def leave_behind(token: Token) -> None:
    """Leave what an ending token knew with its sub-process, which goes on for all that ended in it."""
    scope = token.workflow
    opened = scope.state.scopes.get(token.id)
    record = token.internal_data.get(SEEN)
    if not scope.state.ledger.epoch or scope.spec.is_process:
        return
    merged = _merged(scope.state.ledger, [scope.known, record, None if opened is None else opened.known])
    if merged != scope.known:
        scope.known = merged
        scope.state.journal.touch_scope(scope)


def forked(state: InstanceState, tokens: Iterable[Token]) -> Record | None:
    """Return the record of a branch that an event starts: it knows what those know that it leaves or ends."""
    if not state.ledger.epoch:
        return None
    records: list[Record | None] = []
    for token in tokens:
        records.append(token.internal_data.get(SEEN))
        opened = state.scopes.get(token.id)
        if opened is not None:
            records.append(opened.known)
    return _merged(state.ledger, records) or [state.ledger.epoch]


def dropped(keeper: Token | Scope) -> None:
    """Strike out the writes of a keeper that is no more."""
    ledger = (keeper.workflow if isinstance(keeper, Token) else keeper).state.ledger
    for entries in _writers(keeper).values():
        for entry in entries:
            ledger.writes.pop(entry[0], None)


def restored(keeper: Token | Scope) -> None:
    """Enter the writes of a keeper that was loaded from its row."""
    ledger = (keeper.workflow if isinstance(keeper, Token) else keeper).state.ledger
    for entries in _writers(keeper).values():
        ledger.writes.update((entry[0], keeper) for entry in entries)


# ---------------------------------------------------------------- inside


def _origin(token: Token) -> int:
    """Return the listener whose event a token brings, 0 for others: occurrences of one come in order."""
    holder = token.workflow.holder
    born: int = token.internal_data.get(BORN, 0)
    if (
        not born
        and holder is not None
        and holder.task_spec.definition.by_event
        and token.task_spec.starts_scope
    ):
        born = holder.internal_data.get(BORN, 0)
    return born


def _record(token: Token) -> Record:
    """Return the number up to which a token has seen everything, and the writes it has seen since."""
    known, *seen = token.internal_data.get(SEEN) or (0,)
    return [max(known, token.workflow.state.ledger.epoch), *seen]


def _all_seen(token: Token) -> bool:
    known, *seen = _record(token)
    return all(number <= known or number in seen for number in token.workflow.state.ledger.writes)


def _current(ledger: Ledger, seen: Iterable[int]) -> list[int]:
    return sorted(number for number in set(seen) if number in ledger.writes)


def _merged(ledger: Ledger, records: Iterable[Record | None]) -> Record | None:
    """Return what all records know together; None when that is only what everyone knows."""
    known, seen = 0, set[int]()
    for record in records:
        if record:
            known = max(known, record[0])
            seen.update(record[1:])
    after = [number for number in _current(ledger, seen) if number > known]
    return [known, *after] if known > ledger.epoch or after else None


def _remember(token: Token, record: Record | None) -> None:
    if record is not None and record != token.internal_data.get(SEEN):
        token.note(**{SEEN: record})


def _writers(keeper: Token | Scope) -> dict[str, list[list[Any]]]:
    if isinstance(keeper, Token):
        found: dict[str, list[list[Any]]] = keeper.internal_data.get(WRITERS, {})
        return found
    return keeper.writers


def _set_writers(keeper: Token | Scope, writers: dict[str, list[list[Any]]]) -> None:
    if not isinstance(keeper, Token):
        keeper.writers = writers
        keeper.state.journal.touch_scope(keeper)
    elif writers:
        keeper.note(**{WRITERS: writers})
    else:
        keeper.forget(WRITERS)


def _process(keeper: Token | Scope) -> str:
    scope = keeper.workflow if isinstance(keeper, Token) else keeper
    return scope.spec.process_id


def _label(token: Token, process: str, element: str) -> str:
    """Return what people call an element."""
    found = token.workflow.state.program.processes.get(process, {}).get(element)
    return element if found is None else " ".join(found.name.split()) or element
