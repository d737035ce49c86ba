"""`wuxing jobs`: what is due, what failed, tried again or given up, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webui.cli_options import database_option, folder_option, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.jobs import Job
    from engine.runtime import Engine

_ids = click.argument("ids", nargs=-1, type=int)
_dead = click.option("--dead", is_flag=True, help="所有失败的作业 / every dead job.")
_EVERY = 10_000


@click.group()
def jobs() -> None:
    """到期作业 / jobs."""


@jobs.command("list")
@click.option(
    "--state", default="due", show_default=True, help="due, dead, done, skipped, cancelled, paused."
)
@click.option("--limit", default=25, show_default=True, help="最多列出几条 / how many.")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON.")
@database_option
@folder_option
def show(state: str, limit: int, as_json: bool, database: str | None, folder: Path | None) -> None:
    """各状态有多少，某个状态的最新几条 / how many in each state, and the newest of one state."""
    from engine import jobs as rows

    engine, _ = opened(database, folder)
    with engine.database.read() as uow:
        counts, found = rows.counts(uow), rows.page(uow, state=state, limit=limit)
    if as_json:
        told = {"counts": counts, "jobs": [_plain(each) for each in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "-")
    for each in found:
        where = f"instance {each.instance}" if each.instance is not None else ""
        click.echo(f"{each.id}  {each.kind}  {each.due_at.isoformat()}  {where}  {each.error or ''}".rstrip())


@jobs.command("retry")
@_ids
@_dead
@database_option
@folder_option
def retry(ids: tuple[int, ...], dead: bool, database: str | None, folder: Path | None) -> None:
    """马上重试 / make jobs due now, with all their attempts again."""
    from engine.directory import SYSTEM
    from engine.running import retry_job

    engine, _ = opened(database, folder)
    _each(_chosen(engine, ids, dead), lambda id: retry_job(engine, SYSTEM, id))


@jobs.command("skip")
@_ids
@_dead
@click.option("--reason", required=True, help="为什么不做了；留在记录里 / why; it is kept.")
@database_option
@folder_option
def skip(ids: tuple[int, ...], dead: bool, reason: str, database: str | None, folder: Path | None) -> None:
    """放弃作业，并写明原因 / give jobs up, with a reason."""
    from engine.directory import SYSTEM
    from engine.running import skip_job

    engine, _ = opened(database, folder)
    _each(_chosen(engine, ids, dead), lambda id: skip_job(engine, SYSTEM, id, reason))


def _chosen(engine: Engine, ids: tuple[int, ...], dead: bool) -> list[int]:
    from engine import jobs as rows

    if bool(ids) == dead:
        raise click.UsageError("写明作业编号，或者 --dead / name job numbers, or --dead")
    if ids:
        return list(ids)
    with engine.database.read() as uow:
        return [each.id for each in rows.page(uow, state="dead", limit=_EVERY)]


def _each(ids: Iterable[int], act: Callable[[int], None]) -> None:
    """Act on every job; one that refuses is told, and the others go on. Exit code 1 when one has refused."""
    from engine.errors import WuxingError

    refused = False
    for id in ids:
        try:
            act(id)
        except WuxingError as error:
            refused = True
            click.echo(f"{id}: {error}", err=True)
        else:
            click.echo(f"{id}: ok")
    raise SystemExit(1 if refused else 0)


def _plain(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "due": job.due_at.isoformat(),
        "attempt": job.attempt,
        "instance": job.instance,
        "error": job.error,
        "note": job.note,
    }
