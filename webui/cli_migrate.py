"""`wuxing process migrate`: running instances to another version, tried first if one likes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webui.cli_options import database_option, folder_option, opened

if TYPE_CHECKING:
    from engine.migration.report import Report, Verdict


def _pairs(_context: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Read `old=new`; `old=` says that an element has gone."""
    pairs = [each.partition("=") for each in given]
    if not all(equals and old for old, equals, _ in pairs):
        raise click.BadParameter("应写成 旧编号=新编号 / write old=new")
    return {old.strip(): new.strip() for old, _, new in pairs}


@click.command("migrate")
@click.argument("process_id", metavar="PROCESS")
@click.option("--from", "old", type=int, required=True, help="现在的版本 / the version they run.")
@click.option("--to", "new", type=int, required=True, help="新的版本 / the version to go to.")
@click.option(
    "--map", "mapping", multiple=True, metavar="OLD=NEW", callback=_pairs, help="元素对应 / elements."
)
@click.option("--instance", "only", type=int, multiple=True, help="只迁移这些实例 / only these instances.")
@click.option("--dry-run", is_flag=True, help="只试不改 / try only, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON.")
@database_option
@folder_option
def migrate_instances(
    process_id: str,
    old: int,
    new: int,
    mapping: dict[str, str],
    only: tuple[int, ...],
    dry_run: bool,
    as_json: bool,
    database: str | None,
    folder: Path | None,
) -> None:
    """把运行中的实例迁移到另一个版本 / migrate running instances to another version."""
    from engine import due
    from engine.directory import SYSTEM
    from engine.errors import WuxingError
    from engine.migration.applying import migrate

    engine, _ = opened(database, folder)
    try:
        report = migrate(
            engine,
            SYSTEM,
            process_id,
            old=old,
            new=new,
            mapping=mapping,
            only=only or None,
            dry_run=dry_run,
        )
    except WuxingError as error:
        raise click.ClickException(str(error)) from error
    if not dry_run:
        due.drain(engine)
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else _told(report))
    raise SystemExit(1 if report.refused else 0)


def _told(report: Report) -> str:
    done = len(report.verdicts) - len(report.refused)
    word = "可以迁移 / can migrate" if report.dry_run else "已迁移 / migrated"
    lines = [_line(verdict) for verdict in report.verdicts]
    return "\n".join([*lines, f"{word}: {done}   不能迁移 / refused: {len(report.refused)}"])


def _line(verdict: Verdict) -> str:
    name = f"#{verdict.instance} {verdict.key or ''}".rstrip()
    if verdict.reasons:
        return f"{name}  ✗ " + "；".join(str(reason.text) for reason in verdict.reasons)
    before = ", ".join(each.element for each in verdict.before)
    after = ", ".join(each.element for each in verdict.after)
    return f"{name}  ✓ {before} → {after}"
