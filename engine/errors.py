"""Every error a person or an operator can meet: one base, a stable code, a translatable sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from engine.text import T


class WuxingError(Exception):
    """The base of all our errors: `code` for operators to search, `text` for people, `ids` for both."""

    code: ClassVar[str] = "error"

    def __init__(self, text: T | str, **ids: Any) -> None:
        self.text = text if isinstance(text, T) else T(text)
        self.ids: dict[str, Any] = ids
        super().__init__(str(self.text))


class Refused(WuxingError):
    """A rule of the method or of the engine forbids it; nothing has changed."""

    code = "refused"


class NotFound(WuxingError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"


class Forbidden(WuxingError):
    """The actor knows of the thing but may not do this to it."""

    code = "forbidden"


class Conflict(WuxingError):
    """Somebody else acted first; `ids` say who, what and when."""

    code = "conflict"


class StorageFull(WuxingError):
    """The disk has no room for the change; nothing has changed, and reading goes on."""

    code = "storage_full"


class InvalidInput(WuxingError):
    """Values that were sent break rules; `fields` maps the path of a field to its sentence."""

    code = "invalid_input"

    def __init__(self, text: T | str, fields: Mapping[str, T] | None = None, **ids: Any) -> None:
        super().__init__(text, **ids)
        self.fields: dict[str, T] = dict(fields or {})


class UnsafeDocument(WuxingError):
    """A file that cannot be read safely: too large, too deep, not XML, or carrying a DOCTYPE."""

    code = "unsafe_document"


class PublishRefused(WuxingError):
    """The gate found errors; `findings` name element, rule and hint of each."""

    code = "publish_refused"

    def __init__(self, text: T | str, findings: Sequence[Any], **ids: Any) -> None:
        super().__init__(text, **ids)
        self.findings = tuple(findings)


class ElementFailed(WuxingError):
    """An element of a diagram could not be executed; it waits as an incident and can be retried."""

    code = "element_failed"

    def __init__(self, reason: str, text: T | str, **ids: Any) -> None:
        super().__init__(text, **ids)
        self.reason = reason


class BpmnError(WuxingError):
    """A BPMN error thrown by a service, a form handler or a script (BPMN 2.0.2 §10.5.1)."""

    code = "bpmn_error"

    def __init__(self, error_code: str, text: T | str = "业务错误") -> None:
        super().__init__(text, error_code=error_code)
        self.error_code = error_code
