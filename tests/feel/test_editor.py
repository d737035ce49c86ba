"""Forms mean the same here and in the form-js editor, whose own FEEL is run by Node."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bench import environment
from engine.feel import evaluate, names_in, to_json
from forms.expressions import body
from tests.feel.examples import HERE, untagged

TABLE = yaml.safe_load((HERE / "forms.yaml").read_text(encoding="utf-8"))
VALUES: dict[str, Any] = TABLE["values"]
LIBRARY = Path(__file__).parents[2] / "forms" / "library"
_EXPRESSION = re.compile(r'"(?:hide|expression)": ("=(?:[^"\\]|\\.)*")')

Case = tuple[str, dict[str, Any]]


def of_the_library() -> list[str]:
    """Return every condition and computed value of the forms that come with the product."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(LIBRARY.glob("*.json"))]
    return sorted({body(json.loads(found)) for text in texts for found in _EXPRESSION.findall(text)})


def fillings(text: str) -> list[dict[str, Any]]:
    """Return an empty form, and forms in which every name of an expression has a value of some kind."""
    some: list[Any] = ["通过", 7, True, False, [], [{"pass": True, "highlight": "x"}], None]
    return [{}, *({name: value for name in names_in(text)} for value in some)]


@pytest.fixture(scope="module")
def editor() -> Path:
    """Return the folder with the editor's FEEL; what is missing skips loudly, and fails in CI."""
    try:
        return environment.packages(environment.FOLDER / "editor", HERE / "editor", "evaluate.mjs")
    except environment.Missing as reason:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"=== SKIPPED: forms were NOT compared with the form-js editor: {reason} ===")


def theirs(editor: Path, cases: list[Case]) -> list[Any]:
    command = ["node", editor / "evaluate.mjs"]
    answer = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(answer.stdout)
    return [rounded(value) for value in found]


def ours(text: str, context: dict[str, Any]) -> Any:
    return rounded(untagged(to_json(evaluate(text, context).value)))


def rounded(value: Any) -> Any:
    """Return a value with the digits that floats are sure of."""
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value


def test_expressions_of_forms_have_the_same_value_in_the_editor(editor: Path) -> None:
    values = theirs(editor, [(text, VALUES) for text in TABLE["same"]])
    pairs = zip(TABLE["same"], values, strict=True)
    assert not [(text, value) for text, value in pairs if ours(text, VALUES) != value]


def test_forms_of_the_library_mean_the_same_in_the_editor(editor: Path) -> None:
    cases = [(text, filling) for text in of_the_library() for filling in fillings(text)]
    assert len(cases) > 300
    pairs = zip(cases, theirs(editor, cases), strict=True)
    assert not [(case, value) for case, value in pairs if ours(*case) != value]


def test_where_the_editor_goes_astray_is_known(editor: Path) -> None:
    """Each of these is told in docs/reference/forms.md; one that is mended there belongs to the others."""
    other: dict[str, Any] = TABLE["other"]
    page = (HERE.parents[1] / "docs" / "reference" / "forms.md").read_text(encoding="utf-8")
    assert not [text for text in other if f"`{text}`" not in page]
    assert {text: ours(text, VALUES) for text in other} == other
    values = theirs(editor, [(text, VALUES) for text in other])
    pairs = zip(other.items(), values, strict=True)
    assert not [text for (text, mine), value in pairs if mine == value]
