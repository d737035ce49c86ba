"""Models that import others: with a name before theirs, and as if they stood here (DMN 1.5 §6.3.2)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.dmn.linking import Model
from tests.dmn.build import (
    decided,
    decision,
    input_data,
    item,
    linked,
    literal,
    model_xml,
    of_type,
    service,
    value,
)


def brought_in(namespace: str, name: str = "") -> str:
    return f'<import name="{name}" namespace="{namespace}" importType="https://www.omg.org/spec/DMN/"/>'


def requires(*hrefs: str) -> str:
    return "".join(
        f'<informationRequirement><requiredDecision href="{href}"/></informationRequirement>'
        for href in hrefs
    )


def named(namespace: str, *decisions: str, imports: str = "", more: str = "") -> bytes:
    """A file in which every decision answers the namespace."""
    parts = [decision(name, literal(f'"{namespace}"')) for name in decisions]
    return model_xml(imports, more, *parts, name=namespace, namespace=namespace)


def uses_x(*imports: bytes, own: str = "", names: str) -> Model:
    """A model whose `main` requires `x`, wherever that stands."""
    brought = "".join(map(brought_in, names.split()))
    main = decision("main", literal("x"), requires("#d_x"))
    return linked(brought, own, main, imports=imports, namespace="A")


def test_what_stands_here_comes_before_what_is_imported() -> None:
    own = decision("x", literal('"A"'))
    assert value(uses_x(named("B", "x"), own=own, names="B"), "main") == "A"


def test_what_is_imported_first_comes_first() -> None:
    assert value(uses_x(named("B", "x"), named("C", "x"), names="B C"), "main") == "B"
    assert value(uses_x(named("B"), named("C", "x"), names="B C"), "main") == "C"


def test_imports_of_imports_come_before_later_imports() -> None:
    files = (named("B", imports=brought_in("C")), named("C", "x"), named("D", "x"))
    assert value(uses_x(*files, names="B D"), "main") == "C"


def test_import_comes_before_what_it_imports() -> None:
    files = (named("B", "x", imports=brought_in("C")), named("C", "x"))
    assert value(uses_x(*files, names="B"), "main") == "B"


def test_references_within_an_import_lead_to_what_comes_first() -> None:
    inner = decision("y", literal("x"), requires("B#d_x"))
    model = linked(
        brought_in("B"),
        decision("x", literal('"A"')),
        decision("main", literal("y"), requires("B#d_y")),
        imports=(named("B", "x", more=inner),),
        namespace="A",
    )
    assert value(model, "main") == "A"


def test_what_an_import_without_name_defines_can_be_asked_for() -> None:
    inner = (input_data("in"), decision("out", literal("in"), _input("in")))
    files = (model_xml(*inner, name="B", namespace="B"),)
    assert value(linked(brought_in("B"), imports=files, namespace="A"), "out", {"in": 3}) == 3


def _input(name: str) -> str:
    return f'<informationRequirement><requiredInput href="#i_{name}"/></informationRequirement>'


def test_models_that_import_each_other_are_linked() -> None:
    files = (named("B", "x", imports=brought_in("A") + brought_in("B")), named("A"))
    assert value(uses_x(*files, names="B A"), "main") == "B"


def test_types_come_with_their_model() -> None:
    library = model_xml(item("金额", of_type("number")), name="B", namespace="B")
    parts = (
        input_data("a", "lib.金额"),
        input_data("b", "金额"),
        decision("d", literal("[a, b]"), _input("a") + _input("b")),
    )
    model = linked(brought_in("B", "lib"), brought_in("B"), *parts, imports=(library,), namespace="A")
    assert value(model, "d", {"a": 1, "b": "x"}) == [1, None]
    assert value(model, "d", {"a": "x", "b": 2}) == [None, 2]


def greeting() -> tuple[bytes, bytes, bytes]:
    """A greets a person, B1 and B2 import A under one name each."""
    needed = '<informationRequirement><requiredInput href="#i_person"/></informationRequirement>'
    base = model_xml(
        input_data("person", "string"),
        decision("greeting", literal('"Hello, " + person'), needed),
        name="A",
        namespace="A",
    )

    def importing(name: str) -> bytes:
        said = decision("said", literal("model a.greeting"), requires("A#d_greeting"))
        return model_xml(brought_in("A", "model a"), said, name=name, namespace=name)

    return base, importing("B1"), importing("B2")


def test_one_model_imported_twice_may_be_given_different_values() -> None:
    both = decision("both", literal("b1.said + b2.said"), requires("B1#d_said", "B2#d_said"))
    model = linked(brought_in("B1", "b1"), brought_in("B2", "b2"), both, imports=greeting(), namespace="C")
    given: dict[str, Any] = {"b1": {"model a": {"person": "Bob"}}, "b2": {"model a": {"person": "John"}}}
    assert value(model, "both", given) == "Hello, BobHello, John"
    assert value(model, "both", {"person": "张三"}) == "Hello, 张三Hello, 张三"


def test_value_given_to_a_model_reaches_it_by_every_way() -> None:
    main = decision("main", literal("b1.said"), requires("B1#d_said"))
    model = linked(brought_in("A", "a"), brought_in("B1", "b1"), main, imports=greeting(), namespace="C")
    assert value(model, "main", {"a": {"person": "李四"}}) == "Hello, 李四"


def test_service_over_imported_elements_has_the_names_of_the_imports() -> None:
    def file(namespace: str, factor: int) -> bytes:
        return model_xml(
            input_data("in", "number"),
            decision("out", literal(f"in * {factor}"), _input("in")),
            name=namespace,
            namespace=namespace,
        )

    parts = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="P#d_out"/>'
        '<outputDecision href="Q#d_out"/><inputData href="P#i_in"/><inputData href="Q#i_in"/>'
        "</decisionService>"
    )
    model = linked(
        brought_in("P", "p"), brought_in("Q"), parts, imports=(file("P", 2), file("Q", 10)), namespace="A"
    )
    assert value(model, "s", {"p": {"in": 3}, "in": 4}) == {"p.out": Decimal(6), "out": Decimal(40)}


def test_missing_import_leaves_null_with_a_reason() -> None:
    found = decided(linked(brought_in("B", "b"), decision("d", literal("b.x"), requires("B#d_x"))), "d")
    assert found.value is None
    assert found.problems


def test_service_of_nothing_is_empty() -> None:
    assert value(linked(service("s", ())), "s") == {}
