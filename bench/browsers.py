"""People who sign in with a password, as browsers do it: the page, its hidden token, the form."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from bench.house import OWNER, PASSWORD
from bench.http import Http, Response
from bench.loop import Loop

_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')


class Browser:
    """Signs in again and again, each time as somebody new. `trouble` says what went wrong; then it has stopped."""

    def __init__(self, loop: Loop, port: int) -> None:
        self.sign_ins = 0
        self.trouble = ""
        self.on_signed_in: Callable[[], object] = self.sign_in
        self._http = Http(loop, port)
        self._http.gone = lambda: self._stop(self._http.closed)

    @property
    def fd(self) -> int:
        return self._http.fd

    def sign_in(self) -> None:
        self._http.request("GET", "/signin", self._page)

    def close(self) -> None:
        self._http.gone = None
        self._http.close()

    def _page(self, response: Response) -> None:
        found = _TOKEN.search(response.body)
        if found is None:
            self._stop(f"{response.status} instead of the form")
            return
        cookies = "; ".join(cookie.partition(";")[0] for cookie in response.headers("set-cookie"))
        form = urlencode({"csrf_token": found[1].decode(), "username": OWNER, "password": PASSWORD}).encode()
        headers = f"Cookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        self._http.request("POST", "/signin", self._answered, form, headers)

    def _answered(self, response: Response) -> None:
        if response.status not in (302, 303):
            self._stop(f"signing in was answered with {response.status}")
            return
        self.sign_ins += 1
        self.on_signed_in()

    def _stop(self, why: str) -> None:
        self.trouble = self.trouble or why
