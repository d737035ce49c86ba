"""What BPMN 2.0.2 says of a diagram is what happens: from the file to the last event."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.simulation.scenario import Scenario
from tests.conformance.building import Case
from tests.conformance.cases_corners import CORNERS
from tests.conformance.cases_correlation import CORRELATION
from tests.conformance.cases_data import DATA
from tests.conformance.cases_events import EVENTS
from tests.conformance.cases_flow import ACTIVITIES, FLOWS
from tests.conformance.cases_multiple import MULTIPLE
from tests.conformance.cases_nested import NESTED
from tests.conformance.cases_scopes import SCOPES
from tests.engine.build import process
from webui.rehearsal import rehearse

CASES = [*FLOWS, *ACTIVITIES, *EVENTS, *SCOPES, *NESTED, *CORNERS, *MULTIPLE, *DATA, *CORRELATION]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_the_standard_says(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "case.bpmn"
    path.write_bytes(process(case.parts, outside=case.roots))
    scenario = Scenario.read(
        {**case.scenario, "variables": {"trace": [], **case.scenario.get("variables", {})}}
    )
    paths = [path]
    for process_id, parts in case.called.items():
        paths.append(tmp_path / f"{process_id}.bpmn")
        paths[-1].write_bytes(process(parts, process_id=process_id, outside=case.roots))
    report = rehearse(paths, scenario, "p")
    trace = report.standings[0].variables["trace"]
    expected = list(case.trace)
    assert (sorted(trace), report.outcome) == (sorted(expected), case.state), report.path
    if not case.any_order:
        assert trace == expected


def test_the_cases_have_names_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
