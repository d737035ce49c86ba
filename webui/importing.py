"""Import of diagram files of other products, without a server."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.bpmn.importing import Imported, translate
from engine.errors import InvalidInput, UnsafeDocument
from engine.text import T
from forms.catalog import library
from webui.answers import Answer, is_refused
from webui.checking import check_files


@dataclass(frozen=True)
class FileImported:
    """One file: what was done to it and what the gate says of the result, or why it cannot be read."""

    source: Path
    target: Path
    imported: Imported | None
    answer: Answer

    @property
    def refused(self) -> bool:
        """Return whether the result cannot be published as it is."""
        return is_refused(self.answer)


def import_files(paths: Sequence[Path], folder: Path) -> list[FileImported]:
    """Translate files into a folder and check the results together; no file that is there is replaced."""
    targets = {path: folder / path.name for path in paths}
    _refuse_replacing(list(targets.values()))
    folder.mkdir(parents=True, exist_ok=True)
    forms = frozenset(library().sources())
    read: dict[Path, Imported | UnsafeDocument] = {path: _translated(path, forms) for path in paths}
    for path, found in read.items():
        if isinstance(found, Imported):
            targets[path].write_bytes(found.xml)
    written = [targets[path] for path, found in read.items() if isinstance(found, Imported)]
    answers = check_files(written)
    return [
        FileImported(path, targets[path], None, found)
        if isinstance(found, UnsafeDocument)
        else FileImported(path, targets[path], found, answers[targets[path]])
        for path, found in read.items()
    ]


def _translated(path: Path, forms: Collection[str]) -> Imported | UnsafeDocument:
    try:
        return translate(path.read_bytes(), forms)
    except UnsafeDocument as error:
        return error


def _refuse_replacing(targets: Sequence[Path]) -> None:
    doubled = [target for target in targets if target.exists() or targets.count(target) > 1]
    if doubled:
        raise InvalidInput(T("文件“{name}”已经存在，不会替换：请换一个文件夹", name=doubled[0].name))
