"""A web site that stands on this machine, which says of itself what a test wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from threading import Event
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.answering import answering
from tests.waiting import DEADLINE


class Answer(NamedTuple):
    body: bytes
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


class WebSite:
    """`pages` by path; `came` are the paths that were asked for, in their order, `headers` those of the last one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.pages: dict[str, Answer] = {}
        self.came: list[str] = []
        self.headers: dict[str, str] = {}
        self.gates: dict[str, Event] = {}

    def page(self, path: str, title: str, *, text: str = "", picture: str = "", site: str = "") -> str:
        """Put a page there; returns its address."""
        said = {"og:title": title, "og:description": text, "og:image": picture, "og:site_name": site}
        metas = "".join(f'<meta property="{name}" content="{value}">' for name, value in said.items() if value)
        self.pages[path] = Answer(f"<!doctype html><head><title>-</title>{metas}</head><body>".encode())
        return self.url + path

    def redirect(self, path: str, to: str) -> str:
        self.pages[path] = Answer(b"elsewhere", status=302, headers={"Location": to})
        return self.url + path

    @contextmanager
    def held(self, path: str) -> Iterator[None]:
        """Who asks for it meanwhile is answered afterwards."""
        gate = self.gates[path] = Event()
        try:
            yield
        finally:
            gate.set()
            del self.gates[path]


@contextmanager
def web_site() -> Iterator[WebSite]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.came.append(self.path)
            site.headers = {name.lower(): value for name, value in self.headers.items()}
            if gate := site.gates.get(self.path):
                gate.wait(DEADLINE)
            answer = site.pages.get(self.path, Answer(b"nothing here", status=404))
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            # Who has read enough goes.
            try:
                self.wfile.write(answer.body)
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Nobody reads it."""

    with answering(Handler) as url:
        site = WebSite(url)
        yield site
