"""Every form of the library: legible, translated, fillable, shown."""

from __future__ import annotations

import json
import re

import pytest

from forms.canonical import digest
from forms.catalog import LIBRARY, library
from forms.filling import accept, open_form, receive
from forms.merging import merge
from forms.reading import read
from forms.schema import walk
from tests.forms.samples import PREFILL, TYPED
from tests.forms.world import ROOT, context, page, render

IDS = library().ids()
CHINESE = re.compile(r"[一-鿿]")


def test_library_holds_the_forms_the_diagrams_name():
    assert {"f01_project_info", "f02_approval", "f03_kickoff", "f03_confirmation", "f04_nominate"} <= set(IDS)
    assert len(IDS) == 21
    assert set(TYPED) == set(IDS)


@pytest.mark.parametrize("form_id", IDS)
def test_reference_names_every_key_of_a_form(form_id):
    reference = (ROOT / "docs" / "reference" / "forms.md").read_text(encoding="utf-8")
    chapter = reference.split(f"### {form_id} ")[1].split("\n### ")[0]
    for component in library().get(form_id).walk():
        assert not component.holds_value or f"`{component.key}` " in chapter, component.key


@pytest.mark.parametrize("form_id", IDS)
def test_library_form_has_no_findings_and_its_file_its_name(form_id):
    form, findings = read((LIBRARY / f"{form_id}.json").read_bytes())
    assert findings == []
    assert form is not None
    assert form.id == form_id


@pytest.mark.parametrize("form_id", IDS)
def test_version_depends_on_content_only(form_id):
    document = json.loads((LIBRARY / f"{form_id}.json").read_text())
    shuffled = dict(reversed(document.items()))
    assert library().get(form_id).version == digest(shuffled)[:16]
    shuffled["properties"] = {**document["properties"], "title": "别的"}
    assert library().get(form_id).version != digest(shuffled)[:16]


@pytest.mark.parametrize("form_id", IDS)
def test_right_values_are_accepted(form_id):
    stored = accept(library().get(form_id), TYPED[form_id], context(), PREFILL.get(form_id, {}))
    json.dumps(stored)
    for key, value in TYPED[form_id].items():
        if not isinstance(value, (list, dict)) and key != "sign":
            assert stored[key] == value


@pytest.mark.parametrize("form_id", IDS)
def test_stored_values_are_accepted_again(form_id):
    form, prefill = library().get(form_id), PREFILL.get(form_id, {})
    stored = accept(form, TYPED[form_id], context(), prefill)
    again = {
        key: value for key, value in stored.items() if not (isinstance(value, dict) and "digest" in value)
    }
    typed_signature = {"sign": "王丽"} if form_id == "f16_certificate" else {}
    assert accept(form, {**again, **typed_signature}, context(), prefill) == stored


@pytest.mark.parametrize("form_id", IDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_page_of_form_shows_every_field_in_one_language(form_id, language):
    form, prefill = library().get(form_id), PREFILL.get(form_id, {})
    view = open_form(form, context(language), prefill=prefill, draft=TYPED[form_id])
    html = render(view, language)
    for component in walk(form.components):
        label = component.text(language)
        assert language == "zh" or not CHINESE.search(label), component.id
    assert html.count("<form") == html.count("</form>") == 1
    assert ' style="' not in html
    assert "<script" not in html
    assert f'<p class="lead form-lead">{view.description}' in html or not view.description


@pytest.mark.parametrize("form_id", IDS)
def test_empty_submission_names_what_is_missing_and_shows_the_form_again(form_id):
    received = receive(library().get(form_id), page(), None, context(), prefill=PREFILL.get(form_id, {}))
    view = received.view()
    html = render(view)
    for line in view.errors:
        assert line.target == "" or f'id="{line.target}"' in html, line


@pytest.mark.parametrize("form_id", IDS)
def test_page_can_be_sent_back_unchanged(form_id):
    """What the page holds, posted as a browser would, gives the values it was made from."""
    form, prefill = library().get(form_id), PREFILL.get(form_id, {})
    shown = merge(form, prefill, TYPED[form_id])
    html = render(open_form(form, context(), prefill=prefill, draft=TYPED[form_id]))
    received = receive(form, browser(html), None, context(), prefill=prefill, draft=TYPED[form_id])
    assert received.errors == {}
    assert accept(form, received.values, context(), prefill) == accept(form, shown, context(), prefill)


def browser(html: str):
    """Read the controls of a page as a browser does when the main button is pressed."""
    from lxml import html as reader

    root = reader.fromstring(html)
    pairs = []
    for control in root.iter("input", "select", "textarea"):
        name, kind = control.get("name"), control.get("type", "")
        if (
            name is None
            or kind == "file"
            or (kind in ("checkbox", "radio") and control.get("checked") is None)
        ):
            continue
        if control.tag == "select":
            chosen = [o for o in control.iter("option") if o.get("selected") is not None] or [
                next(control.iter("option"))
            ]
            pairs.extend((name, option.get("value")) for option in chosen)
        elif control.tag == "textarea":
            pairs.append((name, (control.text or "").removeprefix("\n")))
        else:
            pairs.append((name, control.get("value", "on")))
    return page(*[pair for pair in pairs if pair[0] != "_do"])
