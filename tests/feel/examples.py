"""Reading tables of examples: an expression, and the expression or JSON that tells its value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from engine.feel import evaluate, to_json

HERE = Path(__file__).parent


def examples(file: str) -> list[tuple[str, str, Any]]:
    """Return (group, expression, expected) of every line of a YAML table."""
    tables = yaml.safe_load((HERE / file).read_text(encoding="utf-8"))
    return [(group, text, value) for group, rows in tables.items() for text, value in rows.items()]


def json_of(text: str, context: dict[str, Any] | None = None, functions: dict[str, Any] | None = None) -> Any:
    """Evaluate and return the value as JSON, temporal values as their text."""
    return untagged(to_json(evaluate(text, context or {}, functions).value))


def untagged(value: Any) -> Any:
    if isinstance(value, dict):
        return value["@"] if set(value) == {"@"} else {key: untagged(item) for key, item in value.items()}
    return [untagged(item) for item in value] if isinstance(value, list) else value
