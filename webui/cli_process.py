"""`wuxing process …`: what designers and their continuous integration do with diagram files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.errors import PublishRefused
    from engine.simulation.report import Report

files_argument = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON.")


@click.group()
def process() -> None:
    """流程文件 / process files."""


@process.command("check")
@files_argument
@json_option
def check_files(files: tuple[Path, ...], as_json: bool) -> None:
    """按发布时的规则检查流程图 / check diagrams by the rules of publishing."""
    from webui.answers import show
    from webui.checking import check_files as check

    raise SystemExit(show(check(files), as_json))


@process.command("run")
@files_argument
@click.option("--data", default="{}", help="开始时的变量，JSON 对象 / variables at the start, a JSON object.")
@click.option(
    "--scenario",
    "scenario_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="情景文件 / a scenario: answers, services, events.",
)
@click.option("--process", "process_id", help="运行哪个流程 / which process; the first file's otherwise.")
@click.option("--start-event", help="从哪个开始事件开始 / at which start event.")
@click.option("--hold", multiple=True, metavar="TASK", help="不办理的任务 / a task nobody completes.")
@click.option("--message", multiple=True, metavar="NAME[=JSON]", help="送达的消息 / a message that arrives.")
@click.option("--signal", multiple=True, metavar="NAME[=JSON]", help="发出的信号 / a signal that is sent.")
@json_option
def run_files(
    files: tuple[Path, ...],
    data: str,
    scenario_file: Path | None,
    process_id: str | None,
    start_event: str | None,
    hold: tuple[str, ...],
    message: tuple[str, ...],
    signal: tuple[str, ...],
    as_json: bool,
) -> None:
    """不用人、不用等，把流程走一遍 / run a process without people or waiting, and print its events.

    The clock jumps to the next timer. Exit code: 0 ended, 1 refused by the rules of publishing,
    2 failed or an incident is open, 3 something is waited for, 4 it went on without end.
    """
    from engine.errors import PublishRefused, WuxingError
    from webui.rehearsal import rehearse, scenario_of

    try:
        scenario = scenario_of(
            scenario_file, data=data, start_event=start_event, hold=hold, messages=message, signals=signal
        )
        report = rehearse(files, scenario, process_id)
    except PublishRefused as refusal:
        _print_refusal(refusal, as_json)
        raise SystemExit(1) from refusal
    except WuxingError as error:
        raise click.ClickException(str(error)) from error
    _print_report(report, as_json)
    raise SystemExit(_EXIT[report.outcome])


_COLUMNS = ("at", "instance", "process", "kind", "element")
_EXIT = {"completed": 0, "cancelled": 0, "failed": 2, "incident": 2, "waiting": 3, "limit": 4}


def _print_refusal(refusal: PublishRefused, as_json: bool) -> None:
    if as_json:
        findings = [finding.as_json() for finding in refusal.findings]
        click.echo(json.dumps({"state": "refused", "findings": findings}, ensure_ascii=False, indent=2))
        return
    click.echo(str(refusal))
    for finding in refusal.findings:
        click.echo(f"  {finding.severity} {finding.code} {finding.line} {finding.element}")
        click.echo(f"    {finding.rule} {finding.hint}")


def _print_report(report: Report, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        return
    for event in report.events:
        more = {k: v for k, v in event.items() if k not in _COLUMNS and v not in (None, "", [], {})}
        detail = json.dumps(more, ensure_ascii=False) if more else ""
        click.echo(
            f"{event['at']}  {event['instance']}  {event['kind']:<18} {event.get('element', '')}  {detail}"
        )
    for standing in report.standings:
        shown = standing.as_json()
        click.echo(f"{shown.pop('process')} {shown.pop('state')}: {json.dumps(shown, ensure_ascii=False)}")
