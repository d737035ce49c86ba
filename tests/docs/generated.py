"""Tables of the documentation that the code itself can write; `make docs` puts them into their pages."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule as Route

import engine
import forms
import processes
import webui
from engine.bpmn.importing import TABLES
from engine.bpmn.importing.settings import Entry
from engine.bpmn.rules.chapters import all_rules
from engine.bpmn.rules.registry import Rule
from engine.bpmn.support import CONSTRUCTS
from engine.dmn.rules.chapters import all_rules as all_decision_rules
from engine.dmn.rules.registry import Rule as DecisionRule
from engine.errors import WuxingError
from engine.feel.builtins import BUILTINS
from engine.feel.builtins.meanings import MEANINGS
from engine.store.database import open_database
from engine.text import T
from processes.collaboration import people, queries, services
from tests.docs import coverage
from tests.feel.examples import examples
from webui.app import create_app
from webui.catalogue import catalogue
from webui.errors import status_of
from webui.permissions import DEMO, PUBLIC, ROLES, SIGNED_IN, declared

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *(list(row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def first_sentence(thing: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(thing) or "").splitlines()[0]


# ---------------------------------------------------------------- permissions


def routes(app: Flask) -> list[Route]:
    """Return the routes of the application by address."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(_methods(rule))))


def _methods(rule: Route) -> set[str]:
    return (rule.methods or set()) - {"HEAD", "OPTIONS"}


def permissions(app: Flask) -> str:
    """Return who may open which address."""
    roles = sorted(ROLES)
    return table(
        ("address", "method", "everybody", "signed in", *roles),
        (_permission_row(app, rule, roles) for rule in routes(app)),
    )


def _permission_row(app: Flask, rule: Route, roles: list[str]) -> list[str]:
    names = declared(app, rule.endpoint) or frozenset()
    public = "demo" if DEMO in names else "✓" if PUBLIC in names else ""
    signed_in = "✓" if names & {PUBLIC, SIGNED_IN} else "demo" if DEMO in names else ""
    allowed = [signed_in or ("✓" if role in names else "") for role in roles]
    return [f"`{rule.rule}`", " ".join(sorted(_methods(rule))), public, signed_in, *allowed]


# ---------------------------------------------------------------- errors


def error_classes() -> list[type[WuxingError]]:
    """Return every class of error, the base first; all modules are read, for subclasses know no order."""
    for room in (engine, forms, processes, webui):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return [WuxingError, *_below(WuxingError)]


