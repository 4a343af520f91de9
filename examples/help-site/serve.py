"""A small web site with Hubbub's help window on it: python serve.py, beside a server with the demo; see README.md."""

from __future__ import annotations

import argparse
import html
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}
# Nothing but these is served, whatever is asked for.
FILES = {f"/{path.name}": path for path in HERE.iterdir() if path.suffix in TYPES}


def handler(hubbub: str, site: str) -> type[BaseHTTPRequestHandler]:
    filled = {"{{hubbub}}": html.escape(hubbub.rstrip("/")), "{{site}}": html.escape(site)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            found = FILES.get("/index.html" if path == "/" else path)
            if found is None:
                self.send_error(404)
                return
            text = found.read_text("utf-8")
            for place, value in filled.items():
                text = text.replace(place, value)
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", TYPES[found.suffix])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hubbub", default="http://localhost:5000", help="where your Hubbub is")
    parser.add_argument("--site", default="sample", help="the key of the web site; without one, that of the demo")
    parser.add_argument("--port", type=int, default=8000)
    wanted = parser.parse_args()
    with ThreadingHTTPServer(("127.0.0.1", wanted.port), handler(wanted.hubbub, wanted.site)) as server:
        print(f"The web site is at http://localhost:{server.server_address[1]}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
