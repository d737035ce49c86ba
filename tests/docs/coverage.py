"""Which tests prove which construct: read from the marks `@pytest.mark.bpmn("userTask", …)` of the tests.

The marks are read from the source, so a table needs no test run. A mark stands at a test, or as
`pytestmark` at a module whose tests are all about the construct.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "bpmn.md"


def readings() -> list[str]:
    """Return the constructs that the page says are executed: the names of the first column, in order."""
    return [name for cell in _first_cells() for name in re.findall(r"`(\w+)`", cell) or [cell]]


def tags() -> set[str]:
    """Return those of the constructs that are written in code style: the elements of the schema."""
    return {name for cell in _first_cells() for name in re.findall(r"`(\w+)`", cell)}


def _first_cells() -> list[str]:
    above, _, _ = PAGE.read_text(encoding="utf-8").partition("\n## ")
    rows = [line.split("|")[1].strip() for line in above.splitlines() if line.startswith("| ")]
    return rows[1:]


@cache
def proofs() -> dict[str, dict[str, int]]:
    """Return for each construct how many tests of which module prove it."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "mark.bpmn" in text:
            for name in _marked(ast.parse(text)):
                found[name][str(path.relative_to(ROOT / "tests"))] += 1
    return {name: dict(modules) for name, modules in found.items()}


def _marked(module: ast.Module) -> Iterator[str]:
    """Yield each construct once per test marked with it."""
    common = {name for each in module.body if _is_common(each) for name in _names_in(each)}
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_"):
            own = {name for mark in function.decorator_list for name in _names_in(mark)}
            yield from sorted(common | own)


def _is_common(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "pytestmark"


def _names_in(node: ast.AST) -> Iterator[str]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.bpmn":
            yield from (ast.literal_eval(each) for each in call.args)


STEPS = (1, 2, 5, 10, 20, 50, 100)


def at_least(count: int) -> str:
    """Return a round number a count reaches, so that one test more does not change the page."""
    return f"{max((step for step in STEPS if step <= count), default=0)}+"


def table_rows() -> Iterator[list[str]]:
    """Yield the rows of the table of proofs: construct, how many tests, and the modules they are in."""
    for name in readings():
        found = proofs().get(name, {})
        modules = ", ".join(f"[{Path(path).stem}](../../tests/{path})" for path in found)
        yield [f"`{name}`" if name in tags() else name, at_least(sum(found.values())), modules]
