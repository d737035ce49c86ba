"""Files in the style of other products, and hostile ones, get the verdict that stands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.bpmn.gate import check, obstacles
from engine.bpmn.reading import read
from engine.errors import UnsafeDocument
from tests.bpmn.build import KNOWN

FOLDER = Path(__file__).parent.parent / "data" / "diagrams"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))


def test_each_file_has_a_verdict() -> None:
    assert {path.name for path in FOLDER.iterdir()} - {"expected.yaml"} == set(EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name]["verdict"] == "unsafe"])
def test_unsafe_file_is_not_read(name: str) -> None:
    with pytest.raises(UnsafeDocument) as refused:
        read((FOLDER / name).read_bytes())
    assert EXPECTED[name]["says"] in str(refused.value)
    assert refused.value.ids.get("line") == EXPECTED[name].get("line")


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name]["verdict"] != "unsafe"])
def test_foreign_file_gets_its_findings(name: str) -> None:
    findings = check(read((FOLDER / name).read_bytes()), known=KNOWN, publishing=True)
    errors = {f"{each.code}@{each.element}" for each in obstacles(findings)}
    assert errors == set(EXPECTED[name].get("errors", ()))
    assert bool(errors) == (EXPECTED[name]["verdict"] == "refused")


def test_the_file_with_everything_that_runs_has_no_finding_at_all() -> None:
    assert check(read((FOLDER / "everything_that_runs.bpmn").read_bytes()), known=KNOWN) == []
