"""What the conversation's page is made of: its script, its style sheets and its import map.

Joined, the first sight is a script and a style sheet. As single files it is what lies in static/, for those who work on
it, and for files that can't be joined.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import structlog
from markupsafe import Markup

from chat.web.assets import joined, styles, texts
from chat.web.assets.modules import BARE, ModuleError, Modules

log = structlog.get_logger(__name__)

ENTRY = "js/app.js"
FOLDER = "joined/"
STYLE = f"{FOLDER}conversation.css"
LATER_STYLE = f"{FOLDER}later.css"
TEXTS = "js/locales/"
FIRST_TEXTS = f"{FOLDER}locales/"
LATER_TEXTS = f"{FOLDER}locales/later/"


@dataclass(frozen=True)
class ImportMap:
    """By specifier or address, an address. The text is hashed for the security policy, so it is printed as it is."""

    imports: Mapping[str, str]

    @cached_property
    def text(self) -> Markup:
        text = json.dumps({"imports": self.imports}, separators=(",", ":")).replace("<", "\\u003c")
        return Markup(text)  # noqa: S704 (ours alone, and without "<")

    @cached_property
    def source(self) -> str:
        """As the security policy names it."""
        return f"'sha256-{b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}'"


@dataclass(frozen=True)
class Shell:
    """Names are of files below static/, or of what is in `made`."""

    import_map: ImportMap
    script: str
    preloads: list[str]
    styles: list[str]
    texts: str
    """The folder of what has the page's texts, a file a language."""
    later_styles: list[str]
    """Asked for when the conversation is to be seen."""
    later_texts: str | None = None
    """The folder of the texts that come then."""
    made: Mapping[str, bytes] = field(default_factory=dict)


@lru_cache(maxsize=4)
def single(folder: Path, base: str) -> Shell:
    return Shell(
        import_map(base),
        ENTRY,
        preloads=_preloads(Modules(folder)),
        styles=styles.sheets(styles.FIRST),
        texts=TEXTS,
        later_styles=styles.sheets(styles.LATER),
    )


@lru_cache(maxsize=4)
def join(folder: Path, base: str) -> Shell:
    """`base` is the files' address, with their version. Files that can't be joined are served as they are."""
    modules = Modules(folder)
    try:
        script = joined.join(modules, ENTRY)
        made = {joined.NAME: script.script, joined.MAP: script.source_map}
        made |= {STYLE: styles.join(folder, styles.FIRST), LATER_STYLE: styles.join(folder, styles.LATER)}
        names = [path.name for path in sorted((folder / TEXTS).glob("*.js"))]
        for name in names:
            whole = (folder / TEXTS / name).read_text("utf-8")
            made[FIRST_TEXTS + name], made[LATER_TEXTS + name] = texts.split(whole, script.script)
    except (ModuleError, OSError) as error:
        log.warning("the page's files can't be joined", why=str(error))
        return single(folder, base)
    instead = dict.fromkeys(script.leads_here, base + joined.NAME)
    instead |= {TEXTS + name: base + FIRST_TEXTS + name for name in names}
    return Shell(
        import_map(base, instead),
        joined.NAME,
        preloads=[],
        styles=[STYLE],
        texts=FIRST_TEXTS,
        later_styles=[LATER_STYLE],
        later_texts=LATER_TEXTS,
        made={name: text.encode() for name, text in made.items()},
    )


def import_map(base: str, instead: Mapping[str, str] | None = None) -> ImportMap:
    """The addresses of what modules name, with others for some of them."""
    addresses = {name: base + path for name, path in BARE.items()}
    for name, address in (instead or {}).items():
        addresses[base + name if name.startswith("js/") else name] = address
    return ImportMap(addresses)


def _preloads(modules: Modules) -> list[str]:
    """So that a page loads all modules at once instead of level by level."""
    try:
        return [module.name for module in modules.in_order(ENTRY)][:-1]
    except ModuleError as error:
        log.warning("a module of the page can't be read", why=str(error))
        return []
