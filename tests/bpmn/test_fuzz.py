"""Mutated and random files: only a refusal or findings ever come out, within two seconds."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn.gate import check
from engine.bpmn.layout import layout
from engine.bpmn.outline import outline
from engine.bpmn.reading import MAX_ELEMENTS, read
from engine.errors import UnsafeDocument
from tests.bpmn.build import HEAD, KNOWN, chain, definitions, diagram, flow, gateway, user
from tests.bpmn.test_foreign_files import EXPECTED, FOLDER

SEEDS = [(FOLDER / name).read_bytes() for name in EXPECTED if EXPECTED[name]["verdict"] != "unsafe"]
TAGS = [
    "process",
    "startEvent",
    "endEvent",
    "task",
    "userTask",
    "subProcess",
    "boundaryEvent",
    "intermediateCatchEvent",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "sequenceFlow",
    "timerEventDefinition",
    "messageEventDefinition",
    "linkEventDefinition",
    "errorEventDefinition",
    "timeCycle",
    "conditionExpression",
    "multiInstanceLoopCharacteristics",
    "loopCardinality",
    "laneSet",
    "lane",
    "flowNodeRef",
    "incoming",
    "collaboration",
    "participant",
    "messageFlow",
    "association",
    "callActivity",
    "transaction",
    "definitions",
    "documentation",
    "extensionElements",
    "message",
    "error",
    "script",
    "scriptTask",
]
NAMES = [
    "id",
    "name",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "isExecutable",
    "cancelActivity",
    "triggeredByEvent",
    "messageRef",
]
VALUES = [
    "a",
    "b",
    "c",
    "p",
    "",
    "true",
    "false",
    "x:y",
    "R/PT1H",
    "P1D",
    "${a}",
    "0",
    "-1",
    "a b",
    "a==b",
    "“",
    "9",
]


def judge(xml: bytes) -> None:
    """Read, check and draw; a refusal to read is an answer, any other exception is a defect."""
    began = time.process_time()
    try:
        document = read(xml)
    except UnsafeDocument:
        return
    for finding in check(document, known=KNOWN):
        assert not finding.hint.message.startswith("请把文件交给管理员"), finding
        assert finding.as_json()["rule"]
    for head in document.processes()[:20]:
        layout(document, head.id)
        outline(document, head.id)
    assert time.process_time() - began < 2


def swap_values(content: bytes, chance: random.Random) -> bytes:
    """Give an attribute the value of another one."""
    values = re.findall(rb"=\"([^\"<&]*)\"", content) or [b""]
    old, new = (b'="' + chance.choice(values) + b'"' for _ in range(2))
    return content.replace(old, new, 1) if values else content


def swap_words(content: bytes, chance: random.Random) -> bytes:
    """Exchange a tag or an attribute for another, so that the file stays well-formed."""
    old, new = (chance.choice(TAGS).encode() for _ in range(2))
    return re.sub(rb"(?<=[<:/])" + old + rb"(?=[ />])", new, content)


def drop_element(content: bytes, chance: random.Random) -> bytes:
    """Remove an element without content."""
    found = list(re.finditer(rb"<[^<>]*/>", content))
    part = chance.choice(found) if found else None
    return content[: part.start()] + content[part.end() :] if part else content


def double_element(content: bytes, chance: random.Random) -> bytes:
    """Put an element without content at a second place."""
    found = list(re.finditer(rb"<[^<>]*/>", content))
    places = [each.end() for each in re.finditer(rb">", content)]
    part, place = (chance.choice(found), chance.choice(places)) if found else (None, 0)
    return content[:place] + part.group() + content[place:] if part else content


def damage_bytes(content: bytes, chance: random.Random) -> bytes:
    """Exchange, remove or repeat bytes anywhere."""
    at, length = chance.randrange(len(content)), chance.randint(1, 60)
    return chance.choice(
        [
            content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :],
            content[:at] + content[at + length :],
            content[:at] + content[at : at + length] * 2 + content[at + length :],
        ]
    )


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A foreign file with a few values, elements or bytes exchanged."""
    content = draw(st.sampled_from(SEEDS))
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(chance.randint(1, 5)):
        change = chance.choice(
            [swap_values, swap_values, swap_words, drop_element, double_element, damage_bytes]
        )
        content = change(content, chance) or b"<"
    return content


@st.composite
def trees(draw: st.DrawFn) -> bytes:
    """A well-formed file of BPMN elements at places where nobody would put them."""
    chance = random.Random(draw(st.integers(0, 2**32)))

    def element(depth: int) -> str:
        tag = chance.choice(TAGS)
        attributes = {name: chance.choice(VALUES) for name in NAMES if chance.random() < 0.4}
        inner = "".join(element(depth + 1) for _ in range(chance.randint(0, 3))) if depth < 4 else ""
        text = chance.choice(VALUES).replace("<", "")
        written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
        return f"<{tag} {written}>{text}{inner}</{tag}>"

    return f"{HEAD}>{''.join(element(0) for _ in range(chance.randint(1, 6)))}</definitions>".encode()


@settings(max_examples=150, deadline=None)
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


def largest(kind: str) -> bytes:
    """A file near a limit that makes one of the analyses work hardest."""
    n = MAX_ELEMENTS // 3
    if kind == "gateways":
        return diagram(*(gateway("exclusive", f"g{i}") + flow(f"g{i}", f"g{i * 7 % n}") for i in range(n)))
    if kind == "splits":
        half = n // 2
        nodes = [gateway("parallel" if i % 2 else "exclusive", f"g{i}") for i in range(half)]
        flows = [
            chain(f"g{i}", f"g{i + 1}") + flow(f"g{i}", f"g{i * 31 % half}", id=f"x{i}")
            for i in range(half - 1)
        ]
        return diagram(*nodes, *flows)
    if kind == "line":
        return diagram(*(user(f"t{i}") for i in range(n)), chain(*(f"t{i}" for i in range(n))))
    if kind == "nested":
        return definitions(
            '<process id="p">' + '<subProcess id="s">' * 60 + "</subProcess>" * 60 + "</process>"
        )
    if kind == "same id":
        return diagram('<task id="t" default="t"/>' * (MAX_ELEMENTS - 10))
    if kind == "unknown":
        return diagram("<nonsense/>" * (MAX_ELEMENTS - 10))
    if kind == "misplaced":
        return diagram("<laneSet/><timeDate/>" * (n - 10))
    if kind == "namespaces":
        return definitions(*(f'<task xmlns:n{i}="urn:{i}" n{i}:a="1"/>' for i in range(MAX_ELEMENTS - 10)))
    return definitions(
        "".join(
            f'<process id="p{i}"><startEvent id="s{i}"/></process>' for i in range(MAX_ELEMENTS // 2 - 10)
        )
    )


@pytest.mark.parametrize(
    "kind",
    ["gateways", "splits", "line", "nested", "same id", "unknown", "misplaced", "namespaces", "processes"],
)
def test_largest_files_are_judged_in_two_seconds(kind: str) -> None:
    judge(largest(kind))
