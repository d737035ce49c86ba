"""Loops and multiple instances: one token that holds an instance of the activity per run (§10.3.8)."""

from __future__ import annotations

from engine.errors import ElementFailed
from engine.spiff import compensation, delivery, lineage, tree
from engine.spiff.data import move
from engine.spiff.parser.model import LoopDef, NodeDef, Trigger
from engine.spiff.port import Json, Thrown
from engine.spiff.private import STARTED
from engine.spiff.specs.events import outgoing
from engine.spiff.specs.node import Node
from engine.spiff.specs.scope_spec import ScopeSpec
from engine.spiff.token import FAILED, VIA, Token
from engine.spiff.variables import visible, write
from engine.text import T

COUNTER = "loopCounter"
TOTAL, DONE, ITEMS, LAST = "total", "done", "items", "last"


class Loop(Node):
    """The activity as a whole. Its token stays while instances run, and counts them.

    Each time an instance ends, and when a failed test is retried, the token runs again and
    decides whether to go on; so a failing condition stands here and not at an instance.
    """

    shown = False
    repeats = True

    def __init__(self, scope_spec: ScopeSpec, definition: NodeDef, loop: LoopDef, each: Node) -> None:
        super().__init__(scope_spec, definition)
        self.loop = loop
        self.each = each
        self.output_item = loop.output_item

    def finished(self, token: Token, instance: Token) -> None:
        """Count an instance that has ended, throw what it throws and decide what comes next."""
        events, outside = self._ending(token, instance)
        instance.complete()
        done: dict[str, Json] = {DONE: token.internal_data[DONE] + 1}
        if self.loop.condition is not None:
            done[LAST] = dict(instance.data)
        token.note(**done)
        compensation.gather(token, instance)
        lineage.absorb(token, instance)
        if self.output_item is None:
            tree.drop(instance)
        else:
            kept = (COUNTER, self.output_item)
            instance.data = {name: instance.data[name] for name in kept if name in instance.data}
        for thrown in outside:
            delivery.throw(token.workflow.state, thrown)
        for trigger in events:
            if token.live:
                self._propagate(token, trigger)
        if token.live and FAILED not in token.internal_data:
            token.run()

    def _ending(self, token: Token, instance: Token) -> tuple[list[Trigger], list[Thrown]]:
        """Return the events an instance throws as it ends: those for this instance only, and the others."""
        events: list[Trigger] = []
        for behavior in self.loop.behaviors:
            names = {**visible(instance), **self.counts(token, token.internal_data[DONE] + 1)}
            first = behavior.first and token.internal_data[DONE]
            if not first and (behavior.condition is None or self.decide(token, names, behavior.condition)):
                events += behavior.triggers
        outside = [outgoing(instance, each) for each in events if each.kind in ("signal", "message")]
        return [each for each in events if each.kind not in ("signal", "message")], outside

    def _propagate(self, token: Token, trigger: Trigger) -> None:
        if trigger.kind == "error":
            delivery.raise_error(token, trigger.code or "")
        else:
            delivery.propagate(token, "escalation", trigger.code or "")

    def counts(self, token: Token, done: int) -> dict[str, Json]:
        """Return the names the standard gives to the numbers of instances."""
        return {}

    def _cancel(self, token: Token) -> None:
        for instance in [token.workflow.tasks[id] for id in token._children]:
            if instance.live:
                lineage.absorb(token, *tree.reach(instance))
            tree.kill(instance)

    def leave(self, token: Token) -> None:
        """Cancel what still runs and go on; a loop without any run shows as passed through."""
        self._cancel(token)
        if not token.internal_data.get(DONE):
            journal = token.workflow.state.journal
            journal.move("enter", token, token.internal_data.get(VIA))
            journal.move("leave", token)
        super().leave(token)

    def start(self, token: Token, counter: int, **locals: Json) -> None:
        """Start one instance."""
        via = token.internal_data.get(VIA)
        tree.spawn(token, self.each, via=via, locals={COUNTER: counter, **locals})

    def stay(self, token: Token) -> bool:
        """Keep the token here."""
        token._set_state(STARTED)
        return False

    def decide(self, token: Token, names: dict[str, Json], condition: str | None) -> bool:
        """Return the answer of a condition of the loop."""
        host = token.workflow.state.host
        names = {**visible(token), **names}
        answer: bool = host.condition(condition or "", names, element=self.element, flow="")
        return answer


class StandardLoop(Loop):
    """Runs the activity again while its condition holds, at most `loopMaximum` times."""

    def arrive(self, token: Token) -> bool:
        """Start the next run, unless there is none."""
        first = DONE not in token.internal_data
        if first:
            token.note(**{DONE: 0})
        done = token.internal_data[DONE]
        if not (first and not self.loop.test_before) and not self._again(token, done):
            return True
        self.stay(token)
        self.start(token, done)
        return False

    def _again(self, token: Token, done: int) -> bool:
        if self.loop.maximum is not None and done >= self.loop.maximum:
            return False
        return self.loop.condition is None or self.decide(token, {COUNTER: done}, self.loop.condition)


