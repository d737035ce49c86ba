"""A host for tests: expressions are Python over the visible names, services are callables."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from engine import correlation
from engine.errors import ElementFailed
from engine.spiff.port import CorrelationKey, Element

FUNCTIONS = {"len": len, "range": lambda n: list(range(n)), "sum": sum, "sorted": sorted}


@cache
def compiled(text: str) -> Any:
    return compile(text.strip().removeprefix("="), "expression", "eval")


class Names(dict[str, Any]):
    """Unknown names are None, as in FEEL."""

    def __missing__(self, name: str) -> Any:
        return FUNCTIONS.get(name)


class ScriptedHost:
    """Answers from Python expressions; `calls` lists the services called, in order."""

    def __init__(self, services: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self.services = dict(services or {})
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.evaluations = 0
        self.stores: dict[str, Any] = {}

    def evaluate(self, expression: str, names: Mapping[str, Any], *, element: Element) -> Any:
        self.evaluations += 1
        try:
            return eval(compiled(expression), {"__builtins__": {}}, Names(names))
        except Exception as error:
            raise ElementFailed("expression", f"{expression}: {error}", element=element.id) from error

    def condition(self, expression: str, names: Mapping[str, Any], *, element: Element, flow: str) -> bool:
        answer = self.evaluate(expression, names, element=element)
        if not isinstance(answer, bool):
            raise ElementFailed("condition", f"{expression} is {answer}", element=element.id)
        return answer

    def retrieve(self, key: CorrelationKey, payload: Mapping[str, Any]) -> dict[str, Any] | None:
        return correlation.retrieve(key, payload)

    def timer(self, kind: str, text: str, names: Mapping[str, Any], *, element: Element) -> dict[str, Any]:
        if text.startswith("R"):
            return {"due": text, "remaining": int(text[1])}
        if text == "broken":
            raise ElementFailed("timer", "broken", element=element.id)
        return {"due": text}

    def reads(self, text: str, *, script: bool = False) -> frozenset[str]:
        known: set[str] = set()
        found: set[str] = set()
        for line in filter(None, map(str.strip, text.splitlines())):
            name, _, expression = line.partition("=") if script else ("", "", line)
            tree = ast.walk(ast.parse(expression.strip(), mode="eval"))
            found |= {each.id for each in tree if isinstance(each, ast.Name)} - known
            known.add(name.strip())
        return frozenset(found)

    def next_cycle(self, detail: dict[str, Any]) -> dict[str, Any] | None:
        left = detail["remaining"] - 1
        return {**detail, "remaining": left} if left else None

    def stored(self, store: str) -> Any:
        return self.stores.get(store)

    def store(self, store: str, value: Any, *, element: Element, token: int) -> None:
        self.stores[store] = value

    def service(self, element: Element, names: Mapping[str, Any], *, token: int, scope: int) -> Any:
        name = element.attributes["service"]
        self.calls.append((name, dict(names)))
        return self.services[name](names)

    def decide(self, element: Element, names: Mapping[str, Any]) -> dict[str, Any]:
        name = element.attributes.get("decision")
        return {element.attributes["result"]: self.services[name](names)} if name else {}

    def assign(self, text: str, names: Mapping[str, Any], *, element: Element) -> dict[str, Any]:
        known, values = dict(names), {}
        for line in filter(None, (line.strip() for line in text.splitlines())):
            name, _, expression = line.partition("=")
            values[name.strip()] = known[name.strip()] = self.evaluate(expression, known, element=element)
        return values
