"""`wuxing decision …`: what designers and their continuous integration do with decision models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webui.cli_process import files_argument, json_option

if TYPE_CHECKING:
    from engine.dmn import Decided


@click.group()
def decision() -> None:
    """决策模型 / decision models."""


@decision.command("check")
@files_argument
@json_option
def check_files(files: tuple[Path, ...], as_json: bool) -> None:
    """检查决策模型 / check decision models; files given together may import one another."""
    from webui.answers import show
    from webui.deciding import check_files as check

    raise SystemExit(show(check(files), as_json))


@decision.command("run")
@files_argument
@click.option("--decision", "name", required=True, help="决策的名称或编号 / name or id of the decision.")
@click.option("--context", default="{}", help="输入，JSON 对象 / the inputs, a JSON object.")
@json_option
def run_files(files: tuple[Path, ...], name: str, context: str, as_json: bool) -> None:
    """算出一个决策，并说明哪些规则符合 / decide, and say which rules matched.

    The first file has the decision; the others are models it imports. Exit code: 0 decided, 1 refused
    by the rules, 2 the result is null for a reason that is printed.
    """
    from engine.errors import UnsafeDocument, WuxingError
    from webui.answers import is_refused, show
    from webui.deciding import check_files as check
    from webui.deciding import decide

    answers = check(files)
    if any(map(is_refused, answers.values())):
        raise SystemExit(show(answers, as_json))
    try:
        decided = decide(files, name, _parsed(context))
    except (UnsafeDocument, WuxingError) as error:
        raise click.ClickException(str(error)) from error
    _print(decided, as_json)
    raise SystemExit(2 if decided.value is None and decided.problems else 0)


def _parsed(context: str) -> dict[str, Any]:
    try:
        value = json.loads(context)
    except ValueError as error:
        raise click.ClickException(f"--context: {error}") from error
    if not isinstance(value, dict):
        raise click.ClickException("--context: 应为 JSON 对象 / a JSON object is expected")
    return value


def _print(decided: Decided, as_json: bool) -> None:
    shown = decided.as_json()
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    click.echo(json.dumps(shown["value"], ensure_ascii=False))
    for table in shown["tables"]:
        inputs = json.dumps(table["inputs"], ensure_ascii=False)
        click.echo(f"  {table['name']} {inputs}")
        for rule in table["rules"]:
            outputs = json.dumps(rule["outputs"], ensure_ascii=False)
            click.echo(f"    {rule['number']} → {outputs}  {'; '.join(rule['annotations'].values())}")
    for problem in shown["problems"]:
        click.echo(f"  {problem['code']} {problem['name']}, {problem['what']}: {problem['text']}")
