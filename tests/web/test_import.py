"""Import of diagrams of other products: the command."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from webui.cli import main

FOLDER = Path(__file__).parents[1] / "data" / "diagrams"


def test_command_translates_and_checks_files(tmp_path: Path) -> None:
    names = ["activiti_vacation.bpmn20.xml", "billion_laughs.bpmn"]
    files = [str(FOLDER / name) for name in names]
    found = CliRunner().invoke(main, ["process", "import", *files, "--out", str(tmp_path / "out"), "--json"])
    assert found.exit_code == 1
    good, bad = json.loads(found.output)
    assert (good["products"], good["refused"], bad["refused"]) == (["Activiti"], False, True)
    assert "DOCTYPE" in bad["problem"]
    assert {note["outcome"] for note in good["notes"]} == {"translated", "remains"}
    assert 'vacationApproved = "true"' in (tmp_path / "out" / names[0]).read_text("utf-8")
    assert not (tmp_path / "out" / names[1]).exists()


def test_command_prints_what_it_did_and_replaces_nothing(tmp_path: Path) -> None:
    call = ["process", "import", str(FOLDER / "camunda7_invoice.bpmn"), "--out", str(tmp_path)]
    first = CliRunner().invoke(main, call)
    assert "camunda:assignee" in first.output
    assert "activity.service-elsewhere" in first.output
    again = CliRunner().invoke(main, call)
    assert again.exit_code == 1
    assert "已经存在" in again.output
