"""Language and theme of a page: the account's, else this browser's cookie, else what the browser asks for."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.wrappers import Response

from chat.web import current

Language = Literal["en", "zh-Hans"]
Theme = Literal["light", "dark", "auto"]

LANGUAGES: dict[Language, str] = {"en": "English", "zh-Hans": "简体中文"}
THEMES: tuple[Theme, ...] = ("light", "dark", "auto")
COOKIE = "hubbub_preferences"
YEAR = 365 * 86_400
CATALOGUE = Path(__file__).parent.parent / "translations" / "zh_Hans" / "LC_MESSAGES" / "messages.po"


class Catalogues(Domain):
    """Flask-Babel's domain, reading the catalogue itself: there is no compiled file that could be missing or stale."""

    def __init__(self) -> None:
        super().__init__()
        self._chinese: NullTranslations | None = None

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale is None or locale.language != "zh":
            return _NONE
        if self._chinese is None:
            compiled = io.BytesIO()
            with CATALOGUE.open("rb") as source:
                write_mo(compiled, read_po(source, locale="zh_Hans"))
            compiled.seek(0)
            self._chinese = Translations(compiled)
        return self._chinese


_NONE = NullTranslations()


def init_app(app: Flask) -> None:
    babel = Babel()
    babel.init_app(app, locale_selector=lambda: language().replace("-", "_"))
    # A cached property of Flask-Babel: what is set here is what it uses.
    babel.domain_instance = Catalogues()

    @app.context_processor
    def names() -> dict[str, Any]:
        return {"language_tag": language(), "theme": theme(), "languages": LANGUAGES, "themes": THEMES}


def language() -> Language:
    """The account's preference, else the cookie's, else the first of the browser's languages that we speak."""
    actor = current.actor_if_known()
    if actor is not None and actor.language in LANGUAGES:
        return actor.language
    chosen = preferences()[0]
    if chosen is not None:
        return chosen
    return accepted() or current.settings().language


def accepted() -> Language | None:
    """The first of the browser's languages that we speak."""
    for tag, quality in request.accept_languages:
        primary = tag.replace("_", "-").split("-")[0].lower()
        if quality > 0 and primary in ("en", "zh"):
            return "zh-Hans" if primary == "zh" else "en"
    return None


def theme() -> Theme:
    actor = current.actor_if_known()
    if actor is not None:
        return actor.theme if actor.theme in THEMES else "auto"
    return preferences()[1] or "auto"


def preferences() -> tuple[Language | None, Theme | None]:
    """What somebody who is not signed in has chosen in this browser; None where nothing was."""
    chosen, _, look = request.cookies.get(COOKIE, "").partition(".")
    return (
        chosen if chosen in LANGUAGES else None,
        look if look in THEMES else None,
    )


def remember(response: Response, chosen: Language | None, look: Theme | None) -> None:
    """Keep what was chosen in this browser, beside what had been chosen before."""
    before = preferences()
    response.set_cookie(
        COOKIE,
        f"{chosen or before[0] or ''}.{look or before[1] or ''}",
        max_age=YEAR,
        secure=current.settings().https or request.is_secure,
        httponly=True,
        samesite="Lax",
    )
