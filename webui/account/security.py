"""Flask-Security wired to our tables: argon2 hashes, and a session row behind every cookie."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import LoginForm, Security, current_user, user_authenticated
from wtforms import StringField

from engine.errors import InvalidInput
from engine.text import T
from webui.account.datastore import AccountDatastore, find_account, note_sign_in
from webui.account.model import Account
from webui.account.sessions import account_of_session, open_session
from webui.context import engine

PASSWORD_LENGTH = 10

limiter = Limiter(get_remote_address, storage_uri="memory://")


class SignInForm(LoginForm):
    """Name and password; the library checks them in the same time whether or not the name exists."""

    email = None
    login = StringField()

    def validate(self, **kwargs: Any) -> bool:
        """Look the account up by its login and let the library check the rest."""
        self.ifield = self.login
        self.login.errors = []
        with engine().database.read() as uow:
            self.user = find_account(uow, login=normal_login(self.login.data or ""))
        return bool(super().validate(**kwargs))


def normal_login(text: str) -> str:
    """Return a login as it is kept: without spaces around it, in lower case."""
    return text.strip().lower()


def hashed(password: str, again: str) -> str:
    """Return the argon2 hash of a new password typed twice; raises `InvalidInput`."""
    from flask_security import hash_password

    fields: dict[str, T] = {}
    if len(password) < PASSWORD_LENGTH:
        fields["password"] = T("密码至少 {n} 个字符", n=PASSWORD_LENGTH)
    elif password != again:
        fields["again"] = T("两次输入的密码不一样")
    if fields:
        raise InvalidInput(T("请检查密码"), fields)
    return str(hash_password(password))


def signed_in_account() -> Account | None:
    """Return the account of this request, `None` for strangers and personas."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def _load(uniquifier: str) -> Account | None:
    if request.endpoint == "static":
        return None
    found = account_of_session()
    return found if found is not None and found.fs_uniquifier == uniquifier else None


def _begin_session(_app: Flask, user: Account, **_: Any) -> None:
    with engine().database.write() as uow:
        open_session(uow, user.id)
        note_sign_in(uow, user.id)


def init_accounts(app: Flask) -> None:
    """Attach Flask-Security without its pages, and limit how often one address may try."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a recipe
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=PASSWORD_LENGTH,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"login": {"mapper": normal_login, "case_insensitive": True}}],
        SECURITY_USE_REGISTER_V2=True,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
    )
    security = Security(app, AccountDatastore(), register_blueprint=False, login_form=SignInForm)
    # A session is alive while its row is: the library's own look-up would miss that it was ended.
    security.login_manager.user_loader(_load)
    # No token in an address or a header opens anything.
    security.login_manager.request_loader(lambda _request: None)
    user_authenticated.connect(_begin_session, app, weak=False)
    limiter.init_app(app)
