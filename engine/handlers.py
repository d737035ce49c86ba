"""What content plugs into the engine: form handlers, services, queries, functions and jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.context import StepContext
    from engine.feel.types import FeelType
    from engine.text import T

Json = Any
Prefill = Callable[["StepContext"], dict[str, Json]]
Check = Callable[["StepContext", dict[str, Json]], "dict[str, T]"]
Complete = Callable[["StepContext", dict[str, Json]], Mapping[str, Json]]
Service = Callable[["StepContext"], Mapping[str, Json] | None]
Function = Callable[..., Any]
Options = Callable[..., list[Any]]
OnEnd = Callable[["StepContext", str], None]
JobHandler = Callable[["StepContext", dict[str, Json]], None]
FormValues = Callable[[str], "Mapping[str, FeelType | None] | None"]
Validate = Callable[["StepContext", str, int | None, Mapping[str, Json]], dict[str, Json]]


@dataclass(frozen=True, slots=True)
class FormHandler:
    """What happens around one form: values shown first, further checks, and its effect."""

    prefill: Prefill | None = None
    check: Check | None = None
    complete: Complete | None = None


def _keep_values(
    ctx: StepContext, form: str, version: int | None, values: Mapping[str, Json]
) -> dict[str, Json]:
    """Accept the values as they are: the validation of an engine that was given no forms."""
    return dict(values)


def _now(ctx: StepContext) -> datetime:
    """Return the moment of the step."""
    return ctx.now


def _today(ctx: StepContext) -> date:
    """Return the day of the step where the organisation works."""
    return ctx.calendar.local_day(ctx.now)


def _nothing_known(form_id: str) -> Mapping[str, FeelType | None] | None:
    return None


class Handlers:
    """The registry that the composition root fills once, before the first command."""

    def __init__(self) -> None:
        self.forms: dict[str, FormHandler] = {}
        self.form_library: dict[str, dict[str, Json]] = {}
        self.services: dict[str, Service] = {}
        self.queries: dict[str, Function] = {}
        self.functions: dict[str, Function] = {"now": _now, "today": _today}
        self.option_sources: dict[str, Options] = {}
        self.endings: dict[str, OnEnd] = {}
        self.jobs: dict[str, JobHandler] = {}
        self.validate: Validate = _keep_values
        self.internal: set[str] = set()
        self.form_values: FormValues = _nothing_known

    def not_startable(self, *process_ids: str) -> None:
        """Name processes that only other processes start."""
        self.internal.update(process_ids)

    def form(
        self,
        form_id: str,
        *,
        prefill: Prefill | None = None,
        check: Check | None = None,
        complete: Complete | None = None,
    ) -> None:
        """Register what happens around a form (D18); its effect runs in the step's transaction."""
        self.forms[form_id] = FormHandler(prefill, check, complete)

    def service(self, name: str, call: Service) -> None:
        """Register a local service (D16): same unit of work, no I/O."""
        self.services[name] = call

    def query(self, name: str, call: Function) -> None:
        """Register a named query over facts (D17); its arguments and answer are kept."""
        self.queries[name] = call

    def function(self, name: str, call: Function) -> None:
        """Register a FEEL function that needs to know where it is called (D19)."""
        self.functions[name] = call

    def options(self, source: str, call: Options) -> None:
        """Register a source of choices for pickers."""
        self.option_sources[source] = call

    def on_end(self, process_id: str, call: OnEnd) -> None:
        """Register what happens when an instance of a process ends; gets the outcome's name."""
        self.endings[process_id] = call

    def job(self, kind: str, call: JobHandler) -> None:
        """Register a kind of job of the content's own."""
        self.jobs[kind] = call
