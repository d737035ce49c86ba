"""Boxed expressions, requirements, services and imports (DMN 1.5 §6, §7, §10)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.dmn import read
from engine.dmn.namespaces import VERSIONS
from engine.errors import NotFound
from tests.dmn.build import (
    context,
    decided,
    decision,
    entry,
    input_data,
    invocation,
    knowledge,
    linked,
    literal,
    model_xml,
    needs,
    service,
    value,
)


@pytest.mark.parametrize("namespace", VERSIONS)
def test_every_version_is_read(namespace: str) -> None:
    xml = model_xml(decision("一", literal("1 + 1")), dmn=namespace)
    assert value(linked(decision("一", literal("1 + 1")), dmn=namespace), "一") == 2
    assert read(xml).definitions.version == VERSIONS[namespace]


def test_decision_uses_what_it_requires() -> None:
    model = linked(
        input_data("单价", "number"),
        input_data("数量", "number"),
        decision("小计", literal("单价 * 数量"), needs(inputs=("单价", "数量")), "number"),
        decision("总价", literal("小计 * 1.13"), needs(decisions=("小计",)), "number"),
    )
    assert value(model, "总价", {"单价": 100, "数量": 2}) == Decimal("226.00")


def test_what_is_not_required_is_not_seen() -> None:
    model = linked(input_data("a"), decision("d", literal("a")))
    found = decided(model, "d", {"a": 1})
    assert (found.value, [problem.code for problem in found.problems]) == (None, ["unknown_name"])
    assert found.problems[0].place.name == "d"


def test_decision_that_is_given_is_not_decided() -> None:
    model = linked(decision("a", literal("1")), decision("b", literal("a + 1"), needs(decisions=("a",))))
    assert value(model, "b") == 2
    assert value(model, "b", {"a": 10}) == 11


def test_missing_input_is_null_and_named() -> None:
    model = linked(input_data("a"), decision("d", literal("a = null"), needs(inputs=("a",))))
    found = decided(model, "d")
    assert (found.value, [problem.code for problem in found.problems]) == (True, ["missing_input"])


def test_unknown_decision_is_not_found() -> None:
    with pytest.raises(NotFound):
        decided(linked(), "nobody")


def test_context_gives_its_entries_or_its_result() -> None:
    entries = (entry("税率", literal("0.13")), entry("税额", literal("100 * 税率")))
    model = linked(
        decision("all", context(*entries)),
        decision("one", context(*entries, entry("", literal("税额 + 100")))),
    )
    assert value(model, "all") == {"税率": Decimal("0.13"), "税额": Decimal("13.00")}
    assert value(model, "one") == Decimal("113.00")


def test_knowledge_is_called_by_position_name_and_invocation() -> None:
    model = linked(
        knowledge("monthly payment", literal("amount * rate / 12"), {"amount": "number", "rate": "number"}),
        decision("a", literal("monthly payment(1200, 0.5)"), needs(knowledge=("k_monthly payment",))),
        decision(
            "b", literal("monthly payment(rate: 0.5, amount: 1200)"), needs(knowledge=("k_monthly payment",))
        ),
        decision(
            "c",
            invocation("monthly payment", {"amount": literal("1200"), "rate": literal("0.5")}),
            needs(knowledge=("k_monthly payment",)),
        ),
    )
    assert [value(model, name) for name in "abc"] == [Decimal(50)] * 3


def test_knowledge_may_call_itself() -> None:
    logic = literal("if n <= 1 then 1 else n * factorial(n - 1)")
    model = linked(
        knowledge("factorial", logic, {"n": "number"}),
        decision("d", literal("factorial(5)"), needs(knowledge=("k_factorial",))),
    )
    assert value(model, "d") == 120


def test_service_is_a_function_of_its_inputs() -> None:
    model = linked(
        input_data("x", "number"),
        decision("y", literal("x * 2"), needs(inputs=("x",)), "number"),
        decision("z", literal("y + 1"), needs(decisions=("y",)), "number"),
        service("double", ("z",), encapsulated=("y",), inputs=("x",)),
        service("from y", ("z",), input_decisions=("y",)),
        decision("use", literal("double(10) + from y(100)"), needs(knowledge=("s_double", "s_from y"))),
    )
    assert value(model, "use") == 21 + 101
    assert value(model, "double", {"x": 3}) == 7


def test_service_with_several_outputs_answers_a_context() -> None:
    model = linked(decision("a", literal("1")), decision("b", literal("2")), service("both", ("a", "b")))
    assert value(model, "both") == {"a": 1, "b": 2}


def test_imported_elements_have_the_name_of_the_import_before_theirs() -> None:
    library = model_xml(
        knowledge("tax", literal("amount * 0.13"), {"amount": "number"}),
        input_data("amount", "number"),
        decision("total", literal("amount + 1"), needs(inputs=("amount",))),
        name="lib",
        namespace="urn:lib",
    )
    model = linked(
        '<import name="税法" namespace="urn:lib" importType="x"/>',
        decision(
            "d",
            literal("税法.tax(100) + 税法.total"),
            '<informationRequirement><requiredDecision href="urn:lib#d_total"/></informationRequirement>'
            '<knowledgeRequirement><requiredKnowledge href="urn:lib#k_tax"/></knowledgeRequirement>',
        ),
        imports=(library,),
    )
    assert value(model, "d", {"税法": {"amount": 1}}) == Decimal("15.00")
    assert value(model, "d", {"amount": 2}) == Decimal("16.00")


def test_decisions_that_require_each_other_are_null_with_a_reason() -> None:
    model = linked(
        decision("a", literal("b"), needs(decisions=("b",))),
        decision("b", literal("a"), needs(decisions=("a",))),
    )
    found = decided(model, "a")
    assert (found.value, [problem.code for problem in found.problems]) == (None, ["cycle"])
