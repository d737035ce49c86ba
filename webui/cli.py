"""The command `wuxing`; what a command needs is imported when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from webui.cli_decision import decision
from webui.cli_feel import feel
from webui.cli_import import import_diagrams
from webui.cli_jobs import jobs
from webui.cli_migrate import migrate_instances
from webui.cli_options import DATA_FOLDER, database_option, folder_option, opened
from webui.cli_process import process

if TYPE_CHECKING:
    from engine.runtime import Engine
    from engine.text import T

DEMO_FOLDER = "var/demo"


@click.group()
def main() -> None:
    """五行 Wuxing：跨部门协作按流程办。Cross-department work as a living process."""


@main.group(invoke_without_command=True)
@folder_option
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.pass_context
def demo(context: click.Context, folder: Path | None, port: int, host: str) -> None:
    """在本机启动演示 / start the demo on this machine."""
    from webui.serving import data_folder

    context.obj = data_folder(folder or Path(DEMO_FOLDER))
    if context.invoked_subcommand is None:
        _run_demo(context.obj, host, port)


def _run_demo(folder: Path, host: str, port: int) -> None:
    from webui.demo.loading import is_loaded
    from webui.serving import UnsafeBinding, check_binding, serve
    from webui.settings import Settings, read_secret

    settings = Settings(folder=folder, secret_key=read_secret(folder), demo=True)
    try:
        check_binding(host, settings)
    except UnsafeBinding as error:
        raise click.ClickException(str(error)) from error
    if not is_loaded(folder):
        _load_demo(folder)
    click.echo(f"五行 Wuxing  http://{host}:{port}    Ctrl+C 结束 / to stop")
    serve(_demo_engine(folder), settings, host, port)


def _load_demo(folder: Path) -> None:
    from processes.collaboration.lived.loading import live_samples
    from webui.demo.loading import load
    from webui.serving import open_engine

    with _progress_bar() as progress:
        load(folder, open_engine, live_samples, progress)


def _demo_engine(folder: Path) -> Engine:
    from webui.demo import time as demo_time
    from webui.demo.loading import NAME
    from webui.serving import file_address, open_engine

    engine = open_engine(file_address(folder / NAME), folder)
    demo_time.follow(engine.database)
    return engine


@contextmanager
def _progress_bar() -> Iterator[Any]:
    """A bar on a terminal, lines elsewhere."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn()) as bar:
        line = bar.add_task("装载样例 / loading samples", total=None)

        def show(done: int, total: int, text: T | str) -> None:
            bar.update(line, completed=done, total=total, description=str(text))

        yield show


@demo.command("clock")
@click.argument("step")
@click.pass_obj
def move_clock(folder: Path, step: str) -> None:
    """移动演示时间 / move the demo's time: +1h, +1d, +7d, workday."""
    from zoneinfo import ZoneInfo

    from engine.due import run_due
    from engine.errors import WuxingError
    from webui.demo import time as demo_time
    from webui.demo.loading import is_loaded
    from webui.settings import Settings

    if not is_loaded(folder):
        raise click.ClickException(
            "还没有演示数据，请先运行 wuxing demo。There is no demo yet: run wuxing demo."
        )
    engine, zone = _demo_engine(folder), ZoneInfo(Settings().zone)
    try:
        present = demo_time.move(engine.database, step, engine.calendar, zone)
    except WuxingError as error:
        raise click.ClickException(str(error)) from error
    opened = run_due(engine)
    click.echo(f"{present.astimezone(zone):%Y-%m-%d %H:%M}  新任务 / new tasks: {len(opened)}")


@main.command()
@database_option
@folder_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--behind-proxy", is_flag=True, help="前面有 HTTPS 代理 / an HTTPS proxy is in front.")
def serve(database: str | None, folder: Path | None, host: str, port: int, behind_proxy: bool) -> None:
    """为一个组织提供服务 / serve an organisation."""
    from webui.serving import UnsafeBinding, check_binding
    from webui.serving import serve as serve_pages
    from webui.settings import Settings, read_secret

    try:
        check_binding(host, Settings(https=behind_proxy, behind_proxy=behind_proxy))
    except UnsafeBinding as error:
        raise click.ClickException(str(error)) from error
    engine, place = opened(database, folder)
    settings = Settings(
        folder=place, secret_key=read_secret(place), https=behind_proxy, behind_proxy=behind_proxy
    )
    _offer_first_administrator(engine, f"http://{host}:{port}")
    serve_pages(engine, settings, host, port)


def _offer_first_administrator(engine: Engine, base: str) -> None:
    from webui.account.links import needs_administrator

    with engine.database.read() as uow:
        nobody = needs_administrator(uow)
    if nobody:
        _print_link(engine, base)


def _print_link(engine: Engine, base: str) -> None:
    from webui.account.links import FIRST_ADMINISTRATOR, make_link

    with engine.database.write() as uow:
        token = make_link(uow, FIRST_ADMINISTRATOR)
    click.echo("一次性链接，1 小时内有效，用来设定管理员 / one-time link for an administrator, valid 1 hour:")
    click.echo(f"  {base}/join/{token}")


@main.command("admin-link")
@database_option
@folder_option
@click.option("--base", default="http://127.0.0.1:8000", show_default=True, help="服务地址 / address.")
def admin_link(database: str | None, folder: Path | None, base: str) -> None:
    """生成设定管理员的一次性链接 / print a one-time link for an administrator."""
    engine, _ = opened(database, folder)
    _print_link(engine, base.rstrip("/"))


@main.group()
def people() -> None:
    """人员与部门 / people and departments."""


@people.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@database_option
@folder_option
def load_people(file: Path, database: str | None, folder: Path | None) -> None:
    """从 CSV 录入人员、部门和角色 / enter people, departments and roles from CSV."""
    from engine.errors import InvalidInput
    from webui.roster import enter, read_roster

    try:
        lines = read_roster(file.read_text(encoding="utf-8-sig"))
        engine, _ = opened(database, folder)
        with engine.database.write() as uow:
            entered = enter(uow, lines)
    except InvalidInput as error:
        lines_of = "\n".join(f"  {problem}" for problem in error.fields.values())
        raise click.ClickException(f"{error}\n{lines_of}") from error
    click.echo(f"新录入 / entered: 部门 departments {entered.departments}, 人员 people {entered.people}")


@main.command()
@database_option
@folder_option
def migrate(database: str | None, folder: Path | None) -> None:
    """更新数据库的表结构 / bring a database to the newest revision; back it up first."""
    import webui.account.tables  # noqa: F401 - attaches its tables
    from engine.store.database import open_database
    from webui.migrating import migrate as upgrade
    from webui.serving import data_folder, file_address

    place = data_folder(folder or Path(DATA_FOLDER))
    before, after = upgrade(open_database(database or file_address(place / "wuxing.db")))
    click.echo(f"{before or '-'} → {after}")


process.add_command(migrate_instances)
process.add_command(import_diagrams)
main.add_command(process)
main.add_command(jobs)
main.add_command(decision)
main.add_command(feel)
