"""What holds for anything a browser or a program can send."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.catalog import library
from forms.filling import receive
from forms.merging import merge
from forms.present import present
from forms.schema import ROWS_TYPE, Component, value_components
from forms.validate import validate
from tests.forms.samples import PREFILL, TYPED
from tests.forms.world import DEPARTMENTS, PEOPLE, TASKS, context, render

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
IDS = library().ids()

nasty = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "NaN",
        "-0",
        "1e999",
        "9" * 400,
        "true",
        "31",
        "2026-02-30",
        "24:00",
        "是",
        "=1+1",
        "{}",
        "<script>",
        "中" * 3000,
        "²",
        "٣",
    ]
)
anything = nasty | st.text(max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=8,
)


def names_of(components: tuple[Component, ...], prefix: str = "") -> list[str]:
    """List names a page of these components has, those of the first two rows of each list too."""
    found = []
    for component in value_components(components):
        path = f"{prefix}{component.key}"
        found += [path, f"{path}-_shown"]
        if component.type == ROWS_TYPE:
            for number in (0, 1):
                found += names_of(component.components, f"{path}-{number}-")
    return found


@st.composite
def posts(draw):
    form_id = draw(st.sampled_from(IDS))
    names = st.sampled_from(names_of(library().get(form_id).components)) | anything
    actions = (
        st.sampled_from(
            ["submit", "save", "refresh", "add:tasks", "del:tasks:0", "up:goal:1", "drop:files:31"]
        )
        | anything
    )
    pairs = draw(st.lists(st.tuples(names, anything), max_size=25))
    return form_id, MultiDict([("_do", draw(actions)), *pairs])


@quick
@given(posts())
def test_no_page_makes_it_raise_and_everything_can_be_shown_and_kept(post):
    form_id, texts = post
    form, given_values = library().get(form_id), PREFILL.get(form_id, {})
    received = receive(form, texts, None, context(), prefill=given_values)
    json.dumps(received.draft, ensure_ascii=False).encode("utf-8")
    render(received.view())
    if received.ok:
        json.dumps(received.validated.values, ensure_ascii=False).encode("utf-8")


@quick
@given(st.sampled_from(IDS), st.data())
def test_no_values_of_a_program_make_it_raise_and_none_of_a_wrong_kind_are_stored(form_id, data):
    form = library().get(form_id)
    keys = st.sampled_from([component.key for component in form.fields()]) | anything
    values = data.draw(st.dictionaries(keys, json_values, max_size=8))
    judged = validate(form, merge(form, PREFILL.get(form_id, {}), values), context())
    known = {component.key for component in form.fields()}
    if set(values) - known:
        assert "" in judged.errors
    if judged.ok:
        json.dumps(judged.values, allow_nan=False, ensure_ascii=False).encode("utf-8")
    present(form, merge(form, {}, values), judged.errors, context())


def right(component: Component) -> st.SearchStrategy:
    """Make values that a component must accept."""
    words = st.text(alphabet="中文字母abc 。", min_size=6, max_size=20).map(
        lambda text: f"完成{text.strip()}事"
    )
    return {
        "textfield": words,
        "textarea": words,
        "number": st.integers(1, 90),
        "money": st.integers(0, 10**9) | st.integers(0, 10**6).map(lambda fen: fen / 100),
        "percent": st.integers(1, 99),
        "checkbox": st.booleans(),
        "yesno": st.booleans(),
        "select": st.sampled_from([choice.value for choice in component.choices] or [None]),
        "radio": st.sampled_from([choice.value for choice in component.choices] or [None]),
        "datetime": st.just("2026-09-01" if component.subtype == "date" else "2026-09-01T10:00:00+08:00"),
        "person": st.sampled_from([option.value for option in PEOPLE]),
        "persons": st.lists(st.sampled_from([option.value for option in PEOPLE]), min_size=1, unique=True),
        "department": st.sampled_from([option.value for option in DEPARTMENTS]),
        "departments": st.lists(
            st.sampled_from([option.value for option in DEPARTMENTS]), min_size=1, unique=True
        ),
        "reference": st.sampled_from([option.value for option in TASKS]),
    }.get(component.type, st.none())


LOOSE = [
    (form_id, component)
    for form_id in IDS
    for component in library().get(form_id).fields()
    if component.typed_by_person and not component.components and "filter" not in component.properties
    and component.properties.get("source") not in ("approval_steps", "project_deliverables")
    and component.type not in ("filepicker", "signature")
]  # fmt: skip


@quick
@given(st.sampled_from(LOOSE), st.data())
def test_a_right_value_of_a_field_has_no_error_of_its_own(place, data):
    form_id, component = place
    value = data.draw(right(component))
    form = library().get(form_id)
    values = {**TYPED[form_id], component.key: value}
    errors = validate(form, merge(form, PREFILL.get(form_id, {}), values), context()).errors
    own_rules = {rule.message.message for rule in form.rules}
    said = str(errors.get(component.key, ""))
    assert said == "" or said in own_rules or component.limits.pattern, (component.key, value)


@pytest.mark.parametrize("form_id", IDS)
def test_checking_is_fast_enough_to_do_on_every_change(form_id):
    """A form of the library is read, computed and checked within 20 ms, also on a busy machine."""
    from time import perf_counter

    form, given_values = library().get(form_id), PREFILL.get(form_id, {})
    best = 1.0
    for _ in range(5):
        started = perf_counter()
        validate(form, merge(form, given_values, TYPED[form_id]), context())
        best = min(best, perf_counter() - started)
    assert best < 0.02
