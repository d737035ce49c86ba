"""Mutated, random and enormous files: only a refusal, findings or null ever come out, in bounded time."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dmn import evaluate, link, read
from engine.dmn.forms import FORMS
from engine.dmn.gate import check
from engine.dmn.model import Decision, DecisionService, KnowledgeModel
from engine.errors import UnsafeDocument
from tests.bpmn.test_fuzz import damage_bytes, double_element, drop_element, swap_values
from tests.dmn.build import (
    DMN_15,
    decided,
    decision,
    input_data,
    item,
    knowledge,
    linked,
    literal,
    model_xml,
    needs,
    of_type,
    service,
    table,
)
from tests.dmn.examples import BROKEN, FINE, LIBRARY

SEEDS = [model_xml(*FINE), LIBRARY, *(model_xml(*parts) for parts in BROKEN.values())]
TAGS = sorted(FORMS)
VALUES = [
    "",
    "a",
    "d_d",
    "#d_d",
    "urn:lib#d_y",
    "number",
    "tA",
    "true",
    "UNIQUE",
    "a + 1",
    "> 5",
    '"金"',
    "function(x) x",
]
GIVEN: dict[str, Any] = {
    "a": 1,
    "金额": 100,
    "客户": {"姓名": "张三", "等级": "金"},
    "x": None,
    "i": [1, "a"],
}


def judge(xml: bytes, seconds: float = 2) -> None:
    """Read, check and decide everything; a refusal to read is an answer, any other exception is a defect."""
    began = time.process_time()
    try:
        document = read(xml)
    except UnsafeDocument:
        return
    for finding in check(document, [read(LIBRARY)]):
        assert not finding.hint.message.startswith("请把文件交给管理员"), finding
        assert finding.as_json()["rule"]
    model = link(document.definitions, [read(LIBRARY).definitions])
    for element in document.definitions.elements[:20]:
        if isinstance(element, Decision | DecisionService | KnowledgeModel):
            assert evaluate(model, element.name or element.id, GIVEN).as_json() is not None
    assert time.process_time() - began < seconds


def swap_tags(content: bytes, chance: random.Random) -> bytes:
    """Exchange a tag for another, so that the file stays well-formed."""
    old, new = (chance.choice(TAGS).encode() for _ in range(2))
    for sign in (b"<", b"</"):
        content = content.replace(sign + old + b">", sign + new + b">").replace(
            sign + old + b" ", sign + new + b" "
        )
    return content


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A model with a few values, elements or bytes exchanged."""
    content = draw(st.sampled_from(SEEDS))
    chance = random.Random(draw(st.integers(0, 2**32)))
    changes = [swap_values, swap_values, swap_tags, swap_tags, drop_element, double_element, damage_bytes]
    for _ in range(chance.randint(1, 5)):
        content = chance.choice(changes)(content, chance) or b"<"
    return content


