"""Trees of blocks: structured diagrams with events, errors, escalations, compensation and cancellation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


def kinds(of: str) -> list[str]:
    """Return what an event waits for: `message+timer` for any of them, `message&timer` for all."""
    return of.replace("&", "+").split("+")


@dataclass
class Block:
    """One block; `kind` says which of the other fields count.

    work: an activity of `times` instances · auto: passes at once, and `writes` a variable or `keeps` a data
    object of its scope · seq, par, loop: `parts`, `times` rounds · xor: the part
    `pick` · scope: a sub-process, `of` says which kind, `times` instances one after
    another or `together` · catch, choice: events, a signal or message of the name
    `code` or one of its own · throw: an escalation, signal or message of `code` · end: `of` says which
    kind · undo: throws compensation, of the activity `of` only when there is one.
    """

    kind: str
    id: str
    parts: list[Block] = field(default_factory=list)
    of: str = ""
    code: str = ""
    times: int = 0
    together: bool = False
    pick: int = 0
    boundaries: list[Listener] = field(default_factory=list)
    handlers: list[Listener] = field(default_factory=list)
    undone_by: Block | None = None

    @property
    def leaves(self) -> bool:
        """Whether a flow leads out of the block at all."""
        if self.kind in ("par", "xor", "choice"):
            return any(part.leaves for part in self.parts)
        if self.kind in ("seq", "loop"):
            return all(part.leaves for part in self.parts)
        return self.kind != "end" and (self.kind, self.code) != ("undo", "end")

    def here(self) -> Iterator[Block]:
        """Yield the block and what can be reached in it, but not what sub-processes hold or events begin."""
        yield self
        for part in self.parts if self.kind != "scope" else ():
            yield from part.here()
            if self.kind == "seq" and not part.leaves:
                break

    def everywhere(self) -> Iterator[Block]:
        """Yield the block and all in it."""
        yield self
        inner = [*self.parts, *(each.path for each in (*self.boundaries, *self.handlers))]
        for part in [*inner, *([self.undone_by] if self.undone_by else [])]:
            yield from part.everywhere()


@dataclass
class Listener:
    """A boundary event or an event sub-process: what it waits for, and the block that follows."""

    id: str
    of: str
    code: str
    interrupting: bool
    path: Block
    merges: bool = False
