"""Files: a value refers to attachments that were stored before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from engine.text import T
from forms.fields.kind import FieldType, Scope
from forms.schema import Component

MOST_FILES = 50
DEFAULT_MEGABYTES = 25


class FileField(FieldType):
    """One file `{"attachment": id, "name": …}`, or a list of them when the component is `multiple`.

    A page sends only ids of attachments; each is looked up among those this reader may refer to, so
    a browser can never name somebody else's file. Uploads are stored by `submission` beforehand.
    """

    def parse(self, scope: Scope, texts: Sequence[str]) -> Any:
        """Return the file values of the ids that were sent."""
        found = []
        for text in dict.fromkeys(texts[:MOST_FILES]):
            number = int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
            known = scope.context.attachment(number) if number is not None else None
            if known is not None:
                found.append(dict(known))
        return found if scope.component.multiple else (found[-1] if found else None)

    def check(self, scope: Scope, value: Any) -> tuple[Any, T | None]:
        """Check that each refers to an attachment this reader may use, and take name and facts from there."""
        listed = value if isinstance(value, list) else [value]
        if isinstance(value, list) != scope.component.multiple or len(listed) > MOST_FILES:
            return value, T("请重新选择文件")
        known = [_known(scope, item) for item in listed]
        if None in known:
            return value, T("文件已不存在，请重新上传")
        return (known if scope.component.multiple else known[0]), None

    def words(self, scope: Scope, value: Any) -> str:
        """Return the names of the files."""
        return "、".join(str(item.get("name", "")) for item in files_of(value))

    def typed(self, scope: Scope, value: Any) -> list[str]:
        """Return the ids of the attachments."""
        return [str(item.get("attachment", "")) for item in files_of(value)]

    def missing(self) -> T:
        """Ask for a file."""
        return T("请上传文件")


def files_of(value: Any) -> list[dict[str, Any]]:
    """Return the file values inside a value of a file field."""
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, dict) and isinstance(item.get("attachment"), int)]


def upload_fault(component: Component, name: str, size: int) -> T | None:
    """Return why an upload is not accepted: its ending or its size in bytes."""
    endings = [ending.strip().lower() for ending in component.accept.split(",") if ending.strip()]
    if endings and PurePosixPath(name).suffix.lower() not in endings:
        return T("“{name}”的格式不接受，只接受 {endings}", name=name, endings=" ".join(endings))
    limit = int(component.properties.get("maxMegabytes", DEFAULT_MEGABYTES))
    if size > limit * 1024 * 1024:
        return T("“{name}”超过 {limit} MB", name=name, limit=limit)
    if size == 0:
        return T("“{name}”是空文件", name=name)
    return None


def _known(scope: Scope, item: Any) -> dict[str, Any] | None:
    identifier = item.get("attachment") if isinstance(item, dict) else None
    if not isinstance(identifier, int) or isinstance(identifier, bool):
        return None
    known = scope.context.attachment(identifier)
    return dict(known) if known is not None else None
