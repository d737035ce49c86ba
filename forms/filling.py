"""One round of a form: opened, filled in, sent, shown again or accepted. What views call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import InvalidInput
from engine.text import T
from forms.actions import Action, apply
from forms.context import FormContext
from forms.merging import extra_names, merge
from forms.paths import split
from forms.present import present
from forms.schema import FILE_TYPE, SIGNATURE_TYPE, Component, Form, value_components
from forms.submission import Files, Texts, Upload, Values, parse
from forms.validate import Validated, validate
from forms.views import FormView

Store = Callable[[str, Upload], Mapping[str, Any]]


@dataclass(frozen=True)
class Received:
    """What came of a POST: the pressed button, the values to show again or to hand on, the verdict.

    `validated` is there only after `submit`. `values` are what `engine.complete` and a draft take:
    the engine checks them once more against its own prefill and signs there.
    """

    form: Form
    context: FormContext
    action: Action
    values: Values
    problems: dict[str, T] = field(default_factory=dict)
    validated: Validated | None = None

    @property
    def ok(self) -> bool:
        """Tell whether the form was submitted without any error."""
        return self.validated is not None and not self.errors

    @property
    def errors(self) -> dict[str, T]:
        """Return all errors by path."""
        return {**(self.validated.errors if self.validated else {}), **self.problems}

    @property
    def warnings(self) -> dict[str, T]:
        """Return the warnings by path."""
        return self.validated.warnings if self.validated else {}

    @property
    def draft(self) -> Values:
        """Return what may be kept as a draft: what a person typed, but signatures, which are given anew."""
        left_out = {c.key for c in self.form.fields() if not c.typed_by_person or c.type == SIGNATURE_TYPE}
        return {key: value for key, value in self.values.items() if key not in left_out}

    def refused(self, errors: Mapping[str, T]) -> Received:
        """Return the same with further errors, of a handler or of the engine."""
        return replace(self, problems={**self.problems, **errors})

    def view(self, around: FormContext | None = None, *, readonly: bool = False) -> FormView:
        """Return the form as it is to be shown again, with everything that was typed.

        `around` are fresh surroundings where those the form was read in can no longer be asked;
        `readonly` shows what was typed as text, when it can no longer be sent.
        """
        context = self.context
        if around is not None:
            context = replace(around, names={**around.names, **context.names})
        if readonly:
            return present(self.form, self.values, {}, context, readonly=True)
        return present(self.form, self.values, self.errors, context, warnings=self.warnings)


def surroundings(form: Form, context: FormContext, prefill: Mapping[str, Any]) -> FormContext:
    """Return the context with the prefilled values that are no fields as names for expressions."""
    return replace(context, names={**context.names, **extra_names(form, prefill)})


def open_form(
    form: Form,
    context: FormContext,
    *,
    prefill: Mapping[str, Any] | None = None,
    draft: Mapping[str, Any] | None = None,
) -> FormView:
    """Return the form for its first showing, or with the draft where it was left."""
    given = prefill or {}
    return present(form, merge(form, given, draft), {}, surroundings(form, context, given))


def receive(
    form: Form,
    texts: Texts,
    files: Files | None,
    context: FormContext,
    *,
    prefill: Mapping[str, Any] | None = None,
    draft: Mapping[str, Any] | None = None,
    store: Store | None = None,
) -> Received:
    """Read a POST, do what its button asks and, on `submit`, check everything.

    `store` keeps an upload and returns its file value; it is called only for files of an accepted
    ending and size. Nothing raises for anything a browser can send.
    """
    given = prefill or {}
    known = surroundings(form, context, given)
    sent = parse(form, texts, files, known, draft)
    if store is not None:
        _keep_uploads(form, sent.values, sent.uploads, store)
    values = merge(form, given, sent.values)
    problems = dict(sent.problems)
    if sent.unknown:
        names = "、".join(sent.unknown[:5])
        problems.setdefault("", T("页面带来了表单里没有的内容：{names}", names=names))
    values = apply(form, values, sent.action)
    validated = validate(form, values, known) if sent.action.kind == "submit" else None
    return Received(form, known, sent.action, values, problems, validated)


def accept(form: Form, values: Mapping[str, Any], context: FormContext, prefill: Mapping[str, Any]) -> Values:
    """Return what is to be stored of values from any source; raises `InvalidInput` with the fields.

    This is the engine's check inside the step: it trusts nothing but its own prefill.
    """
    known = surroundings(form, context, prefill)
    validated = validate(form, merge(form, prefill, values), known)
    if validated.errors:
        raise InvalidInput(T("有 {n} 处需要修改", n=len(validated.errors)), fields=validated.errors)
    return validated.values


def _keep_uploads(form: Form, values: Values, uploads: Mapping[str, list[Upload]], store: Store) -> None:
    """Store each upload and put it where its field is."""
    for path, offered in uploads.items():
        components, holder = form.components, values
        parts = split(path)
        while len(parts) > 1:
            component = _named(components, str(parts[0]))
            components, holder = component.components, holder[component.key][int(parts[1])]
            parts = parts[2:]
        component = _named(components, str(parts[0]))
        kept = [dict(store(path, upload)) for upload in offered]
        old = holder.get(component.key)
        holder[component.key] = [*(old or []), *kept] if component.multiple else kept[-1]


def _named(components: tuple[Component, ...], key: str) -> Component:
    return next(
        c for c in value_components(components) if c.key == key and (c.components or c.type == FILE_TYPE)
    )