class Instances(Loop):
    """What parallel and sequential multiple instances share.

    The output collection holds one value per completed instance in the order of the items, and is
    written when the activity ends; until then each value waits in the row of its instance, so one
    completion costs the same whether there are ten or 5,000.
    """

    def arrive(self, token: Token) -> bool:
        """Plan the instances, or decide after one has ended."""
        if TOTAL not in token.internal_data:
            self.plan(token)
        elif self._complete(token):
            return self._conclude(token)
        if token.internal_data[DONE] >= token.internal_data[TOTAL]:
            return self._conclude(token)
        self.stay(token)
        self.proceed(token)
        return False

    def plan(self, token: Token) -> None:
        """Work out the items and start what can start."""
        raise NotImplementedError

    def proceed(self, token: Token) -> None:
        """Start what an ended instance makes room for."""

    def active(self, left: int) -> int:
        """Return how many instances run when `left` have not ended."""
        return left

    def items(self, token: Token) -> list[Json]:
        """Return one item per instance; raises `ElementFailed` for what is no list or no natural number."""
        host, names = token.workflow.state.host, visible(token)
        if self.loop.collection is not None:
            listed = self.loop.listed is not None
            items = self._listed(token, names) if listed else self._evaluated(token, names)
            if not isinstance(items, list):
                raise ElementFailed("collection", T("多实例的集合不是列表"), element=self.element.id)
            return list(items)
        count = host.evaluate(self.loop.cardinality or "", names, element=self.element)
        return [None] * self._natural(count)

    def _listed(self, token: Token, names: dict[str, Json]) -> Json:
        """Return the collection that is data of the diagram: what its associations bring, or a variable."""
        for association in self.loop.feeds:
            move(token, association)
        if not self.loop.feeds:
            return names.get(self.loop.listed or "")
        return token.data.pop(self.loop.listed or "", None)

    def _evaluated(self, token: Token, names: dict[str, Json]) -> Json:
        host = token.workflow.state.host
        return host.evaluate(self.loop.collection or "", names, element=self.element)

    def locals(self, item: Json) -> dict[str, Json]:
        """Return what an instance knows of its item."""
        return {} if self.loop.item is None or self.loop.collection is None else {self.loop.item: item}

    def _natural(self, count: Json) -> int:
        whole = not isinstance(count, bool | str | None) and count == int(count)
        if not whole or count < 0:
            raise ElementFailed("cardinality", T("多实例的数量不是自然数"), element=self.element.id)
        return int(count)

    def _complete(self, token: Token) -> bool:
        condition, internal = self.loop.condition, token.internal_data
        if condition is None or LAST not in internal:
            return False
        names = {**internal[LAST], **self.counts(token, internal[DONE])}
        if self.loop.output is not None and self.loop.output in condition:
            names[self.loop.output] = self._collected(token)
        return self.decide(token, names, condition)

    def counts(self, token: Token, done: int) -> dict[str, Json]:
        """Return the numbers of instances, as when `done` have ended."""
        total = token.internal_data[TOTAL]
        return {
            "numberOfInstances": total,
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": self.active(total - done),
            "numberOfTerminatedInstances": 0,
        }

    def _collected(self, token: Token) -> list[Json]:
        tasks = token.workflow.tasks
        ended = [tasks[id] for id in token._children if not tasks[id].live]
        return [instance.data.get(self.output_item or "") for instance in ended]

    def _conclude(self, token: Token) -> bool:
        if self.loop.drains:
            token.data[self.loop.output or ""] = self._collected(token)
            for association in self.loop.drains:
                move(token, association)
        elif self.loop.output is not None:
            write(token, {self.loop.output: self._collected(token)})
        return True


class ParallelInstances(Instances):
    """All instances at once."""

    def plan(self, token: Token) -> None:
        """Start every instance."""
        items = self.items(token)
        token.note(**{TOTAL: len(items), DONE: 0})
        for counter, item in enumerate(items):
            self.start(token, counter, **self.locals(item))


class SequentialInstances(Instances):
    """One instance after another, over the items as they were when the activity began."""

    def plan(self, token: Token) -> None:
        """Remember the items."""
        items = self.items(token)
        token.note(**{TOTAL: len(items), DONE: 0, ITEMS: items})

    def proceed(self, token: Token) -> None:
        """Start the next instance."""
        done = token.internal_data[DONE]
        self.start(token, done, **self.locals(token.internal_data[ITEMS][done]))

    def active(self, left: int) -> int:
        """Return how many instances run: none, between one and the next."""
        return 0
