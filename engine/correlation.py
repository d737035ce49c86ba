"""Correlation keys as messages carry them: values from payloads, and the texts they are matched by.

The rules by which values are taken stand in rows, one for each key and message of a published
diagram: whoever delivers a message asks all of them, whichever diagram the receiver comes from
(BPMN 2.0.2 §8.4.2).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from engine import feel
from engine.errors import WuxingError
from engine.spiff.port import CorrelationKey
from engine.spiff.program import Program
from engine.store.database import UnitOfWork
from engine.store.types import dump_json, load_json

Json = Any
Values = dict[str, Json]
SIGN = "#"
"""What the text of an address begins with; no value that a diagram correlates by itself is written so."""
EQUAL, OPEN, CLOSED = "=", "?", "-"
"""What a key is worth to who waits: a value, none yet and any will do, or none and none will do."""


def retrieve(key: CorrelationKey, payload: Mapping[str, Json]) -> Values | None:
    """Return the properties of a key that a payload carries, as JSON.

    None unless all of them have a value: only then is the key valid. An expression sees the payload
    by its names, the message by its own, and the parts of a payload that is one context.
    """
    names = _names(key, payload)
    found: Values = {}
    for property, path in key.paths:
        value = _value(path, names)
        if value is None:
            return None
        found[property] = value
    return found


def _names(key: CorrelationKey, payload: Mapping[str, Json]) -> dict[str, Json]:
    names: dict[str, Json] = {alias: dict(payload) for alias in key.aliases}
    only = next(iter(payload.values())) if len(payload) == 1 else None
    return {**names, **(only if isinstance(only, dict) else {}), **payload}


def _value(path: str, names: Mapping[str, Json]) -> Json:
    try:
        found = feel.evaluate(path, names).value
    except WuxingError:
        # The gate has seen that it parses; names of a payload with signs in them may change that.
        return None
    return None if isinstance(found, feel.Function) else feel.to_json(found)


# ---------------------------------------------------------------- addresses


class Address(NamedTuple):
    """Where a token waits for messages by a key: the rule of the key, and what it is worth there."""

    rule: str
    state: str
    digest: str = ""

    def __str__(self) -> str:
        return f"{SIGN}{self.rule}{self.state}{self.digest}"

    @classmethod
    def read(cls, text: str) -> Address | None:
        """Return the address of a text, None for a value that a diagram correlates by itself."""
        found = _WRITTEN.fullmatch(text)
        return cls(*found.groups()) if found is not None else None


_WRITTEN = re.compile(f"{SIGN}([0-9a-f]+)([{EQUAL}{OPEN}{CLOSED}])([0-9a-f]*)")


def by_value(value: Json) -> str:
    """Return the text of a value that a diagram correlates by itself; empty when there is none."""
    return "" if value is None else dump_json(value)


def exactly(rule: str, values: Values) -> Address:
    """Return where one waits whose key has these values."""
    return Address(rule, EQUAL, hashlib.sha256(dump_json(values).encode()).hexdigest()[:32])


def openly(rule: str) -> Address:
    """Return where one waits whose key has no value yet and takes any."""
    return Address(rule, OPEN)


def addresses(detail: Mapping[str, Json]) -> list[str]:
    """Return the texts of where a token waits: by each of its keys, or by its own correlation.

    Nothing comes to the address of a key that has no value and takes none.
    """
    if "keys" not in detail:
        return [by_value(detail.get("correlation"))]
    return [str(_address(each)) for each in detail["keys"]]


def _address(state: Mapping[str, Json]) -> Address:
    if state["values"] is not None:
        return exactly(state["rule"], state["values"])
    return openly(state["rule"]) if state["open"] else Address(state["rule"], CLOSED)


# ---------------------------------------------------------------- rules in rows


def register(uow: UnitOfWork, program: Program) -> None:
    """Write the rules of a program that are not known yet; messages kept until now carry their keys too."""
    for key in _keys(program):
        body = {"id": key.id, "paths": key.paths, "aliases": key.aliases}
        written = uow.sql(
            "insert into retrieval (rule, message, body) values (?,?,?) on conflict do nothing",
            (key.rule, key.message, dump_json(body)),
        )
        if written.rowcount == 1:
            _index_kept(uow, key)


def _keys(program: Program) -> Iterable[CorrelationKey]:
    return {
        key
        for spec in program.specs.values()
        for node in spec.task_specs.values()
        for trigger in node.triggers
        for key in trigger.keys
    }


def _index_kept(uow: UnitOfWork, key: CorrelationKey) -> None:
    kept = uow.sql("select id, payload from message where name = ? and state = 'kept'", (key.message,))
    for id, payload in kept.fetchall():
        values = retrieve(key, load_json(payload))
        if values is not None:
            index(uow, id, {key.rule: (key.id, values)})


def index(uow: UnitOfWork, message: int, carried: Carried) -> None:
    """Write which keys a kept message carries."""
    rows = [(message, rule, str(exactly(rule, values))) for rule, (_, values) in carried.items()]
    uow.sql_many("insert into message_key (message, rule, correlation) values (?,?,?)", rows)


Carried = Mapping[str, tuple[str, Values]]
"""What a message carries: by rule the id of the key, and its values."""


def carried(uow: UnitOfWork, name: str, payload: Mapping[str, Json]) -> Carried:
    """Return the keys that a message of this name carries, by every rule known for it."""
    found: dict[str, tuple[str, Values]] = {}
    for rule, text in uow.sql("select rule, body from retrieval where message = ?", (name,)).fetchall():
        body = load_json(text)
        paths = tuple((property, path) for property, path in body["paths"])
        key = CorrelationKey(body["id"], name, paths, tuple(body["aliases"]))
        values = retrieve(key, payload)
        if values is not None:
            found[rule] = (key.id, values)
    return found


# ---------------------------------------------------------------- kept messages


def kept_for(uow: UnitOfWork, waits: Sequence[Address], now: Json) -> int | None:
    """Return the oldest kept message for one who waits at these addresses, or None."""
    exact = {each.rule: str(each) for each in waits if each.state == EQUAL}
    loose = [each.rule for each in waits if each.state == OPEN]
    after = 0
    while found := _kept(uow, list(exact.values()), loose, after, now):
        for message in found:
            rows = uow.sql("select rule, correlation from message_key where message = ?", (message,))
            if all(exact.get(rule, address) == address for rule, address in rows.fetchall()):
                return message
        after = found[-1]
    return None


def _kept(uow: UnitOfWork, exact: list[str], loose: list[str], after: int, now: Json) -> list[int]:
    """Return some kept messages that carry one of the keys, in the order they came."""
    wanted = ["k.correlation = ?"] * len(exact) + ["k.rule = ?"] * len(loose)
    if not wanted:
        return []
    text = (
        "select distinct m.id from message m join message_key k on k.message = m.id"  # noqa: S608 - only placeholders are put in
        f" where ({' or '.join(wanted)})"
        " and m.id > ? and m.state = 'kept' and m.expires_at > ? order by m.id limit 10"
    )
    return [row[0] for row in uow.sql(text, (*exact, *loose, after, now)).fetchall()]
