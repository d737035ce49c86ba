"""The demo on one machine: acting as a sample person, and moving time."""

from webui.demo.views import blueprint

__all__ = ["blueprint"]
