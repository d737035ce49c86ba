"""The packaged diagrams: they pass the gate, load, are drawn completely and speak both languages."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.bpmn import gate
from engine.bpmn.namespaces import BPMN, BPMNDI, WUXING
from engine.bpmn.reading import read
from engine.spiff.program import load_program
from engine.store.database import Database
from processes import build_engine, handlers
from processes.catalog import packaged, publish_packaged
from webui.catalogue import catalogue

DIAGRAMS = packaged()
NAMES = sorted(DIAGRAMS)
NODES = (
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "boundaryEvent",
    "userTask",
    "serviceTask",
    "callActivity",
    "subProcess",
    "exclusiveGateway",
    "parallelGateway",
)


def known() -> gate.Known:
    registry = handlers()
    return gate.Known(
        forms=frozenset(registry.form_library),
        services=frozenset(registry.services),
        processes=frozenset(DIAGRAMS),
        functions=frozenset({*registry.functions, *registry.queries}),
    )


def elements(name: str, *tags: str) -> list[etree._Element]:
    tree = etree.fromstring(DIAGRAMS[name])
    return [element for tag in tags for element in tree.iter(f"{{{BPMN}}}{tag}")]


def attribute(element: etree._Element, name: str) -> str | None:
    value: str | None = element.get(f"{{{WUXING}}}{name}")
    return value


def test_all_eight_diagrams_are_packaged_called_ones_first() -> None:
    order = list(DIAGRAMS)
    assert set(order) == {
        "approval",
        "deliverable_confirm",
        "p1_kickoff",
        "p2_planning",
        "p4_monitor",
        "p5_delivery",
        "project_lifecycle",
        "task_execution",
    }
    assert order.index("approval") < order.index("p1_kickoff") < order.index("project_lifecycle")
    assert order.index("deliverable_confirm") < order.index("task_execution")


@pytest.mark.parametrize("name", NAMES)
def test_gate_finds_nothing_to_object_to(name: str) -> None:
    assert gate.check(read(DIAGRAMS[name]), known=known()) == []


@pytest.mark.parametrize("name", NAMES)
def test_diagram_loads_with_what_it_calls(name: str) -> None:
    program = load_program(DIAGRAMS[name], name, DIAGRAMS)
    assert program.process_id == name


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_drawn(name: str) -> None:
    tree = etree.fromstring(DIAGRAMS[name])
    drawn = {shape.get("bpmnElement") for shape in tree.iter(f"{{{BPMNDI}}}BPMNShape")}
    drawn |= {edge.get("bpmnElement") for edge in tree.iter(f"{{{BPMNDI}}}BPMNEdge")}
    wanted = {e.get("id") for e in elements(name, *NODES, "sequenceFlow", "lane", "participant")}
    assert wanted == drawn


@pytest.mark.parametrize("name", NAMES)
def test_every_user_task_says_who_what_and_why(name: str) -> None:
    for task in elements(name, "userTask"):
        for wanted in ("form", "assignee", "rule", "instructions"):
            assert attribute(task, wanted), (task.get("id"), wanted)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_its_english(name: str) -> None:
    english = catalogue("en")
    tags = (*NODES, "sequenceFlow", "lane", "participant", "process")
    shown = {e.get("name") for e in elements(name, *tags) if e.get("name")}
    shown |= {attribute(e, "instructions") for e in elements(name, "userTask")}
    assert [text for text in shown if text not in english] == []


def test_publishing_twice_changes_nothing(sqlite: Database) -> None:
    engine = build_engine(sqlite)
    assert publish_packaged(engine) == []
