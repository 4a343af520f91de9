"""A web site on this machine that a message can link to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chat.demo import drawing


@contextmanager
def site(title: str, text: str, name: str) -> Iterator[str]:
    """The address of a page that says this of itself, with a picture."""
    said = {"title": title, "description": text, "site_name": name, "image": "picture.png"}
    metas = "".join(f'<meta property="og:{key}" content="{escape(value)}">' for key, value in said.items())
    pages = {
        "/": ("text/html; charset=utf-8", f"<!doctype html><head>{metas}</head>".encode()),
        "/picture.png": ("image/png", drawing.draw("harbour")),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = pages.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
