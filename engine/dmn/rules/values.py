"""Rules about values that cannot be of the type they are asked for (DMN 1.5 §8.3.2, §10.3.2.9)."""

from __future__ import annotations

from engine.dmn.nodes import Placed, Typed
from engine.dmn.places import Place
from engine.dmn.regions import EVERYTHING, NoRegion, constant, region_of
from engine.dmn.rules.registry import Hit, Hits, Subject, rule
from engine.dmn.rules.walking import everything, logic
from engine.dmn.run import Evaluating
from engine.feel import nodes
from engine.feel.nodes import Node
from engine.feel.programs import build
from engine.feel.run import Frame
from engine.feel.types import ANY, FeelType, Simple, bare, coerced
from engine.feel.values import Undefined, kind_text
from engine.text import T


@rule(
    "type.mismatch",
    "DMN 1.5 §10.3.2.9.4",
    T("“{name}”的{what}得到类型“{given}”的值，这里要的是“{type}”，结果会是空值"),
    T("改正表达式，或改正类型"),
)
def _mismatch(subject: Subject) -> Hits:
    for clash in subject.kinds.clashes:
        yield Hit(clash.place, {"type": str(clash.expected), "given": str(clash.given)})


@rule(
    "names.entry-unknown",
    "DMN 1.5 §10.3.2.11",
    T("“{name}”的{what}用到“{entry}”，类型“{type}”没有这一项"),
    T("改正名称，或在类型里加上它"),
    severity="warning",
)
def _entry_unknown(subject: Subject) -> Hits:
    for missing in subject.kinds.missing:
        params = {"entry": missing.name, "type": str(missing.kind)}
        yield Hit(missing.place, params, spot=missing.spot)


@rule(
    "type.value",
    "DMN 1.5 §10.3.2.9.4",
    T("“{name}”的{what}不是类型“{type}”的值，结果会是空值"),
    T("改正值或类型"),
)
def _value(subject: Subject) -> Hits:
    run = Evaluating(None)
    clashing = {id(clash.place) for clash in subject.kinds.clashes}
    for _, tree in logic(subject.model):
        for node in everything(tree):
            told = isinstance(node, Typed) and id(node.place) not in clashing
            if told and isinstance(node, Typed) and _cannot_be(node.node, node.kind, run):
                yield Hit(node.place, {"type": str(node.kind)})


def _cannot_be(node: Node, kind: FeelType, run: Evaluating) -> bool:
    """Say whether a literal will not fit a type; where it fails a narrower one already, that one is told."""
    while isinstance(node, Placed | Typed):
        if isinstance(node, Typed) and _cannot_be(node.node, node.kind, run):
            return False
        node = node.node
    try:
        coerced(constant(node), kind, run)
    except NoRegion:
        return False
    except Undefined:
        return True
    return False


@rule(
    "type.cell",
    "DMN 1.5 §8.3.2",
    T("“{name}”的{what}是{given}，而这一列是{expected}，永远不会符合"),
    T("改正条件，或改正这一列的类型；条件里用 ? 代表这一列的值"),
)
def _cell(subject: Subject) -> Hits:
    for table in subject.tables:
        for number, column in enumerate(table.columns):
            expected = _standard_name(subject.kinds.columns.get(id(column), ANY))
            for each in table.rules if expected else ():
                cell = each.tests[number] if number < len(each.tests) else None
                given = _kind_of_cell(cell)
                if cell is not None and given and given != expected:
                    place = cell.place if isinstance(cell, Placed) else each.place
                    yield Hit(place, {"given": kind_text(given), "expected": kind_text(expected)})


def _standard_name(kind: FeelType) -> str:
    """Return the name of a type of FEEL, empty for any other."""
    plain = bare(kind)
    return plain.name if isinstance(plain, Simple) and plain != ANY else ""


def _kind_of_cell(cell: Node | None) -> str:
    """Return the kind of value a cell asks for; a condition that does not ask about `?` is a truth value."""
    if cell is None:
        return ""
    region = region_of(cell)
    if region is not None:
        return "" if region is EVERYTHING else region.kind
    tests = cell.node if isinstance(cell, Placed) else cell
    if isinstance(tests, nodes.UnaryTests) and len(tests.tests) == 1:
        only = tests.tests[0]
        asks = any(isinstance(node, nodes.Input) for node in everything(only))
        if isinstance(only, _TRUTHS) and not asks:
            return "boolean"
    return ""


_TRUTHS = (nodes.Comparison, nodes.Between, nodes.In, nodes.Conjunction, nodes.Disjunction, nodes.InstanceOf)


@rule(
    "type.output-value",
    "DMN 1.5 §8.3.3",
    T("“{name}”的{what}不在这个输出允许的值之内"),
    T("改正结果，或把它加到输出的值里"),
)
def _output_value(subject: Subject) -> Hits:
    for table in subject.tables:
        for each in table.rules:
            for output, result in zip(table.outputs, each.results, strict=False):
                regions = [region_of(test) for test in output.values]
                if regions and None not in regions and not _listed(result, output.values):
                    yield Hit(_place_of(result, each.place))


def _listed(result: Node, values: tuple[Node, ...]) -> bool:
    """Say whether an output is among its values, or is not known beforehand."""
    while isinstance(result, Placed | Typed):
        result = result.node
    try:
        value = constant(result)
    except NoRegion:
        return True
    frame = Frame({"?": value}, None, Evaluating(None))
    return value is None or any(build(test)(frame) is True for test in values)


def _place_of(result: Node, otherwise: Place) -> Place:
    return result.place if isinstance(result, Placed | Typed) else otherwise
