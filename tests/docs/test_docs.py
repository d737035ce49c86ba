"""What is documented exists, and what exists is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from webui.cli import main

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]


def _commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def test_every_command_is_documented() -> None:
    for name, _ in _commands(main, "wuxing"):
        assert f"`{name}" in COMMANDS, name


def test_every_documented_command_exists() -> None:
    known = {name for name, _ in _commands(main, "wuxing")} | {"wuxing demo"}
    for written in re.findall(r"^\| `(wuxing [^`]*)`", COMMANDS, re.M):
        assert any(written == name or written.startswith(f"{name} ") for name in known), written


def test_every_option_from_the_environment_is_documented() -> None:
    for _, command in _commands(main, "wuxing"):
        for option in command.params:
            if option.envvar:
                assert f"`{option.envvar}`" in COMMANDS, option.envvar


def test_every_make_target_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)
    assert phony is not None
    for target in phony.group(1).split():
        assert re.search(rf"`make {target}[` ]", COMMANDS), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if not re.match(r"\w+:", target):
            assert (page.parent / target).exists(), target
