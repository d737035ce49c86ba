"""What only execution needs is asked of what is executed; a drawing is checked by all other rules."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import check, obstacles
from engine.bpmn.reading import read
from tests.bpmn.build import KNOWN, chain, definitions, diagram, end, flow, gateway, process, start, user

UNDECIDED = (
    start(),
    gateway("exclusive", "g"),
    user("a"),
    user("b"),
    end(),
    chain("s", "g", "a", "e"),
    flow("g", "b", "x > "),
    chain("b", "e"),
)
EXECUTABLE, UNSAID, DRAWN = 'isExecutable="true"', "", 'isExecutable="false"'


def severities(xml: bytes, *, publishing: bool = False) -> dict[str, str]:
    found = check(read(xml), known=KNOWN, publishing=publishing)
    return {finding.code: finding.severity for finding in found}


def test_missing_condition_is_an_error_where_the_process_is_marked_as_executable() -> None:
    found = severities(diagram(*UNDECIDED, attributes=EXECUTABLE))
    assert found["flow.condition-missing"] == found["expression.syntax"] == "error"


def test_missing_condition_is_a_warning_where_nothing_is_said() -> None:
    found = severities(diagram(*UNDECIDED, attributes=UNSAID))
    assert found["flow.condition-missing"] == found["expression.syntax"] == "warning"
    assert found["process.executable-unsaid"] == "warning"


def test_publishing_takes_what_says_nothing_for_executable() -> None:
    found = severities(diagram(*UNDECIDED, attributes=UNSAID), publishing=True)
    assert found["flow.condition-missing"] == found["expression.syntax"] == "error"


@pytest.mark.parametrize("attributes", [DRAWN, 'processType="Public"'])
def test_drawing_needs_no_conditions(attributes: str) -> None:
    assert severities(diagram(*UNDECIDED, attributes=attributes)) == {"process.not-executable": "warning"}


def test_drawing_is_checked_by_the_static_rules() -> None:
    xml = diagram(*UNDECIDED, flow("e", "a", id="back"), attributes=DRAWN)
    assert severities(xml)["flow.out-of-end"] == "error"


def test_drawing_is_not_published() -> None:
    found = check(read(diagram(*UNDECIDED, attributes=DRAWN)), known=KNOWN, publishing=True)
    assert [finding.code for finding in obstacles(found)] == ["process.not-executable"]


CHOREOGRAPHY = '<choreography id="ch" name="ch"><participant id="pa" name="A"/></choreography>'


@pytest.mark.bpmn("choreographies, conversations")
def test_choreography_beside_a_process_is_a_drawing() -> None:
    done = process(start(), user(), end(), chain("s", "t", "e"))
    assert severities(definitions(CHOREOGRAPHY, done)) == {"collaboration.drawn": "warning"}


@pytest.mark.bpmn("choreographies, conversations")
def test_choreography_alone_is_checked_and_not_published() -> None:
    found = check(read(definitions(CHOREOGRAPHY)), known=KNOWN, publishing=True)
    assert [finding.code for finding in obstacles(found)] == ["process.none"]
