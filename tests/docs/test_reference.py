"""The reference pages name everything there is, and nothing else."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import processes.collaboration.tables  # noqa: F401 - attaches its tables
import webui.account.tables  # noqa: F401 - attaches its tables
from engine import due, jobs, settings
from engine.bpmn.rules import own
from engine.runtime import Limits
from engine.store.tables import metadata
from tests.docs.generated import BLOCKS, REFERENCE, application, block
from webui.permissions import ROLES
from webui.settings import Settings

ROOT = REFERENCE.parents[1]
_KIND = re.compile(r"[a-z]+\.[a-z_]+|moved")
_OUTCOMES = {"instance.completed", "instance.failed", "instance.cancelled"}
"""What `Step.end` makes of the outcomes of the token layer."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return application(tmp_path_factory.mktemp("docs"))


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def listed(name: str, prefix: str = "") -> set[str]:
    """Return what stands in code style in the first column of a page's tables."""
    cells = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", page(name), re.M)
    return {one for cell in cells for one in re.findall(rf"`{prefix}([^`]+)`", cell)}


@pytest.mark.parametrize("mark", BLOCKS)
def test_generated_tables_are_what_the_code_says(app: Flask, mark: str) -> None:
    name, render = BLOCKS[mark]
    assert block(page(name), mark) == render(app), "run `make docs`"


def test_every_extension_attribute_is_documented() -> None:
    assert listed("process.md", "wuxing:") == own._OURS


def test_every_kind_of_job_is_documented() -> None:
    rows = listed("jobs.md")
    assert {*due.KINDS, *jobs.AT_ONCE} <= rows


def test_jobs_that_run_at_once_are_said_to() -> None:
    at_once = set(re.findall(r"^\| `(\w+)` \| [^|]+ \| at once \|", page("jobs.md"), re.M))
    assert at_once == set(jobs.AT_ONCE)


def test_every_state_of_a_job_is_documented() -> None:
    source = (ROOT / "engine" / "jobs.py").read_text(encoding="utf-8")
    written = re.findall(r"state = '(\w+)'", source) + re.findall(r'"state": "(\w+)"', source)
    assert set(written) <= listed("jobs.md")


def test_every_kind_of_event_is_documented() -> None:
    assert set(recorded_kinds()) | _OUTCOMES == {one for one in listed("events.md") if _KIND.fullmatch(one)}


def recorded_kinds() -> Iterator[str]:
    """Yield the kinds that engine and content write into the history."""
    files = [
        *(ROOT / "engine").glob("*.py"),
        *(ROOT / "engine" / "migration").glob("*.py"),
        *(ROOT / "processes").rglob("*.py"),
    ]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in ("append", "record", "_hand_over", "_receive"):
                yield from (kind for each in node.args for kind in _texts(each) if _KIND.fullmatch(kind))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_every_setting_is_documented() -> None:
    names = {each.name for kind in (Settings, Limits) for each in dataclasses.fields(kind)}
    kept = {value for name, value in vars(settings).items() if name.isupper() and isinstance(value, str)}
    assert listed("settings.md") == names | kept


def test_every_table_is_documented() -> None:
    assert listed("tables.md") == set(metadata.tables)


def test_every_term_of_the_glossary_is_in_the_code() -> None:
    terms = re.findall(r"^\| [^|]+ \| [^|]+ \| `([\w.]+)` \|$", page("glossary.md"), re.M)
    assert len(terms) > 50
    for term in terms:
        assert term in ROLES or _exists(term), term


def _exists(dotted: str) -> bool:
    try:
        importlib.import_module(dotted)
    except ModuleNotFoundError:
        room, _, name = dotted.rpartition(".")
        return hasattr(importlib.import_module(room), name)
    return True


def test_every_term_has_both_languages() -> None:
    for line in page("glossary.md").splitlines():
        if line.startswith("| ") and "`" in line:
            chinese, english = (cell.strip() for cell in line.split("|")[1:3])
            assert re.search(r"[\u4e00-\u9fff]", chinese), line
            assert english.isascii(), line


def test_every_decision_is_listed_with_its_number() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for path in sorted(folder.glob("0*.md")):
        number = path.name[:4]
        assert f"[{number}]({path.name})" in index
        assert path.read_text(encoding="utf-8").startswith(f"# {number} ")


def test_every_page_can_be_reached_from_the_index() -> None:
    docs = ROOT / "docs"
    linked = set()
    for path in docs.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+\.md)", path.read_text(encoding="utf-8")):
            linked.add((path.parent / target).resolve())
    for path in docs.rglob("*.md"):
        assert path in linked or path == docs / "README.md", path


def test_pictures_are_small_and_used() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "docs" / "pictures").iterdir()):
        assert path.stat().st_size <= 150 * 1024, path.name
        assert f"docs/pictures/{path.name}" in readme, path.name


@pytest.mark.parametrize("command", ["make demo", "make demo PORT=", "make test"])
def test_the_readme_shows_the_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md"], ids=lambda path: path.stem
)
def test_no_page_names_a_folder_of_some_machine(path: Path) -> None:
    assert not re.search(r"/(work|tmp|home|root|Users)/", path.read_text(encoding="utf-8"))
