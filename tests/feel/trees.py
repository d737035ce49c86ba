"""Random trees as the parser could have made them."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from engine.feel import nodes
from engine.feel.nodes import Node, Type

NAMES = st.sampled_from(
    ["a", "b1", "项目", "first name", "Table 2", "item", "partial", "instance", "date", "x_y"]
)
KEYS = st.one_of(
    NAMES, st.sampled_from(["if", "a-b", "profit and loss", "2nd", "", 'q"', "金额（元）", "a\nb"])
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**20), max_value=10**20)
NUMBERS = st.one_of(
    DECIMALS, st.sampled_from([Decimal("1e50"), Decimal("-1e-50"), Decimal("0.5"), Decimal(7)])
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)

TYPES: st.SearchStrategy[Type] = st.recursive(
    st.builds(
        nodes.NamedType,
        st.sampled_from(
            ["number", "date and time", "days and time duration", "Any", "Null", "tItem.part", "list"]
        ),
    ),
    lambda inner: st.one_of(
        st.builds(nodes.ListType, inner),
        st.builds(nodes.RangeType, inner),
        st.builds(nodes.ContextType, st.lists(st.tuples(NAMES, inner), max_size=2).map(tuple)),
        st.builds(nodes.FunctionType, st.lists(inner, max_size=2).map(tuple), inner),
    ),
    max_leaves=4,
)

LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(nodes.NumberLiteral, NUMBERS),
    st.builds(nodes.StringLiteral, TEXTS),
    st.builds(nodes.BooleanLiteral, st.booleans()),
    st.just(nodes.NullLiteral()),
    st.builds(nodes.AtLiteral, st.sampled_from(["2026-09-25", "P1D", "nonsense", 'a"b'])),
    st.builds(nodes.Name, NAMES),
    st.just(nodes.Input()),
)


def unique(pairs: list[tuple[str, Node]]) -> tuple[tuple[str, Node], ...]:
    return tuple(dict(pairs).items())


def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, max_size=3).map(tuple)
    two_or_more = st.lists(inner, min_size=2, max_size=3).map(tuple)
    tests = st.one_of(inner, st.builds(nodes.Test, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), inner))
    domain = st.one_of(inner, st.builds(nodes.IterationRange, inner, inner))
    iterators = st.lists(st.tuples(NAMES, domain), min_size=1, max_size=2).map(tuple)
    parameters = st.lists(st.tuples(NAMES, st.one_of(st.none(), TYPES)), max_size=2).map(tuple)
    return st.one_of(
        st.builds(nodes.ListLiteral, several),
        st.builds(nodes.ContextLiteral, st.lists(st.tuples(KEYS, inner), max_size=3).map(unique)),
        st.builds(nodes.RangeLiteral, inner, inner, st.booleans(), st.booleans()),
        st.builds(nodes.FunctionLiteral, parameters, inner, st.booleans()),
        st.builds(nodes.Path, inner, NAMES),
        st.builds(nodes.Descendants, inner, NAMES),
        st.builds(nodes.Filter, inner, inner),
        st.builds(nodes.Call, inner, several),
        st.builds(
            nodes.NamedCall, inner, st.lists(st.tuples(NAMES, inner), min_size=1, max_size=2).map(tuple)
        ),
        st.builds(nodes.Negation, inner),
        st.builds(nodes.Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(nodes.Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(nodes.Between, inner, inner, inner),
        st.builds(nodes.In, inner, st.lists(tests, min_size=1, max_size=2).map(tuple)),
        st.builds(nodes.Conjunction, two_or_more),
        st.builds(nodes.Disjunction, two_or_more),
        st.builds(nodes.InstanceOf, inner, TYPES),
        st.builds(nodes.If, inner, inner, inner),
        st.builds(nodes.For, iterators, inner),
        st.builds(nodes.Quantified, st.sampled_from(["some", "every"]), iterators, inner),
        st.builds(nodes.Test, st.sampled_from(["<", ">="]), inner),
    )


TREES: st.SearchStrategy[Node] = st.recursive(LEAVES, larger, max_leaves=12)
