"""A browser without scripts: keeps cookies, follows the forms' rules, reads pages."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    def __init__(self, app: Flask, **environ: Any) -> None:
        self.app = app
        self.client = app.test_client()
        self.environ = environ

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, environ_overrides=self.environ, buffered=True, **more)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, token: str | None = None, **more: Any
    ) -> TestResponse:
        """Send a form as a page would: with the token of this browser's session."""
        fields = {"csrf_token": token if token is not None else self.token(), **(data or {})}
        return self.client.post(path, data=fields, environ_overrides=self.environ, buffered=True, **more)

    def token(self) -> str:
        """The token that any page with a form has; this address has one for everybody."""
        found = _TOKEN.search(self.get("/no-such-page").text)
        assert found
        return unescape(found[1])

    def cookie(self, name: str = "hubbub_session") -> str | None:
        found = self.client.get_cookie(name)
        return found.value if found else None

    def signed_in(self) -> bool:
        return self.get("/settings").status_code == 200


def text(response: TestResponse) -> str:
    """What a reader sees of a page, without tags."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def without_tokens(page: str) -> str:
    return _TOKEN.sub("", page)
