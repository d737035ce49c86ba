"""Functions of contexts (DMN 1.5 §10.3.4.10)."""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.run import Run
from engine.feel.values import Undefined, lift
from engine.text import T

Context = dict[str, Any]


@builtin("get value", "m:context, key:string")
def get_value(m: Context, key: str) -> Any:
    """Return the entry of that name; null when there is none."""
    return lift(m.get(key))


@builtin("get value", "m:context, keys:list")
def get_value_at(m: Context, keys: list[Any]) -> Any:
    """Return what contexts within contexts hold at the end of a way of names; null when it breaks off."""
    value: Any = m
    for key in keys:
        if not isinstance(value, dict) or not isinstance(key, str):
            return None
        value = lift(value.get(key))
    return value if keys else None


@builtin("get entries", "m:context")
def get_entries(run: Run, m: Context) -> list[Context]:
    """Return the entries as contexts of `key` and `value`."""
    run.items(len(m))
    return [{"key": key, "value": lift(value)} for key, value in m.items()]


@builtin("context", "entries:list")
def context(run: Run, entries: list[Any]) -> Context:
    """Return the context of entries that have a `key` and a `value`, each key once."""
    made: Context = {}
    run.items(len(entries))
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise Undefined(T("每一项都应有 key（文本）和 value"), "type")
        if entry["key"] in made:
            raise Undefined(T("上下文中“{name}”出现了两次", name=entry["key"]))
        made[entry["key"]] = lift(entry["value"])
    return made


@builtin("context put", "context:context, key:string, value:any")
def context_put(run: Run, context: Context, key: str, value: Any) -> Context:
    """Return the context with an entry added or replaced."""
    run.items(len(context) + 1)
    return {**context, key: value}


@builtin("context put", "context:context, keys:list, value:any")
def context_put_at(run: Run, context: Context, keys: list[Any], value: Any) -> Context:
    """Return the context with an entry added or replaced at the end of a way of names."""
    if not keys or not all(isinstance(key, str) for key in keys):
        raise Undefined(T("键应为一个或多个文本"), "type")
    run.items(len(context) + 1)
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = lift(context.get(keys[0]))
    if inner is not None and not isinstance(inner, dict):
        raise Undefined(T("“{name}”不是上下文", name=keys[0]), "type")
    run.enter()
    changed = context_put_at(run, inner or {}, keys[1:], value)
    run.leave()
    return {**context, keys[0]: changed}


@builtin("context merge", "contexts:list")
def context_merge(run: Run, contexts: list[Any]) -> Context:
    """Return all entries of all contexts; later ones win."""
    made: Context = {}
    for part in contexts:
        if not isinstance(part, dict):
            raise Undefined(T("列表的各项应为上下文"), "type")
        made.update(part)
        run.items(len(made))
    return made
