"""A live instance's rows: written as they changed, read when it is not in memory."""

from __future__ import annotations

from typing import Any

from engine.spiff.port import Changes, ScopeRow, TokenRow
from engine.store.database import UnitOfWork
from engine.store.types import dump_json, load_json

_UPSERT_LIVE = (
    "insert into token (instance, id, scope, parent, spec, state, triggered, internal, locals)"
    " values (?,?,?,?,?,?,?,?,?) on conflict (instance, id) do update set scope = excluded.scope,"
    " parent = excluded.parent, state = excluded.state, triggered = excluded.triggered,"
    " internal = excluded.internal, locals = excluded.locals"
)
_UPSERT_SCOPE = (
    "insert into scope (instance, id, spec, state, extra) values (?,?,?,?,?)"
    " on conflict (instance, id) do update set state = excluded.state, extra = excluded.extra"
)
_UPSERT_VARIABLE = (
    "insert into variable (instance, scope, name, value) values (?,?,?,?)"
    " on conflict (instance, scope, name) do update set value = excluded.value"
)
_TOKENS = (
    "select id, scope, parent, spec, state, triggered, internal, locals from token"
    " where instance = ? order by id"
)
_SCOPES = "select id, spec, state, extra from scope where instance = ? order by id"
_VARIABLES = "select scope, name, value from variable where instance = ? order by scope, name"


def write(uow: UnitOfWork, instance: int, changes: Changes) -> None:
    """Write what has changed of an instance's tokens, scopes and variables."""
    uow.sql_many(
        _UPSERT_LIVE,
        [
            (
                instance,
                row.id,
                row.scope,
                row.parent,
                row.spec,
                row.state,
                bool(row.triggered),
                dump_json(row.internal),
                dump_json(row.locals),
            )
            for row in changes.tokens
        ],
    )
    uow.sql_many(
        "delete from token where instance = ? and id = ?", [(instance, gone) for gone in changes.gone_tokens]
    )
    uow.sql_many(
        _UPSERT_SCOPE,
        [(instance, row.id, row.spec, row.state, dump_json(row.extra)) for row in changes.scopes],
    )
    uow.sql_many(
        "delete from scope where instance = ? and id = ?", [(instance, gone) for gone in changes.gone_scopes]
    )
    uow.sql_many(
        _UPSERT_VARIABLE,
        [(instance, scope, name, dump_json(value)) for scope, name, value in changes.variables],
    )
    uow.sql_many(
        "delete from variable where instance = ? and scope = ? and name = ?",
        [(instance, scope, name) for scope, name in changes.gone_variables],
    )


def drop(uow: UnitOfWork, instance: int) -> None:
    """Remove the tokens and scopes of an ended instance; its history tells what they were."""
    uow.change("delete from token where instance = ?", (instance,))
    uow.change("delete from scope where instance = ?", (instance,))


def read(uow: UnitOfWork, instance: int) -> tuple[list[TokenRow], list[ScopeRow], list[tuple[int, str, Any]]]:
    """Return the rows of an instance: tokens and scopes in order of id, and variables."""
    tokens, scopes, variables = uow.rows(
        (_TOKENS, (instance,)), (_SCOPES, (instance,)), (_VARIABLES, (instance,))
    )
    return (
        [
            TokenRow(
                row[0], row[1], row[2], row[3], row[4], bool(row[5]), load_json(row[6]), load_json(row[7])
            )
            for row in tokens
        ],
        [ScopeRow(row[0], row[1], row[2], load_json(row[3])) for row in scopes],
        [(row[0], row[1], load_json(row[2])) for row in variables],
    )


def read_variables(uow: UnitOfWork, instance: int) -> list[tuple[int, str, Any]]:
    """Return all variables of an instance as (scope, name, value)."""
    (found,) = uow.rows((_VARIABLES, (instance,)))
    return [(row[0], row[1], load_json(row[2])) for row in found]
