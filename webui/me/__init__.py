"""What belongs to the person at the screen: language, theme and the page about oneself."""

from webui.me.views import blueprint

__all__ = ["blueprint"]
