"""The language of a request, and templates whose sentences are translated when they are compiled.

Looking a message up while a page is rendered costs more than rendering it. Every language therefore has
its own Jinja environment, in which `_("constant")` has become the translated sentence at compile time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import Flask, g, has_request_context, request
from flask.templating import Environment
from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from engine.text import T
from webui.catalogue import LANGUAGES, SOURCE, catalogue

COOKIE = "lang"


def locale() -> str:
    """Return the language of this request, Chinese when nobody chose another."""
    if not has_request_context():
        return SOURCE
    if "locale" not in g:
        chosen = request.cookies.get(COOKIE, SOURCE)
        g.locale = chosen if chosen in LANGUAGES else SOURCE
    return str(g.locale)


def translate(message: str) -> str:
    """Return a message in the language of this request."""
    return catalogue(locale()).get(message, message)


def render_text(text: T | str | None) -> str:
    """Return a text or a message in the language of this request; nothing for `None`."""
    if text is None:
        return ""
    return text.render(translate) if isinstance(text, T) else translate(text)


def gettext(message: str, **params: Any) -> str:
    """Translate and fill in; what templates call where the message is not a constant."""
    text = translate(message)
    return text.format(**params) if params else text


class FoldMessages(NodeTransformer):
    """Replaces `_("constant")` in a template's tree by the sentence of one language."""

    def __init__(self, translate_message: Callable[[str], str]) -> None:
        self._translate = translate_message

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Fold a call of `_`; with parameters it becomes `"sentence".format(…)`."""
        self.generic_visit(node)
        if not _is_message(node):
            return node
        sentence = nodes.Const(self._translate(node.args[0].value), lineno=node.lineno)  # type: ignore[attr-defined]
        if not node.kwargs:
            return sentence
        fill = nodes.Getattr(sentence, "format", "load", lineno=node.lineno)
        return nodes.Call(fill, [], node.kwargs, None, None, lineno=node.lineno)


def _is_message(node: nodes.Call) -> bool:
    return (
        isinstance(node.node, nodes.Name)
        and node.node.name == "_"
        and len(node.args) == 1
        and isinstance(node.args[0], nodes.Const)
        and node.dyn_kwargs is None
    )


class LocalizedEnvironment(Environment):
    """A Jinja environment of one language."""

    locale = SOURCE

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        messages = catalogue(self.locale)
        tree = super()._parse(source, name, filename)
        return FoldMessages(lambda message: messages.get(message, message)).visit(tree)


class LocalizedFlask(Flask):
    """Flask with one Jinja environment per language; globals, filters and loader are shared."""

    jinja_environment = LocalizedEnvironment

    @cached_property
    def jinja_environments(self) -> dict[str, LocalizedEnvironment]:
        """Return the environments by language."""
        source: Any = self.create_jinja_environment()
        source.trim_blocks = source.lstrip_blocks = True
        environments = {SOURCE: source}
        for language in LANGUAGES[1:]:
            environments[language] = source.overlay()
            environments[language].locale = language
        return environments

    @property
    def jinja_env(self) -> LocalizedEnvironment:
        """Return the environment of this request's language."""
        return self.jinja_environments[locale()]


def init_i18n(app: Flask) -> None:
    """Give templates `_`, the filter `t` and the language."""
    app.jinja_env.globals.update(_=gettext, locale=locale)
    app.jinja_env.filters["t"] = render_text
