"""The page about BPMN names what the gate refuses and what the token layer runs, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from engine.bpmn.support import CONSTRUCTS
from engine.spiff.parser.build import BUILDERS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "bpmn.md").read_text(encoding="utf-8")
READINGS, _, REFUSED = PAGE.partition("<!-- constructs -->")
OURS = {"gather", "multiply"}


def test_every_element_that_runs_has_a_reading() -> None:
    first = " ".join(line.split("|")[1] for line in READINGS.splitlines() if line.startswith("| "))
    assert set(re.findall(r"`(\w+)`", first)) - {"behavior"} == set(BUILDERS) - OURS


def test_what_is_refused_is_what_the_gate_refuses() -> None:
    rows = re.findall(r"^\| `support\.([\w-]+)` \| (.+?) \| (.+?) \|$", REFUSED, flags=re.MULTILINE)
    assert rows == [(each.key, str(each.name), each.source) for each in CONSTRUCTS]
