"""The gate and its neighbours agree: what is accepted loads, and our own diagrams are accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

import processes
from engine.bpmn.findings import Known
from engine.bpmn.gate import check, obstacles
from engine.bpmn.reading import read
from engine.bpmn.schema import known_tags
from engine.bpmn.support import CONSTRUCTS
from engine.spiff.program import load_program
from tests.bpmn.build import KNOWN, diagram, end, errors, flow, process, simple, start, timer, user
from tests.bpmn.test_foreign_files import EXPECTED, FOLDER
from tests.bpmn.test_rules import EXAMPLES

OTHER = {"other": diagram(start(), end(), flow("s", "e")).replace(b'id="p"', b'id="other"')}
OWN = sorted(Path(processes.__file__).parent.rglob("*.bpmn"))


@pytest.mark.parametrize("code", sorted(EXAMPLES))
def test_token_layer_loads_what_the_gate_accepts(code: str) -> None:
    for xml in (EXAMPLES[code].good, EXAMPLES[code].bad):
        document = read(xml)
        if not obstacles(check(document, known=KNOWN, publishing=True)):
            assert load_program(xml, document.model.running[0].id, OTHER).elements


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name]["verdict"] == "accepted"])
def test_token_layer_loads_the_foreign_files_that_are_accepted(name: str) -> None:
    document = read((FOLDER / name).read_bytes())
    assert load_program(document.utf8, document.model.running[0].id, OTHER).elements


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_our_own_diagrams_have_no_findings(path: Path) -> None:
    assert check(read(path.read_bytes()), known=Known()) == []


def test_qualified_references_mean_the_same_to_both() -> None:
    xml = simple(
        user(),
        "t",
        f'<boundaryEvent id="b" attachedToRef="q:t">{timer("PT1H")}</boundaryEvent>',
        end("e2"),
        flow("b", "e2"),
    )
    xml = xml.replace(b"<definitions ", b'<definitions xmlns:q="http://example.org/test" ')
    assert errors(xml) == []
    assert "b" in load_program(xml, "p").elements


def test_constructs_that_are_refused_have_unique_keys_and_texts() -> None:
    keys = [construct.key for construct in CONSTRUCTS]
    assert len(keys) == len(set(keys))
    assert all(str(construct.name) and str(construct.hint) for construct in CONSTRUCTS)


def test_the_schema_of_the_standard_is_the_one_we_think() -> None:
    assert {"adHocSubProcess", "timeCycle", "choreographyTask", "laneSet"} <= known_tags()
    assert "BPMNShape" not in known_tags()


def test_nothing_known_means_nothing_of_the_world_is_checked() -> None:
    xml = simple(
        '<callActivity id="t" name="t" calledElement="elsewhere"/>',
        "t",
        roots=process(id="q", attributes='isExecutable="false"'),
    )
    assert "activity.call-unknown" not in {finding.code for finding in check(read(xml))}
    assert "activity.call-unknown" in {finding.code for finding in check(read(xml), known=KNOWN)}


def test_a_published_process_may_be_called_as_an_element_of_the_file_is() -> None:
    xml = simple(
        '<callActivity id="t" name="t" calledElement="other"/>', "t", user("other"), flow("other", "e")
    )
    assert "activity.call-unknown" not in {finding.code for finding in check(read(xml), known=KNOWN)}
    assert "activity.call-unknown" in {finding.code for finding in check(read(xml))}
