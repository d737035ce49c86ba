"""Forms at work: the pinned version of an item's form, its choices, its first values and its check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from engine import attachments, definitions, directory
from engine.context import StepContext
from engine.desk import Desk
from engine.errors import NotFound
from engine.feel.types import FeelType
from engine.handlers import FormValues, Handlers
from engine.store.database import UnitOfWork
from engine.store.types import dump_json
from forms.context import FormContext, Signer
from forms.filling import accept
from forms.options import Filters, Option, OptionTable, Source
from forms.schema import Form, load
from forms.texts import BASE_LANGUAGE, Translate, unchanged
from forms.typing import value_types

Json = Any


@lru_cache(maxsize=256)
def _loaded(body: str) -> Form:
    return load(body)


def form_of(uow: UnitOfWork, handlers: Handlers, form_id: str, version: int | None) -> Form:
    """Return a form in a published version, or as the library has it; raises `NotFound`."""
    if version is not None:
        return _loaded(dump_json(definitions.form_body(uow, form_id, version)))
    return _loaded(dump_json(handlers.form_library[form_id]))


def value_types_of(handlers: Handlers) -> FormValues:
    """Return what tells the types of a form's values: None for a form whose handler decides what is set."""

    @cache
    def types(form_id: str) -> Mapping[str, FeelType | None] | None:
        handler = handlers.forms.get(form_id)
        form = _library_form(handlers, form_id)
        if form is None or (handler is not None and handler.complete is not None):
            return None
        return value_types(form)

    return types


def context_of(
    ctx: StepContext,
    handlers: Handlers,
    *,
    language: str = BASE_LANGUAGE,
    translate: Translate = unchanged,
) -> FormContext:
    """Return the surroundings of a form: its reader, the choices of its pickers, the files it may name."""
    actor = ctx.actor
    about = {
        "instance": ctx.instance.id,
        "element": ctx.element.id if ctx.element is not None else None,
        "subject": ctx.instance.subject,
    }
    return FormContext(
        now=ctx.now,
        language=language,
        translate=translate,
        options=OptionTable({name: _source(ctx, call) for name, call in handlers.option_sources.items()}),
        signer=Signer(actor.id, actor.name, actor.on_behalf_of),
        names=dict(ctx.variables),
        attachment=lambda number: _attachment(ctx, number),
        form=lambda form_id: _library_form(handlers, form_id),
        signed=about,
    )


def _source(ctx: StepContext, call: Any) -> Source:
    def choose(filters: Filters) -> Sequence[Option]:
        return list(call(ctx, **{str(name): value for name, value in filters.items()}))

    return choose


def _library_form(handlers: Handlers, form_id: str) -> Form | None:
    body = handlers.form_library.get(form_id)
    return _loaded(dump_json(body)) if body is not None else None


def _attachment(ctx: StepContext, number: int) -> Mapping[str, Any] | None:
    """Return the file value of an attachment this actor may put into a form."""
    try:
        found = attachments.require(ctx.uow, ctx.actor, number)
    except NotFound:
        return None
    return {"attachment": found.id, "name": found.name, "size": found.size, "sha256": found.sha256}


def prefill_of(ctx: StepContext, handlers: Handlers, form_id: str) -> dict[str, Json]:
    """Return the values a form starts with."""
    handler = handlers.forms.get(form_id)
    return dict(handler.prefill(ctx)) if handler is not None and handler.prefill is not None else {}


def prefill(desk: Desk, handlers: Handlers) -> dict[str, Json]:
    """Return the first values of the form of an item on a desk."""
    return prefill_of(desk.context, handlers, desk.item.form or "")


def validator(handlers: Handlers) -> Any:
    """Return the engine's check of submitted values: it trusts nothing but its own prefill."""

    def validate(
        ctx: StepContext, form_id: str, version: int | None, values: Mapping[str, Json]
    ) -> dict[str, Json]:
        form = form_of(ctx.uow, handlers, form_id, version)
        return accept(form, values, context_of(ctx, handlers), prefill_of(ctx, handlers, form_id))

    return validate


def people_options(uow: UnitOfWork) -> list[Option]:
    """Return everybody as choices, by department."""
    return [
        Option(p.id, p.name, hint=p.title, group=p.dept or "", heading=p.dept or "")
        for p in directory.people(uow)
    ]


def department_options(uow: UnitOfWork) -> list[Option]:
    """Return all departments as choices."""
    return [Option(d.id, d.id) for d in directory.departments(uow)]
