"""What commands that work on an organisation's data share: where the data are, and opening them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engine.runtime import Engine

DATA_FOLDER = "var/data"

folder_option = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="WUXING_FOLDER",
    help="数据目录 / folder of data.",
)
database_option = click.option(
    "--database",
    envvar="WUXING_DATABASE",
    help="数据库地址 / database URL: sqlite:////abs/file.db, postgresql+psycopg://…",
)


def opened(address: str | None, folder: Path | None) -> tuple[Engine, Path]:
    """Return the engine over a database, and the folder of data; what forbids it ends the command."""
    from engine.errors import Refused
    from webui.serving import data_folder, file_address, open_engine

    place = data_folder(folder or Path(DATA_FOLDER))
    try:
        return open_engine(address or file_address(place / "wuxing.db"), place), place
    except Refused as error:
        raise click.ClickException(str(error)) from error
