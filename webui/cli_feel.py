"""`wuxing feel`: an expression tried out on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from webui.cli_process import json_option

if TYPE_CHECKING:
    from engine.feel import Evaluation, FeelSyntaxError
    from engine.text import T


@click.command()
@click.argument("expression", required=False)
@click.option("--context", default="{}", help="变量，JSON 对象 / the variables, a JSON object.")
@click.option("--test", "value", help="测试这个 JSON 值 / read unary tests of this JSON value.")
@click.option("--print", "canonical", is_flag=True, help="写成标准的样子 / print the text in its plain form.")
@click.option("--functions", is_flag=True, help="列出内置函数 / list the built-in functions.")
@json_option
def feel(
    expression: str | None, context: str, value: str | None, canonical: bool, functions: bool, as_json: bool
) -> None:
    """计算一个 FEEL 表达式 / evaluate a FEEL expression.

    Prints the value, and where and why something is null. Exit code: 0 a value, 1 the text is no FEEL,
    2 the result is null for a reason that is printed.
    """
    if functions:
        _list_functions()
    elif expression is None:
        raise click.UsageError("缺少表达式 / an expression is missing")
    elif canonical:
        raise SystemExit(_print(expression, _object(context), as_json))
    else:
        raise SystemExit(_answer(expression, _object(context), value, as_json))


def _print(expression: str, context: dict[str, Any], as_json: bool) -> int:
    from engine.feel import FeelSyntaxError, parse
    from engine.feel.names import odd_names
    from engine.feel.printer import print_expression

    try:
        tree = parse(expression, context).node
    except FeelSyntaxError as error:
        _refuse(expression, error, as_json)
        return 1
    text = print_expression(tree, odd_names(context))
    click.echo(json.dumps(text, ensure_ascii=False) if as_json else text)
    return 0


def _answer(expression: str, context: dict[str, Any], value: str | None, as_json: bool) -> int:
    from engine.feel import FeelSyntaxError, evaluate, unary_tests

    try:
        if value is None:
            found = evaluate(expression, context)
        else:
            found = unary_tests(expression, _parsed("--test", value), context)
    except FeelSyntaxError as error:
        _refuse(expression, error, as_json)
        return 1
    _show(expression, found, as_json)
    return 2 if found.value is None and found.problems else 0


def _object(text: str) -> dict[str, Any]:
    value = _parsed("--context", text)
    if not isinstance(value, dict):
        raise click.ClickException("--context: 应为 JSON 对象 / a JSON object is expected")
    return value


def _parsed(option: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise click.ClickException(f"{option}: {error}") from error


def _refuse(expression: str, error: FeelSyntaxError, as_json: bool) -> None:
    if as_json:
        place = {"position": error.position, "line": error.line, "column": error.column}
        _echo_json({"error": {"text": str(error.text), "expected": error.expected, **place}})
    else:
        _point(expression, error.position, error.text)


def _show(expression: str, found: Evaluation, as_json: bool) -> None:
    from engine.feel import to_json
    from engine.feel.writing import shown

    if as_json:
        problems = [{"code": p.code, "text": str(p.text), "position": p.position} for p in found.problems]
        _echo_json({"value": to_json(found.value), "problems": problems})
        return
    click.echo(shown(found.value))
    for problem in found.problems:
        _point(expression, problem.position, problem.text)


def _echo_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _point(expression: str, position: int, text: T) -> None:
    """Print the line a problem is in, a sign below its first character, and the reason."""
    from engine.feel.errors import line_and_column

    line, column = line_and_column(expression, position)
    shown = expression.splitlines()[line - 1] if expression else ""
    click.echo(f"  {shown}", err=True)
    click.echo(f"  {' ' * _width(shown[: column - 1])}^ {line}:{column} {text}", err=True)


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes; Chinese signs take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _list_functions() -> None:
    from engine.feel.builtins import BUILTINS
    from engine.feel.builtins.meanings import MEANINGS

    for name, function in sorted(BUILTINS.items()):
        for overload in function.overloads:
            click.echo(f"{name}({overload})")
        click.echo(f"    {MEANINGS[name]}")
