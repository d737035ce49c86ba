"""Decision tables as nodes of a tree, and what evaluates them (DMN 1.5 §8.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.dmn.finding import Finder
from engine.dmn.hits import Hit, policy_named
from engine.dmn.places import Place
from engine.dmn.run import Evaluating, MatchedRule, TableRun, evaluating
from engine.feel.logic import disjunction
from engine.feel.nodes import Node
from engine.feel.programs.registry import build, compiles
from engine.feel.run import Frame, Program
from engine.text import T


@dataclass(frozen=True, slots=True)
class Column(Node):
    """An input: what the rules test, the tests its value must pass, one by one, and all it can be.

    `domain` has the same tests, or those of the values its type allows.
    """

    node: Node
    values: tuple[Node, ...]
    domain: tuple[Node, ...]
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class OutputColumn(Node):
    """An output: the name of its value, its values in order of priority, and what no match answers."""

    name: str
    label: str
    values: tuple[Node, ...]
    default: Node | None
    place: Place


@dataclass(frozen=True, slots=True)
class TableRule(Node):
    """A rule: a test per input, an expression per output."""

    tests: tuple[Node, ...]
    results: tuple[Node, ...]
    id: str
    annotations: dict[str, str] = field(compare=False)
    place: Place


@dataclass(frozen=True, slots=True)
class TableNode(Node):
    """A table of rules."""

    columns: tuple[Column, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[TableRule, ...]
    policy: str
    aggregation: str
    place: Place


@compiles(TableNode)
def table(node: TableNode) -> Program:
    """Inputs, the rules that match, and what the hit policy makes of their outputs."""
    return _Table(node).evaluate


class _Table:
    def __init__(self, node: TableNode) -> None:
        self.node = node
        self._inputs = [build(column.node) for column in node.columns]
        self._allowed = [[build(test) for test in column.values] for column in node.columns]
        self._finder = Finder([rule.tests for rule in node.rules], len(node.columns))
        self._results = [[build(result) for result in rule.results] for rule in node.rules]
        self._priorities = [[build(test) for test in output.values] for output in node.outputs]
        self._defaults = [output.default and build(output.default) for output in node.outputs]
        self._names = [output.name for output in node.outputs]
        self._labels = [output.label for output in node.outputs]
        self._policy = policy_named(node.policy, node.aggregation)

    def evaluate(self, frame: Frame) -> Any:
        run = evaluating(frame)
        inputs = [self._input(column, frame, run) for column in range(len(self._inputs))]
        hits = [self._hit(index, frame) for index in self._finder.matching(inputs, frame)]
        value = self._policy(hits, run, self.node.place) if hits else self._without_match(frame, run)
        return self._recorded(run, inputs, hits, value)

    def _input(self, column: int, frame: Frame, run: Evaluating) -> Any:
        """Return the value of an input; one that is not among its allowed values is null (§8.3.2)."""
        value = self._inputs[column](frame)
        tests = self._allowed[column]
        if not tests or value is None:
            return value
        scope = Frame({"?": value}, frame, frame.run)
        if disjunction(test(scope) for test in tests) is True:
            return value
        place = self.node.columns[column].place
        run.note_at(place, "not_allowed", T("{what}的值不在允许的值之内", what=place.what))
        return None

    def _hit(self, index: int, frame: Frame) -> Hit:
        values = [result(frame) for result in self._results[index]]
        ranks = self._ranks(values, frame)
        for column, (rank, tests) in enumerate(zip(ranks, self._priorities, strict=False)):
            if tests and rank == len(tests) and values[column] is not None:
                self._note_output(index, column, frame)
                values[column] = None
        return Hit(index, self._shaped(values), tuple(values), ranks)

    def _note_output(self, index: int, column: int, frame: Frame) -> None:
        """Record that a rule answers what its output does not allow; that is no answer (§8.3.3)."""
        what = T("规则 {number} 的第 {column} 个输出", number=index + 1, column=column + 1)
        text = T("{what}的值不在允许的值之内", what=what)
        evaluating(frame).note_at(self.node.rules[index].place, "not_allowed", text)

    def _shaped(self, values: list[Any]) -> Any:
        """Return one output as its value, several as a context (§8.3.3)."""
        if len(self._names) == 1:
            return values[0] if values else None
        return dict(zip(self._names, values, strict=False))

    def _ranks(self, values: list[Any], frame: Frame) -> tuple[int, ...]:
        """Return the place of each output in the order of its values; what is not listed comes last."""
        if not any(self._priorities):
            return ()
        return tuple(
            _rank(tests, value, frame) for tests, value in zip(self._priorities, values, strict=False)
        )

    def _without_match(self, frame: Frame, run: Evaluating) -> Any:
        if not any(self._defaults):
            return self._policy([], run, self.node.place)
        return self._shaped([default and default(frame) for default in self._defaults])

    def _recorded(self, run: Evaluating, inputs: list[Any], hits: list[Hit], value: Any) -> Any:
        labels = [column.label for column in self.node.columns]
        run.record(
            TableRun(
                self.node.place,
                dict(zip(labels, inputs, strict=True)),
                tuple(self._matched(hit) for hit in hits),
                value,
            )
        )
        return value

    def _matched(self, hit: Hit) -> MatchedRule:
        rule = self.node.rules[hit.rule]
        outputs = dict(zip(self._labels, hit.values, strict=False))
        return MatchedRule(hit.rule + 1, rule.id, outputs, rule.annotations)


def _rank(tests: list[Program], value: Any, frame: Frame) -> int:
    scope = Frame({"?": value}, frame, frame.run)
    return next((rank for rank, test in enumerate(tests) if test(scope) is True), len(tests))
