"""`wuxing process import`: diagrams of other products become files of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from webui.importing import FileImported


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="存放结果的文件夹 / folder of the results.",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON.")
def import_diagrams(files: tuple[Path, ...], folder: Path, as_json: bool) -> None:
    """导入其他产品的流程图 / translate diagrams of Camunda, Zeebe, Flowable, Activiti and SpiffWorkflow.

    Says of every setting what became of it, then checks the results. Exit code 1 when one of them
    cannot be published as it is.
    """
    from engine.errors import InvalidInput
    from webui.importing import import_files

    try:
        results = import_files(files, folder)
    except InvalidInput as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in results], ensure_ascii=False, indent=2))
    else:
        for each in results:
            _print(each)
    raise SystemExit(1 if any(each.refused for each in results) else 0)


def _as_json(result: FileImported) -> dict[str, Any]:
    from engine.errors import UnsafeDocument

    answer, imported = result.answer, result.imported
    return {
        "file": str(result.source),
        "result": None if imported is None else str(result.target),
        "problem": str(answer) if isinstance(answer, UnsafeDocument) else "",
        "products": [] if imported is None else list(imported.products),
        "notes": [] if imported is None else [note.as_json() for note in imported.notes],
        "refused": result.refused,
        "findings": [] if isinstance(answer, UnsafeDocument) else [each.as_json() for each in answer],
    }


def _print(result: FileImported) -> None:
    from engine.bpmn.importing import OUTCOMES
    from engine.errors import UnsafeDocument

    answer, imported = result.answer, result.imported
    if imported is None or isinstance(answer, UnsafeDocument):
        click.echo(f"{result.source}: {answer}")
        return
    counted = ", ".join(f"{label} {imported.count(outcome)}" for outcome, label in OUTCOMES.items())
    click.echo(f"{result.source} → {result.target} ({', '.join(imported.products) or '-'}): {counted}")
    for note in imported.notes:
        became = note.after or str(note.reason or "")
        click.echo(f"  {OUTCOMES[note.outcome]} {note.line} {note.element} {note.setting}")
        click.echo("    " + " ".join(f"{note.before} → {became}".split()))
    errors = [finding for finding in answer if finding.severity == "error"]
    for finding in errors:
        click.echo(f"  {finding.severity} {finding.code} {finding.line} {finding.element}")
        click.echo(f"    {finding.rule} {finding.hint}")
