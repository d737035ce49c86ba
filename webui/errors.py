"""Errors as pages: one clear sentence, one code an operator can search, never a stack trace."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import (
    BpmnError,
    Conflict,
    ElementFailed,
    Forbidden,
    InvalidInput,
    NotFound,
    PublishRefused,
    Refused,
    StorageFull,
    UnsafeDocument,
    WuxingError,
)
from engine.text import T
from webui.identity import actor_or_none

if TYPE_CHECKING:
    from engine.directory import Actor

STATUS: dict[type[WuxingError], int] = {
    InvalidInput: 422,
    UnsafeDocument: 422,
    PublishRefused: 422,
    Conflict: 409,
    Refused: 409,
    BpmnError: 409,
    ElementFailed: 409,
    NotFound: 404,
    Forbidden: 403,
    StorageFull: 507,
}

_SENTENCES = {
    400: T("这个请求无法理解。请返回上一页重试。"),
    403: T("您没有权限做这件事。"),
    404: T("找不到这个页面，或者您无权查看它。"),
    405: T("这个地址不接受这种操作。请返回上一页重试。"),
    413: T("提交的内容太大。请减小附件后重试。"),
    429: T("尝试次数太多，请过几分钟再试。"),
}
_EXPIRED = T("页面停留太久或登录已变化，这次提交没有生效。请返回上一页、刷新后再提交。")
_FAULT = T("系统出了错，您的操作没有生效。请重试；如果还是不行，把下面的参考号告诉管理员。")

_TITLES = {
    400: T("请求无效"),
    403: T("没有权限"),
    404: T("找不到"),
    409: T("现在不能这样做"),
    413: T("内容太大"),
    422: T("填写有误"),
    429: T("请稍候"),
    500: T("系统出错"),
    507: T("磁盘已满"),
}


def status_of(error: WuxingError) -> int:
    """Return the HTTP status of one of our errors."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(
    status: int, code: str, text: T, *, reference: str = "", fields: dict[str, T] | None = None
) -> Response:
    """Return an error page, or for htmx a toast that leaves the page as it is."""
    fragment = "HX-Request" in request.headers
    template = "ui/problem_toast.html" if fragment else "problem.html"
    title = _TITLES.get(status, _TITLES[400 if status < 500 else 500])
    page = render_template(
        template, status=status, code=code, text=text, title=title, reference=reference, fields=fields or {}
    )
    response = make_response(page, status)
    if fragment:
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    return response


def show_ours(error: WuxingError) -> Response:
    """Show an error that the engine or a feature raised for the person."""
    status = status_of(error)
    if status == 500:
        return show_fault(error)
    fields = error.fields if isinstance(error, InvalidInput) else {}
    return problem(status, error.code, error.text, fields=fields)


def show_http(error: HTTPException) -> Response:
    """Show an error of the web: wrong address, too large, too often."""
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    if 300 <= status < 400:
        return make_response(error.get_response())
    return problem(status, f"http_{status}", _SENTENCES.get(status, _SENTENCES[400]))


def show_expired(_error: CSRFError) -> Response:
    """Explain a submission without a valid token."""
    return problem(400, "expired_page", _EXPIRED)


def show_fault(error: Exception) -> Response:
    """Log a fault of ours under a reference number and tell the person only that number."""
    reference = secrets.token_hex(4).upper()
    current_app.logger.error("fault %s at %s", reference, request.path, exc_info=error)
    return problem(500, "internal", _FAULT, reference=reference)


def actor_safely() -> Actor | None:
    """Return the actor for an error page; an error page must not fail on the error it reports."""
    try:
        return actor_or_none()
    except Exception:
        current_app.logger.exception("no actor for an error page")
        return None


def init_errors(app: Flask) -> None:
    """Show every error as a page."""
    app.jinja_env.globals["actor_safely"] = actor_safely
    app.register_error_handler(WuxingError, show_ours)
    app.register_error_handler(CSRFError, show_expired)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(Exception, show_fault)
