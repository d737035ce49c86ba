"""Random trees of blocks."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

from tests.blocks.tree import Block, Listener

TRIGGERS = ("message", "timer", "signal")
CODES = ("E1", "E2")
SEVERAL = ("message+signal", "message+timer", "message&signal", "signal&timer")
SIGNALS = ("", "S1", "S2")


class Draw:
    """Draws one tree from one seed.

    With `messages`, names that other processes know too, it throws and catches them; `together` lets
    instances of a sub-process stand beside each other. The model knows neither.
    """

    def __init__(self, seed: int, *, messages: Sequence[str] = (), together: bool = False) -> None:
        self.chance = random.Random(seed)
        self.numbers = itertools.count(1)
        self.messages, self.together = messages, together

    def process(self) -> Block:
        """Return the tree of a whole process."""
        return self._scope(0, "process", within=())

    def _id(self, letter: str) -> str:
        return f"{letter}{next(self.numbers)}"

    def _often(self, chance: float) -> bool:
        return self.chance.random() < chance

    def _scope(self, depth: int, of: str, within: tuple[str, ...]) -> Block:
        kept = () if of == "call" else within
        made = Block("scope", self._id("sub"), of=of)
        made.together = self.together and of == "embedded" and self._often(0.4)
        # Instances beside each other would count each other's rounds: a write conflict, which stops them.
        beside = ("beside",) if made.together else ()
        made.parts = [self._seq(depth + 1, (*kept, *beside, of))]
        if of != "transaction" or self._often(0.5):
            made.handlers = [self._handler() for _ in range(self.chance.choice((0, 0, 1, 2)))]
        made.handlers = _distinct(made.handlers)
        made.times = self.chance.choice((0, 0, 0, 2)) if of == "embedded" else 0
        made.times = 2 if made.together else made.times
        self._aim(made.parts[0])
        return made

    def _aim(self, body: Block) -> None:
        """Let some of the compensations thrown in a scope name the activity they are for."""
        known = [each.id for each in body.here() if each.undone_by is not None]
        for each in body.here():
            if each.kind == "undo" and known and self._often(0.4):
                each.of = self.chance.choice(known)

    def _seq(self, depth: int, within: tuple[str, ...]) -> Block:
        count = self.chance.randint(1, 3 if depth < 3 else 2)
        parts = [self._block(depth, within) for _ in range(count)]
        # A branch that outlives its round would stand beside itself, and the model could not tell which.
        if depth > 1 and within[-1] != "loop" and self._often(0.25):
            parts.append(self._end(within))
        return Block("seq", "", list(itertools.chain.from_iterable(map(self._waiting_first, parts))))

    def _waiting_first(self, part: Block) -> list[Block]:
        """What reaches into other branches comes after somebody has acted: never two of them at once."""
        before = [Block("work", self._id("w"))] if part.kind in ("throw", "undo", "end") else []
        return [*before, part]

    def _block(self, depth: int, within: tuple[str, ...]) -> Block:
        simple = ["work"] * 5 + ["auto", "catch", "choice", "throw", "throw", "undo", "undo"]
        simple += ["throw", "throw", "throw", "catch", "catch"] if self.messages else []
        nested = ["par", "par", "xor", "loop", "scope", "scope", "transaction", "call"] if depth < 4 else []
        nested = [each for each in nested if each != "loop" or "beside" not in within]
        kind = self.chance.choice(simple + nested)
        if kind in ("scope", "transaction", "call"):
            of = "embedded" if kind == "scope" else kind
            return self._attached(self._scope(depth, of, within))
        made: Block = getattr(self, f"_{kind}")(depth, within)
        return made

    def _work(self, depth: int, within: tuple[str, ...]) -> Block:
        made = Block("work", self._id("w"), times=self.chance.choice((0, 0, 0, 0, 2)))
        return self._attached(made)

    def _auto(self, depth: int, within: tuple[str, ...]) -> Block:
        return Block("auto", self._id("a"), of=self.chance.choice(("", "writes", "writes", "keeps")))

    def _par(self, depth: int, within: tuple[str, ...]) -> Block:
        return Block("par", self._id("p"), [self._seq(depth + 1, within) for _ in range(2)])

    def _xor(self, depth: int, within: tuple[str, ...]) -> Block:
        parts = [self._seq(depth + 1, within) for _ in range(2)]
        return Block("xor", self._id("x"), parts, pick=self.chance.randrange(2))

    def _loop(self, depth: int, within: tuple[str, ...]) -> Block:
        body = self._seq(depth + 1, (*within, "loop"))
        return Block("loop", self._id("l"), [body], times=self.chance.randint(1, 3))

    def _catch(self, depth: int, within: tuple[str, ...]) -> Block:
        of = self.chance.choice(SEVERAL if self._often(0.25) else TRIGGERS)
        return Block("catch", self._id("c"), of=of, code=self._name(of))

    def _name(self, of: str) -> str:
        """Return the name of a signal or message that is thrown; empty for one that comes from outside."""
        if of == "message" and self.messages:
            return self.chance.choice((*self.messages, ""))
        return self.chance.choice(SIGNALS) if of == "signal" else ""

    def _choice(self, depth: int, within: tuple[str, ...]) -> Block:
        parts = []
        for _ in range(2):
            of = self.chance.choice(TRIGGERS)
            event = Block("catch", self._id("c"), of=of, code=self._name(of))
            parts.append(Block("seq", "", [event, self._work(depth, within)]))
        return Block("choice", self._id("g"), parts)

    def _throw(self, depth: int, within: tuple[str, ...]) -> Block:
        if self.messages and self._often(0.5):
            return Block("throw", self._id("t"), of="message", code=self.chance.choice(self.messages))
        if self._often(0.5):
            return Block("throw", self._id("t"), of="signal", code=self.chance.choice(SIGNALS[1:]))
        return Block("throw", self._id("t"), of="escalation", code=self.chance.choice(CODES))

    def _undo(self, depth: int, within: tuple[str, ...]) -> Block:
        code = "throw" if within[-1] == "loop" else self.chance.choice(("throw", "throw", "end"))
        return Block("undo", self._id("u"), code=code)

    def _end(self, within: tuple[str, ...]) -> Block:
        kinds = ["none", "error", "error", "escalation", "terminate"]
        kinds += ["cancel"] * 4 if within[-1] == "transaction" else []
        return Block("end", self._id("e"), of=self.chance.choice(kinds), code=self.chance.choice(CODES))

    # ------------------------------------------------------------ what listens

    def _attached(self, activity: Block) -> Block:
        """Give an activity boundary events and perhaps a compensation handler."""
        kinds = [*TRIGGERS]
        if activity.kind == "scope":
            kinds += ["error", "error", "escalation", "escalation"]
        made = [
            self._listener("b", self.chance.choice(kinds)) for _ in range(self.chance.choice((0, 0, 1, 2)))
        ]
        if activity.of == "transaction":
            made.append(self._listener("b", "cancel"))
        activity.boundaries = _distinct(made)
        for listener in activity.boundaries:
            listener.merges = listener.interrupting and listener.path.leaves and self._often(0.5)
        if self._often(0.6):
            activity.undone_by = Block("work", self._id("h"))
        return activity

    def _handler(self) -> Listener:
        made = self._listener("s", self.chance.choice([*TRIGGERS, "error", "escalation"]))
        if made.interrupting and made.path.leaves and self._often(0.4):
            made.path.parts.append(Block("undo", self._id("u"), code="throw"))
        made.path = Block("scope", self._id("ev"), [made.path], of="handler")
        return made

    def _listener(self, letter: str, of: str) -> Listener:
        interrupting = of in ("error", "cancel") or self._often(0.5)
        code = self.chance.choice((*CODES, "")) if of in ("error", "escalation") else self._name(of)
        if of in TRIGGERS and interrupting and self._often(0.15):
            of, code = self.chance.choice(SEVERAL), ""
        parts = [Block("work", self._id("w")) for _ in range(self.chance.randint(1, 2))]
        if self._often(0.2):
            end = self.chance.choice(("error", "escalation", "terminate"))
            parts.append(Block("end", self._id("e"), of=end, code=self.chance.choice(CODES)))
        return Listener(self._id(letter), of, code, interrupting, Block("seq", "", parts))


def _distinct(made: list[Listener]) -> list[Listener]:
    """Two listeners of one place never wait for the same error, escalation or signal."""
    found: dict[tuple[str, str], Listener] = {}
    for each in made:
        named = each.code or ("" if each.of in ("error", "escalation", "cancel") else each.id)
        found.setdefault((each.of, named), each)
    return list(found.values())
