"""Every sentence for people that stands in code, templates and diagrams."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("engine", "forms", "processes", "webui")
_CALLS = {"T", "_", "gettext"}
_SKIPPED = {"node_modules", "assets", "static"}
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def files(suffix: str) -> Iterator[Path]:
    """Yield the source files of a kind in all layers."""
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob(f"*{suffix}")):
            if not _SKIPPED & set(path.parts):
                yield path


def of_python(path: Path) -> Iterator[str]:
    """Yield the literals given to `T`, `_` and `gettext` in a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in _CALLS:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def of_template(path: Path) -> Iterator[str]:
    """Yield the literals given to `_` in a template."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_":
            assert call.args, f"{path}: _() without a sentence"
            assert isinstance(call.args[0], nodes.Const), f"{path}: _() takes a literal first"
            yield call.args[0].value


def of_diagram(path: Path) -> Iterator[str]:
    """Yield the names of elements in a diagram."""
    for element in etree.parse(str(path)).iter(f"{_BPMN}*"):
        name = element.get("name")
        if name and not element.tag.endswith(("message", "signal", "error", "escalation", "collaboration")):
            yield name


def used() -> dict[str, Path]:
    """Return every sentence with a file that uses it."""
    found: dict[str, Path] = {}
    for suffix, read in ((".py", of_python), (".html", of_template), (".bpmn", of_diagram)):
        for path in files(suffix):
            for message in read(path):
                found.setdefault(message, path.relative_to(ROOT))
    return found