@st.composite
def trees(draw: st.DrawFn) -> bytes:
    """A well-formed file of elements of DMN at places where nobody would put them."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    names = sorted({name for form in FORMS.values() for name in form.attributes})

    def element(parent: str, depth: int) -> str:
        fitting = sorted(FORMS[parent].children & set(FORMS))
        tag = chance.choice(fitting) if fitting and chance.random() < 0.8 else chance.choice(TAGS)
        attributes = {name: chance.choice(VALUES) for name in names if chance.random() < 0.2}
        inner = "".join(element(tag, depth + 1) for _ in range(chance.randint(0, 4))) if depth < 6 else ""
        text = chance.choice(VALUES).replace("<", "").replace("&", "")
        written = " ".join(f"{name}='{value}'" for name, value in attributes.items())
        return f"<{tag} {written}>{text}{inner}</{tag}>"

    body = "".join(element("definitions", 0) for _ in range(chance.randint(1, 6)))
    return f'<definitions xmlns="{DMN_15}" name="m" namespace="urn:m">{body}</definitions>'.encode()


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_mutated_files_are_judged(xml: bytes) -> None:
    judge(xml)


@settings(max_examples=100, deadline=None)
@given(trees())
def test_random_trees_are_judged(xml: bytes) -> None:
    judge(xml)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_judged(xml: bytes) -> None:
    judge(xml)
    judge(b"<" + xml)


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + model_xml(decision("d", "&e;")),
        model_xml('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
        model_xml("<x>" * 70 + "</x>" * 70),
        model_xml("<inputData/>" * 40_000),
        b"PK\x03\x04" + model_xml(),
        b"{}",
        b"",
        model_xml(dmn="urn:other"),
        model_xml()[:-5],
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    ],
)
def test_what_is_no_model_is_refused(xml: bytes) -> None:
    with pytest.raises(UnsafeDocument):
        read(xml)


# ── models that try to cost much ────────────────────────────────────────────────────────────────

A, NEEDS_A = input_data("a", "number"), needs(inputs=("a",))


def chain(length: int, last: str) -> list[str]:
    """Decisions each of which requires the next."""
    links = [
        decision(f"x{n}", literal(f"x{n + 1} + 1"), needs(decisions=(f"x{n + 1}",))) for n in range(length)
    ]
    return [*links, decision(f"x{length}", literal(last))]


def largest(kind: str) -> bytes:
    """A file near a limit that makes one part work hardest."""
    if kind == "rules":
        rules = [f"{n} | {n}" for n in range(3_000)]
        return model_xml(A, decision("d", table({"a": "number"}, {"": ""}, *rules), NEEDS_A))
    if kind == "columns":
        inputs = {f"a{n}": "number" for n in range(12)}
        rules = [" | ".join(f"> {(row * 7 + n) % 97}" for n in range(12)) + " | 1" for row in range(500)]
        requirements = needs(inputs=tuple(inputs))
        return model_xml(
            *map(input_data, inputs), decision("d", table(inputs, {"": ""}, *rules), requirements)
        )
    if kind == "dense":
        names = [f"x{n}" for n in range(150)]
        return model_xml(
            *(
                decision(name, literal("1"), needs(decisions=tuple(names[n + 1 :])))
                for n, name in enumerate(names)
            )
        )
    if kind == "types":
        return model_xml(
            *(item(f"t{n}", of_type(f"t{n + 1}")) for n in range(3_000)),
            decision("d", literal("1"), kind="t0"),
        )
    if kind == "services":
        names = tuple(f"x{n}" for n in range(100))
        return model_xml(
            *(decision(name, literal("1")) for name in names), *(service(f"s{n}", names) for n in range(100))
        )
    return model_xml(*chain(1_500, "1"))


@pytest.mark.parametrize("kind", ["rules", "columns", "dense", "types", "services", "chain"])
def test_largest_files_are_judged_in_bounded_time(kind: str) -> None:
    judge(largest(kind), seconds=6)


def loops(depth: int) -> str:
    """Loops within each other, nine rounds each."""
    opening = (f'<for iteratorVariable="i{n}"><in>{literal("[1..9]")}</in><return>' for n in range(depth))
    return "".join(opening) + literal("1") + "</return></for>" * depth


def test_long_chain_of_decisions_is_decided() -> None:
    assert decided(linked(*chain(2_000, "1")), "x0").value == 2_001


@pytest.mark.parametrize(
    "parts",
    [
        (knowledge("f", literal("f()"), {}), decision("d", literal("f()"), needs(knowledge=("k_f",)))),
        (
            decision("x0", literal("[1, 2]")),
            *(
                decision(f"x{n}", literal(f"[x{n - 1}, x{n - 1}]"), needs(decisions=(f"x{n - 1}",)))
                for n in range(1, 60)
            ),
            decision("d", literal("x59"), needs(decisions=("x59",))),
        ),
        (decision("d", loops(12)),),
        (decision("d", literal("for x in [1..4000], y in [1..4000] return x")),),
    ],
)
def test_what_costs_too_much_is_null_with_the_limit_named(parts: tuple[str, ...]) -> None:
    began = time.process_time()
    found = decided(linked(*parts), "d")
    assert found.value is None
    assert "limit" in {problem.code for problem in found.problems}
    assert time.process_time() - began < 2
