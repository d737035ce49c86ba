"""Accounts: signing in and out, passwords, one-time links, sessions that can be ended."""

from webui.account.views import blueprint

__all__ = ["blueprint"]
