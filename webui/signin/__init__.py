"""The door: signing in and out, joining by a one-time link, passwords and sessions."""

from webui.signin.views import blueprint

__all__ = ["blueprint"]
