"""Accounts in SQL for Flask-Security, without an object-relational mapper."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_security.datastore import Datastore, UserDatastore

from engine import clock
from engine.store.database import UnitOfWork
from webui.account.model import Account, Role
from webui.account.tables import account
from webui.context import engine

_COLUMNS = {"id": "id", "login": "login", "fs_uniquifier": "uniquifier", "person": "person"}


def account_of(row: Any) -> Account:
    """Return the account of a row of `account`."""
    return Account(
        id=row.id,
        person=row.person,
        login=row.login,
        password=row.password,
        active=bool(row.active),
        fs_uniquifier=row.uniquifier,
        failures=row.failures,
        locked_until=row.locked_until,
    )


def find_account(uow: UnitOfWork, **by: Any) -> Account | None:
    """Return the account with this `id`, `login`, `fs_uniquifier` or `person`."""
    ((name, value),) = by.items()
    row = uow.execute(sa.select(account).where(account.c[_COLUMNS[name]] == value)).first()
    return None if row is None else account_of(row)


def add_account(uow: UnitOfWork, person: int, login: str, password_hash: str) -> int:
    """Enter an account for a person and return its id."""
    values = {
        "person": person,
        "login": login,
        "password": password_hash,
        "uniquifier": secrets.token_hex(32),
        "created_at": clock.now(),
    }
    found: int = uow.execute(sa.insert(account).values(values).returning(account.c.id)).scalar_one()
    return found


def set_password(uow: UnitOfWork, account_id: int, password_hash: str) -> None:
    """Replace the password; the failures of whoever guessed at the old one are forgotten."""
    uow.execute(
        sa.update(account)
        .where(account.c.id == account_id)
        .values(password=password_hash, failures=0, locked_until=None, active=True)
    )


def count_failure(found: Account) -> None:
    """Keep the counter of failures."""
    with engine().database.write() as uow:
        uow.execute(
            sa.update(account)
            .where(account.c.id == found.id)
            .values(failures=found.failures, locked_until=found.locked_until)
        )


def note_sign_in(uow: UnitOfWork, account_id: int) -> None:
    """Forget earlier failures and remember when the account was last used."""
    uow.execute(
        sa.update(account)
        .where(account.c.id == account_id)
        .values(failures=0, locked_until=None, signed_in_at=clock.now())
    )


def accounts_of(uow: UnitOfWork, people: Sequence[int]) -> dict[int, Account]:
    """Return the accounts of people by person."""
    rows = uow.execute(sa.select(account).where(account.c.person.in_(people)))
    return {row.person: account_of(row) for row in rows}


def close_account(uow: UnitOfWork, account_id: int) -> None:
    """Close an account: nobody can sign in with it until a new invitation opens it again."""
    uow.execute(sa.update(account).where(account.c.id == account_id).values(active=False))


class AccountDatastore(Datastore, UserDatastore):
    """What Flask-Security asks of a store; changes are written at once, in transactions of their own."""

    def __init__(self) -> None:
        Datastore.__init__(self, None)
        UserDatastore.__init__(self, Account, Role)

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Account | None:
        """Return the account with the one attribute given."""
        with engine().database.read() as uow:
            return find_account(uow, **by)

    def find_role(self, role: str) -> None:
        """Return nothing: accounts carry no roles."""

    def put(self, model: Account) -> Account:
        """Keep a password that was hashed anew because the recipe became stronger."""
        if model.password is not None:
            with engine().database.write() as uow:
                values = {"password": model.password, "active": model.active}
                uow.execute(sa.update(account).where(account.c.id == model.id).values(values))
        return model

    def delete(self, model: Account) -> None:
        """Refuse: accounts are closed, not deleted, since history names their people."""
        raise NotImplementedError("accounts are closed, never deleted")