def _below(kind: type[WuxingError]) -> Iterator[type[WuxingError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def errors(_app: Flask) -> str:
    """Return every error code with its class, its status and its meaning."""
    rows = [(each.code, each.__name__, _status(each), first_sentence(each)) for each in error_classes()]
    return table(
        ("code", "class", "HTTP", "meaning"), ([f"`{c}`", f"`{n}`", s, m] for c, n, s, m in sorted(rows))
    )


def _status(kind: type[WuxingError]) -> str:
    return str(status_of(kind.__new__(kind)))


# ---------------------------------------------------------------- what diagrams may call


def people_functions(_app: Flask) -> str:
    """Return the functions about people and times."""
    return _callables(people.FUNCTIONS)


def named_queries(_app: Flask) -> str:
    """Return the queries that gates ask."""
    return _callables(queries.QUERIES)


def local_services(_app: Flask) -> str:
    """Return the services of service tasks."""
    return table(
        ("service", "what it does"),
        ([f"`{name}`", first_sentence(call)] for name, call in sorted(services.SERVICES.items())),
    )


def _callables(known: Mapping[str, Callable[..., object]]) -> str:
    return table(
        ("call", "what it returns"),
        ([f"`{name}({_arguments(call)})`", first_sentence(call)] for name, call in sorted(known.items())),
    )


def _arguments(call: Callable[..., object]) -> str:
    return ", ".join(list(inspect.signature(call).parameters)[1:])


# ---------------------------------------------------------------- the gate and FEEL


def gate_rules(_app: Flask) -> str:
    """Return every rule of the gate for diagrams, in both languages."""
    return _rules(all_rules())


def decision_rules(_app: Flask) -> str:
    """Return every rule of the gate for decision models, in both languages."""
    return _rules(all_decision_rules())


def _rules(rules: Iterable[Rule | DecisionRule]) -> str:
    english = catalogue("en")
    return table(
        ("code", "severity", "rule", "source"),
        (
            [f"`{each.code}`", each.severity, _both(each.text, english), each.source]
            for each in sorted(rules, key=lambda rule: rule.code)
        ),
    )


def _both(text: T, english: Mapping[str, str]) -> str:
    """Return a sentence in Chinese and English; places that a finding fills stay in braces."""
    places = {name: f"{{{name}}}" for name in re.findall(r"{(\w+)}", text.message)} | text.params
    chinese = T(text.message, **places)
    return f"{chinese}<br>{chinese.render(lambda message: english.get(message, message))}"


def feel_functions(_app: Flask) -> str:
    """Return the built-in functions of FEEL: parameters, meaning in both languages, the first examples."""
    english = catalogue("en")
    shown = examples("functions.yaml")
    return table(
        ("function", "parameters", "meaning", "examples"),
        (
            [
                f"`{name}`",
                "<br>".join(map(str, found.overloads)),
                _both(MEANINGS[name], english),
                "<br>".join(_example(text, value) for text, value in _first(shown, name)),
            ]
            for name, found in sorted(BUILTINS.items())
        ),
    )


def _first(shown: list[tuple[str, str, object]], name: str) -> list[tuple[str, object]]:
    return [(text, value) for function, text, value in shown if function == name][:3]


def _example(text: str, value: object) -> str:
    return f"`{text}` → `{json.dumps(value, ensure_ascii=False, default=str)}`".replace("|", "\\|")


# ---------------------------------------------------------------- constructs of BPMN


def refused(_app: Flask) -> str:
    """Return every construct the gate refuses."""
    rows = ([f"`support.{each.key}`", str(each.name), each.source] for each in CONSTRUCTS)
    return table(("code", "construct", "source"), rows)


def proofs(_app: Flask) -> str:
    """Return every construct that is executed with the tests that prove it."""
    return table(("construct", "tests", "in"), coverage.table_rows())


def imported(product: str) -> Callable[[Flask], str]:
    """Return what writes the table of one product's settings and what becomes of each."""

    def render(app: Flask) -> str:
        rows = [
            (f"`{name}`", entry.becomes or _fate(entry), "" if entry.reason is None else str(entry.reason))
            for name, entry in TABLES[product].items()
        ]
        return table(("setting", "becomes", "reason"), rows)

    return render


def _fate(entry: Entry) -> str:
    return "dropped" if entry.dropped else "left to a person"


BLOCKS: dict[str, tuple[str, Callable[[Flask], str]]] = {
    "permissions": ("permissions.md", permissions),
    "errors": ("errors.md", errors),
    "functions": ("process.md", people_functions),
    "queries": ("process.md", named_queries),
    "services": ("process.md", local_services),
    "rules": ("gate.md", gate_rules),
    "decision-rules": ("dmn.md", decision_rules),
    "builtins": ("feel.md", feel_functions),
    "proofs": ("bpmn.md", proofs),
    "constructs": ("bpmn.md", refused),
    "import-camunda-7": ("import.md", imported("Camunda 7")),
    "import-camunda-8": ("import.md", imported("Camunda 8")),
    "import-spiffworkflow": ("import.md", imported("SpiffWorkflow")),
}
"""Each table by its mark: the page it stands in and what writes it."""


def application(folder: Path) -> Flask:
    """Return the application whose tables are written."""
    database = open_database(f"sqlite:///{folder / 'docs.db'}")
    database.create()
    return create_app(processes.build_engine(database))


def block(page: str, mark: str) -> str:
    """Return what a page has between the marks of a table."""
    found = re.search(rf"<!-- {mark} -->\n(.*?)\n<!-- /{mark} -->", page, re.S)
    if found is None:
        raise LookupError(f"no marks for {mark}")
    return found.group(1)


def write(app: Flask) -> None:
    """Put every table between its marks."""
    for mark, (name, render) in BLOCKS.items():
        path = REFERENCE / name
        before, after = f"<!-- {mark} -->\n", f"\n<!-- /{mark} -->"
        page = path.read_text(encoding="utf-8")
        old = before + block(page, mark) + after
        path.write_text(page.replace(old, before + render(app) + after), encoding="utf-8")
