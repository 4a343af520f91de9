"""Static files under an address that changes with their content, the import map, and what a page preloads.

`/static/~VERSION/js/app.js` may be kept for a year: the version is a hash over all static files, so that modules which
import each other relatively never mix two versions. Plain `/static/js/app.js` works too and is checked at every use.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import brotli
from flask import Flask, Response, abort, current_app, g, request, send_from_directory

from chat.web import current
from chat.web.assets import shell
from chat.web.assets.shell import ImportMap, Shell

TEXTS = (".js", ".css", ".svg", ".json", ".map")
TYPES = {".js": "text/javascript", ".css": "text/css", ".map": "application/json"}


class Assets:
    """The static files of one application, as they were when it started."""

    def __init__(self, folder: Path, prefix: str, version: str, *, join: bool) -> None:
        self.folder = folder
        self.version = version
        self.base = f"{prefix}/~{version}/"
        self.import_map = shell.import_map(self.base)
        self._join = join
        self._compressed: dict[str, bytes] = {}

    def shell(self) -> Shell:
        """What the conversation is made of. The first call reads all modules, and computes."""
        return shell.join(self.folder, self.base) if self._join else shell.single(self.folder, self.base)

    def compressed(self, name: str) -> bytes:
        """A file as gzip; made when it is first asked for, and kept."""
        if name not in self._compressed:
            made = self.made(name) if name.startswith(shell.FOLDER) else None
            self._compressed[name] = _gzip((self.folder / name).read_bytes() if made is None else made)
        return self._compressed[name]

    def pressed(self, name: str) -> bytes:
        """What is made here as brotli, which takes a second and saves a sixth; kept."""
        return _brotli(self.shell().made[name])

    def made(self, name: str) -> bytes | None:
        """What is served under a name and is no file."""
        return self.shell().made.get(name)

    def warm(self) -> None:
        """Have what the first page will ask for."""
        for name in self.shell().made:
            self.compressed(name)
            self.pressed(name)


# Kept by what is compressed, for all applications of a process.
@lru_cache(maxsize=1024)
def _gzip(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


@lru_cache(maxsize=64)
def _brotli(text: bytes) -> bytes:
    return cast(bytes, brotli.compress(text))


def init_app(app: Flask) -> None:
    folder = Path(cast(str, app.static_folder))
    join = current.settings_of(app).page_files == "joined"
    assets = Assets(folder, app.static_url_path or "/static", current.build_of(app), join=join)
    app.extensions["hubbub_assets"] = assets
    app.view_functions["static"] = serve

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"~{assets.version}/{values['filename']}"

    @app.context_processor
    def names() -> dict[str, Any]:
        return {"import_map": import_map().text}


def of_app() -> Assets:
    return cast(Assets, current_app.extensions["hubbub_assets"])


def of_conversation() -> Shell:
    """What the page of this request, which is the conversation, is made of."""
    made = current.store().offload(of_app().shell)
    g.import_map = made.import_map
    return made


def import_map() -> ImportMap:
    """That of the page of this request."""
    return cast(ImportMap, g.get("import_map", of_app().import_map))


def serve(filename: str) -> Response:
    """A static file, for a year if the address names the present version, else to be asked for again at every use."""
    assets = of_app()
    version, _, rest = filename.partition("/")
    name = rest if version.startswith("~") else filename
    if not name or any(part.startswith(".") for part in name.split("/")):
        abort(404)
    made = current.store().offload(assets.made, name) if name.startswith(shell.FOLDER) else None
    response = send_from_directory(assets.folder, name) if made is None else _answer(name, made)
    if version != f"~{assets.version}":
        response.headers["Cache-Control"] = "no-cache"
        return response
    if Path(name).suffix in TEXTS:
        _compress(assets, name, response)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def plain(path: Path) -> Response:
    """A static file under an address of its own, for whoever links to that; it is asked for again with its tag."""
    assets = of_app()
    name = path.as_posix()
    response = send_from_directory(assets.folder, name)
    _compress(assets, name, response)
    return response


def _answer(name: str, text: bytes) -> Response:
    response = Response(text, mimetype=TYPES[Path(name).suffix])
    response.set_etag(hashlib.sha256(text).hexdigest()[:20])
    return cast(Response, response.make_conditional(request))


def _compress(assets: Assets, name: str, response: Response) -> None:
    response.vary.add("Accept-Encoding")
    # A part or a "not modified" goes as it is, and so does a file too small to gain by it.
    if response.status_code != 200 or (response.content_length or 0) <= 600:
        return
    # Browsers take brotli by HTTPS only, and from their own machine.
    by = "br" if name.startswith(shell.FOLDER) and request.accept_encodings["br"] else "gzip"
    if not request.accept_encodings[by]:
        return
    response.close()
    response.direct_passthrough = False
    response.set_data(current.store().offload(assets.pressed if by == "br" else assets.compressed, name))
    response.headers["Content-Encoding"] = by
    response.headers.pop("Accept-Ranges", None)
    response.set_etag(f"{response.get_etag()[0]}-{by}")
