"""The form of an event as it was filled in, each value with the one before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from engine.history import Event
from engine.runtime import Engine
from engine.store.database import UnitOfWork
from forms.context import FormContext
from forms.options import DEPARTMENTS, PERSONS, Filters, Option, OptionTable, Source
from forms.present import present
from forms.views import FormView
from processes import formwork
from webui.audit.record import moves_of
from webui.i18n import gettext, locale, translate

Json = Any


def form_view(engine: Engine, uow: UnitOfWork, events: tuple[Event, ...], event: Event) -> FormView | None:
    """Return the form that an event submitted, with the values of its last submission before.

    None when the event submitted no form, or its content has been erased.
    """
    body = event.body or {}
    if event.kind != "work.completed" or not body.get("form") or not body.get("version"):
        return None
    form = formwork.form_of(uow, engine.handlers, body["form"], body["version"])
    before = _submitted_before(events, event)
    return present(form, body["values"], {}, _context(engine, uow, event), readonly=True, before=before)


def plain_values(events: tuple[Event, ...], event: Event) -> list[tuple[str, Json, Json]]:
    """Return name, value before and value after of an event that set or brought values without a form."""
    body = event.body or {}
    after = body.get("values") or body.get("variables") or body.get("payload") or {}
    before = _submitted_before(events, event) or {}
    return [(name, before.get(name), value) for name, value in sorted(after.items())]


def _submitted_before(events: tuple[Event, ...], event: Event) -> Mapping[str, Json] | None:
    """Return the values last submitted at the same step, of parallel items at the same item, or None."""
    indexes = _indexes(events)
    number = indexes.get((event.body or {}).get("token", 0))
    for earlier in reversed(events[: event.seq - 1]):
        if (earlier.kind, earlier.element) != (event.kind, event.element) or earlier.body is None:
            continue
        if indexes.get(earlier.body.get("token", 0)) == number:
            found: Mapping[str, Json] | None = earlier.body.get("values")
            return found
    return None


def _indexes(events: tuple[Event, ...]) -> dict[int, int | None]:
    """Return the number of each token within its multi-instance activity, as it entered."""
    moves = (move for event in events for move in moves_of(event) if move[0] == "enter")
    return {move[1]: move[5] for move in moves}


def value_text(value: Json) -> str:
    """Return a value as one reads it."""
    match value:
        case None | "":
            return "—"
        case bool():
            return gettext("是") if value else gettext("否")
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(each, str | int | float) for each in value):
            return "、".join(str(each) for each in value)
    return orjson.dumps(value).decode()


def _context(engine: Engine, uow: UnitOfWork, event: Event) -> FormContext:
    """Return the surroundings in which old values are read: people and departments by name, no choices."""
    options: dict[str, Source] = dict.fromkeys(engine.handlers.option_sources, _no_options)
    options[PERSONS] = lambda _filters: formwork.people_options(uow)
    options[DEPARTMENTS] = lambda _filters: formwork.department_options(uow)
    return FormContext(now=event.at, language=locale(), translate=translate, options=OptionTable(options))


def _no_options(_filters: Filters) -> list[Option]:
    return []
