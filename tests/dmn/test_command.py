"""`wuxing decision run` and `wuxing decision check`: what they print, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.dmn.build import decision, input_data, literal, model_xml, needs, table
from tests.dmn.examples import FINE, IMPORT, LIBRARY
from webui.cli import main

LEVEL = table(
    {"金额": "number"},
    {"人": "string"},
    '< 1000 | "部门" | 小额',
    '>= 1000 | "副总" | 大额',
    annotations=("依据",),
)
MODEL = model_xml(input_data("金额", "number"), decision("审批人", LEVEL, needs(inputs=("金额",))))


def command(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["decision", *arguments])


def written(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def test_run_prints_the_value_and_the_rules_that_matched(tmp_path: Path) -> None:
    file = written(tmp_path, "a.dmn", MODEL)
    result = command("run", file, "--decision", "审批人", "--context", '{"金额": 5000}')
    assert result.exit_code == 0
    assert result.output.splitlines() == ['"副总"', '  审批人 {"金额": 5000}', '    2 → {"人": "副总"}  大额']


def test_run_prints_json(tmp_path: Path) -> None:
    file = written(tmp_path, "a.dmn", MODEL)
    printed = json.loads(
        command("run", file, "--decision", "d_审批人", "--context", '{"金额": 5}', "--json").output
    )
    assert printed["value"] == "部门"
    assert printed["problems"] == []
    (ran,) = printed["tables"]
    assert ran["inputs"] == {"金额": 5}
    assert ran["rules"] == [
        {"number": 1, "id": "", "outputs": {"人": "部门"}, "annotations": {"依据": "小额"}}
    ]


def test_run_says_why_a_value_is_null(tmp_path: Path) -> None:
    result = command("run", written(tmp_path, "a.dmn", MODEL), "--decision", "审批人")
    assert result.exit_code == 2
    assert result.output.splitlines()[0] == "null"
    assert "missing_input 金额" in result.output


def test_run_takes_imported_models_along(tmp_path: Path) -> None:
    requirement = '<informationRequirement><requiredDecision href="urn:lib#d_y"/></informationRequirement>'
    main_file = written(
        tmp_path, "a.dmn", model_xml(IMPORT, decision("d", literal("lib.y + 1"), requirement))
    )
    library = written(tmp_path, "lib.dmn", LIBRARY)
    assert command("run", main_file, library, "--decision", "d").output.strip() == "2"
    alone = command("run", main_file, "--decision", "d")
    assert (alone.exit_code, "import.unknown" in alone.output) == (1, True)


def test_run_refuses_what_the_gate_refuses(tmp_path: Path) -> None:
    file = written(tmp_path, "a.dmn", model_xml(decision("d", literal("1 +"))))
    result = command("run", file, "--decision", "d")
    assert (result.exit_code, "expression.syntax" in result.output) == (1, True)


def test_run_names_what_is_wrong_with_its_arguments(tmp_path: Path) -> None:
    file = written(tmp_path, "a.dmn", MODEL)
    assert "没有名为“谁”的决策" in command("run", file, "--decision", "谁").output
    assert command("run", file, "--decision", "审批人", "--context", "[]").exit_code == 1
    assert command("run", file, "--decision", "审批人", "--context", "{").exit_code == 1


def test_check_knows_files_that_are_given_together(tmp_path: Path) -> None:
    fine, library = written(tmp_path, "a.dmn", model_xml(*FINE)), written(tmp_path, "lib.dmn", LIBRARY)
    result = command("check", fine, library)
    assert (result.exit_code, result.output) == (0, f"{fine}: ok\n{library}: ok\n")


def test_check_prints_findings_as_json(tmp_path: Path) -> None:
    broken = written(tmp_path, "b.dmn", model_xml(decision("d", literal("a +\n b"))))
    other = written(tmp_path, "c.dmn", b"<x/>")
    result = command("check", broken, other, "--json")
    first, second = json.loads(result.output)
    assert result.exit_code == 1
    assert [each["code"] for each in first["findings"]] == ["names.unknown", "names.unknown"]
    assert first["findings"][1]["position"] == {"line": 2, "column": 2}
    assert second["findings"][0]["code"] == "unsafe_document"
