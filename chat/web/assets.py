"""Static files under an address that changes with their content, the import map, and what a page preloads.

`/static/~VERSION/js/app.js` may be kept for a year: the version is a hash over all static files, so that modules which
import each other relatively never mix two versions. Plain `/static/js/app.js` works too and is checked at every use.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import posixpath
import re
from base64 import b64encode
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, abort, current_app, request, send_from_directory
from markupsafe import Markup

from chat.web import current

_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^"';()]*?["']([^"']+)["']""", re.MULTILINE)

TEXTS = (".js", ".css", ".svg", ".json")
BARE = {
    "lit": "vendor/lit/index.js",
    "lit/": "vendor/lit/",
    "lit-html": "vendor/lit-html/lit-html.js",
    "lit-html/": "vendor/lit-html/",
    "lit-element/lit-element.js": "vendor/lit-element/lit-element.js",
    "@lit/reactive-element": "vendor/@lit/reactive-element/reactive-element.js",
    "@lit/reactive-element/": "vendor/@lit/reactive-element/",
    "idb": "vendor/idb/index.js",
    "socket.io-client": "vendor/socket.io-client/socket.io.esm.min.js",
    "turndown": "vendor/turndown/turndown.browser.es.js",
    "turndown-plugin-gfm": "vendor/turndown-plugin-gfm/turndown-plugin-gfm.browser.es.js",
    "hubbub/": "js/",
}


class Assets:
    """The static files of one application, as they were when it started."""

    def __init__(self, folder: Path, prefix: str, version: str) -> None:
        self.folder = folder
        self.version = version
        self._compressed: dict[str, bytes] = {}
        self.base = f"{prefix}/~{self.version}/"
        imports = {name: self.base + path for name, path in BARE.items()}
        # The text is hashed for the security policy, so it is made once and printed as it is.
        text = json.dumps({"imports": imports}, separators=(",", ":")).replace("<", "\\u003c")
        self.import_map = Markup(text)  # noqa: S704 (ours alone, and without "<")
        digest = hashlib.sha256(self.import_map.encode()).digest()
        self.import_map_source = f"'sha256-{b64encode(digest).decode()}'"

    def compressed(self, name: str) -> bytes:
        """A file as gzip; made when it is first asked for, and kept."""
        if name not in self._compressed:
            self._compressed[name] = gzip.compress((self.folder / name).read_bytes(), mtime=0)
        return self._compressed[name]

    def modules(self, entry: str) -> list[str]:
        """What `entry` imports, directly or not, so that a page loads it all at once instead of level by level."""
        found: list[str] = []
        waiting = [entry]
        while waiting:
            name = waiting.pop(0)
            path = self.folder / name
            if name in found or not path.is_file():
                continue
            found.append(name)
            for specifier in _IMPORT.findall(path.read_text("utf-8")):
                target = _resolve(specifier, posixpath.dirname(name))
                if target:
                    waiting.append(target)
        return found[1:]


def init_app(app: Flask) -> None:
    folder = Path(cast(str, app.static_folder))
    assets = Assets(folder, app.static_url_path or "/static", current.build_of(app))
    app.extensions["hubbub_assets"] = assets
    app.view_functions["static"] = serve
    preloads = assets.modules("js/app.js")

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"~{assets.version}/{values['filename']}"

    @app.context_processor
    def names() -> dict[str, Any]:
        return {"import_map": assets.import_map, "module_preloads": preloads}


def of_app() -> Assets:
    return cast(Assets, current_app.extensions["hubbub_assets"])


def serve(filename: str) -> Response:
    """A static file, for a year if the address names the present version, else to be asked for again at every use."""
    assets = of_app()
    version, _, rest = filename.partition("/")
    versioned = version.startswith("~")
    name = rest if versioned else filename
    if not name or any(part.startswith(".") for part in name.split("/")):
        abort(404)
    if version == f"~{assets.version}":
        return _lasting(assets, name)
    response = send_from_directory(assets.folder, name)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _lasting(assets: Assets, name: str) -> Response:
    response = send_from_directory(assets.folder, name)
    if Path(name).suffix in TEXTS:
        response.vary.add("Accept-Encoding")
        # A part or a "not modified" goes as it is, and so does a file too small to gain by it.
        if request.accept_encodings["gzip"] and response.status_code == 200 and (response.content_length or 0) > 600:
            response.close()
            response.direct_passthrough = False
            response.set_data(assets.compressed(name))
            response.headers["Content-Encoding"] = "gzip"
            response.headers.pop("Accept-Ranges", None)
            response.set_etag(f"{response.get_etag()[0]}-gzip")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _resolve(specifier: str, folder: str) -> str | None:
    if specifier.startswith("."):
        return posixpath.normpath(posixpath.join(folder, specifier))
    if specifier in BARE:
        return BARE[specifier]
    for name, path in BARE.items():
        if name.endswith("/") and specifier.startswith(name):
            return path + specifier.removeprefix(name)
    return None
