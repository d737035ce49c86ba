"""What protects every page: headers, a strict content policy, same-origin writes, limits, cookies."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect

from engine.errors import Forbidden
from engine.text import T
from webui.settings import LOOPBACK_NAMES, Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_YEAR = 365 * 24 * 3600


def from_loopback() -> bool:
    """Say whether this request was made on this very machine, not through a proxy on it."""
    forwarded = {"X-Forwarded-For", "X-Forwarded-Host", "Forwarded"} & set(request.headers.keys())
    return not forwarded and request.remote_addr in ("127.0.0.1", "::1") and _host_name() in LOOPBACK_NAMES


def _host_name() -> str:
    host = request.host
    return host[: host.index("]") + 1] if host.startswith("[") else host.partition(":")[0]


def refuse_cross_site() -> None:
    """Refuse a write that another site's page made the browser send (Fetch Metadata)."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if request.method not in _SAFE and site not in ("same-origin", "none"):
        raise Forbidden(T("这个请求来自别的网站，已拒绝。请从本系统的页面操作。"))


def refuse_foreign_host(names: tuple[str, ...]) -> None:
    """Refuse a request for another host name: a foreign name that resolves to this machine."""
    if _host_name() not in names:
        abort(400)


def add_headers(response: Response) -> Response:
    """Give every response the headers; pages of people are never kept by a cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        versioned = "v" in request.args and response.status_code == 200
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable" if versioned else "no-cache"
    elif "ETag" not in response.headers:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def configure(app: Flask, settings: Settings) -> None:
    """Set cookies, secrets and limits."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-wuxing" if settings.https else "wuxing",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=10_000,
        # A token lives as long as the session: a form left open over lunch must still be accepted.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
    )


def init_security(app: Flask, settings: Settings) -> None:
    """Refuse foreign requests before anything else and dress every response."""
    configure(app, settings)
    if settings.demo:
        app.before_request(lambda: refuse_foreign_host(LOOPBACK_NAMES))
    app.before_request(refuse_cross_site)
    app.after_request(add_headers)


def init_csrf(app: Flask) -> None:
    """Ask every write for its token; must come after the permissions, so that strangers sign in first."""
    CSRFProtect(app)
