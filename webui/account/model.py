"""An account: how one person proves to be that person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask_security import RoleMixin, UserMixin

from engine import clock

FREE_FAILURES = 5
_LONGEST = timedelta(minutes=15)


class Role(RoleMixin):
    """Required by the library's contract; roles belong to people of the directory, not to accounts."""

    name: ClassVar[str] = ""


@dataclass(eq=False)
class Account(UserMixin):
    """One row of `account` under the names the library uses."""

    id: int
    person: int
    login: str
    password: str | None
    active: bool
    fs_uniquifier: str = ""
    failures: int = 0
    locked_until: datetime | None = None
    roles: tuple[Any, ...] = ()

    def track_failed_authn(self, auth_type: str, tfa: bool = False) -> None:
        """Count a failure; beyond the free ones each doubles the time the account stays closed."""
        from webui.account.datastore import count_failure

        self.failures += 1
        self.locked_until = closed_until(self.failures, clock.now())
        count_failure(self)

    def is_locked(self, errors: list[str]) -> bool:
        """Say whether too many failures keep the account closed for now, even for the right password."""
        return self.locked_until is not None and self.locked_until > clock.now()


def closed_until(failures: int, now: datetime) -> datetime | None:
    """Return until when an account stays closed: 1 minute after the fifth failure, then twice as long."""
    if failures < FREE_FAILURES:
        return None
    return now + min(_LONGEST, timedelta(minutes=2 ** min(failures - FREE_FAILURES, 10)))
