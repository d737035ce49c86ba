"""What checking files found, printed for people or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from engine.bpmn import gate
from engine.bpmn.findings import Finding
from engine.errors import UnsafeDocument

Answer = list[Finding] | UnsafeDocument
"""The findings of a file, or why it cannot be read."""


def is_refused(answer: Answer) -> bool:
    """Return whether a file cannot be published as it is."""
    return isinstance(answer, UnsafeDocument) or gate.refused(answer)


def show(answers: Mapping[Path, Answer], as_json: bool) -> int:
    """Print the answers, and return the exit code: 1 when a file is refused."""
    if as_json:
        click.echo(json.dumps(_as_json(answers), ensure_ascii=False, indent=2))
    else:
        for path, answer in answers.items():
            _print(path, answer)
    return 1 if any(map(is_refused, answers.values())) else 0


def _as_json(answers: Mapping[Path, Answer]) -> list[dict[str, Any]]:
    return [
        {
            "file": str(path),
            "refused": is_refused(answer),
            "findings": [_unreadable(answer)]
            if isinstance(answer, UnsafeDocument)
            else [finding.as_json() for finding in answer],
        }
        for path, answer in answers.items()
    ]


def _unreadable(error: UnsafeDocument) -> dict[str, Any]:
    """Return a file that cannot be read at all in the shape of a finding."""
    return {
        "code": error.code,
        "severity": "error",
        "element": "",
        "line": int(error.ids.get("line") or 0),
        "rule": str(error),
        "hint": "",
        "source": "",
    }


def _print(path: Path, answer: Answer) -> None:
    if isinstance(answer, UnsafeDocument):
        click.echo(f"{path}: {answer.code}\n  {answer}")
        return
    click.echo(f"{path}: {len(answer) or 'ok'}")
    for finding in answer:
        where = f"{path}:{finding.line} {finding.element}"
        click.echo(f"  {finding.severity} {finding.code} {where}\n    {finding.rule} {finding.hint}")
