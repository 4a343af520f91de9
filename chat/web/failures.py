"""Error answers: a page for people, JSON for programs, and never a traceback."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from chat.errors import ChatError, Code
from chat.web import access, leave, said

log = structlog.get_logger(__name__)

STATUS: dict[Code, int] = {
    "bad_request": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "too_large": 413,
    "rate_limited": 429,
    "unavailable": 503,
    "internal": 500,
}
CODE: dict[int, Code] = {status: code for code, status in STATUS.items()}


def init_app(app: Flask) -> None:
    app.register_error_handler(ChatError, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, failed)


def refused(error: ChatError) -> Response:
    response = answer(STATUS[error.code], said.translated(error.message), field=error.field, error=error)
    if error.retry_after:
        response.headers["Retry-After"] = str(int(error.retry_after))
    return response


def stale_form(error: CSRFError) -> Response:
    return answer(400, gettext("This form is no longer valid. Go back, reload the page and send it again."))


def http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    response = answer(status, None)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def failed(error: Exception) -> Response:
    """Whatever nobody foresaw: the log has it under the request's id, and the id is all that leaves."""
    path = access.shown_path(request.environ.get("PATH_INFO", ""))
    log.error("request failed", method=request.method, path=path, exc_info=error)
    return answer(500, None, reference=access.number())


def answer(
    status: int,
    message: str | None,
    *,
    field: str | None = None,
    reference: str | None = None,
    error: ChatError | None = None,
) -> Response:
    title, advice = words(status)
    if leave.wants_json():
        code = CODE.get(status, "bad_request" if status < 500 else "internal")
        told: dict[str, Any] = {"code": code, "message": message or advice}
        told["retryable"] = error.retryable if error else status >= 500
        if field:
            told["field"] = field
        if error and error.retry_after is not None:
            told["retry_after"] = error.retry_after
        if reference:
            told["id"] = reference
        return make_response(jsonify(ok=False, error=told), status)
    page = render_template("error.html", status=status, heading=title, advice=message or advice, reference=reference)
    return make_response(page, status)


def words(status: int) -> tuple[str, str]:
    """What happened, and what to do now."""
    known = {
        400: (gettext("That did not work"), gettext("The request was not understood. Go back and try again.")),
        401: (gettext("You are signed out"), gettext("Please sign in and try again.")),
        403: (gettext("This is not for you"), gettext("You are not allowed to see this page.")),
        404: (
            gettext("There is nothing here"),
            gettext("The address may be mistyped, or what was here is gone or not visible to you."),
        ),
        405: (gettext("That can't be opened like this"), gettext("Go back to the start and find your way from there.")),
        409: (gettext("That is taken already"), gettext("Go back and try something else.")),
        413: (gettext("That is too large"), gettext("What was sent is larger than this server accepts.")),
        429: (gettext("Too many attempts"), gettext("Please wait a few minutes and try again.")),
        503: (gettext("Back in a moment"), gettext("The server can't answer just now. Please try again.")),
    }
    if status in known:
        return known[status]
    if status < 500:
        return known[400]
    return gettext("Something went wrong here"), gettext(
        "This is our mistake, not yours. Please try again in a moment."
    )
