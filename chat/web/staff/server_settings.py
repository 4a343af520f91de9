"""The server's settings, for its owner and admins: the place, who gets in, limits, and words that it does not take."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import Field, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import NumberInput, RangeInput

from chat import server_settings
from chat.actor import Actor
from chat.config import bounds
from chat.server_settings import Wanted
from chat.web import current
from chat.web.blueprint import web
from chat.web.forms import REQUIRED, Form, PlaceForm
from chat.web.language import LANGUAGES

_LINES = re.compile(r"[\n,，、;；]")


def _within(low: float, high: float) -> Callable[[Form, Field], None]:
    """WTForms' own rule can't compare numbers of hundreds of digits."""

    def check(form: Form, field: Field) -> None:
        if field.data is None or not low <= field.data <= high:
            raise StopValidation(gettext("From %(low)s to %(high)s, please.", low=low, high=high))

    return check


def _number(label: Any, name: str, description: Any = "", **look: Any) -> IntegerField:
    """A whole number within the setting's own bounds."""
    low, high = bounds(name)
    checks = [InputRequired(_("A whole number, please.")), _within(low, high)]
    widget = RangeInput() if look.pop("slides", False) else NumberInput()
    return IntegerField(
        label,
        validators=checks,
        description=description,
        widget=widget,
        render_kw={"min": low, "max": high, "inputmode": "numeric", **look},
    )


def _either(label: Any, first: tuple[str, Any], second: tuple[str, Any]) -> RadioField:
    return RadioField(label, validators=[REQUIRED], choices=[SelectChoice(*first), SelectChoice(*second)])


class PlaceSettingsForm(PlaceForm):
    language = SelectField(
        _("Language for newcomers"),
        choices=[SelectChoice(*one) for one in LANGUAGES.items()],
        description=_("For people whose browser asks for none that this server speaks."),
    )
    accent_hue = _number(
        _("Accent colour"), "accent_hue", _("Of buttons, links, and what calls people."), slides=True, data_hue=""
    )


class DoorsForm(Form):
    registration = _either(
        _("Who can make an account?"),
        ("closed", _("Only people with an invite link")),
        ("open", _("Anyone who reaches this page")),
    )
    guests = _either(
        _("Guests"),
        ("off", _("Everybody needs an account")),
        ("on", _("People can look in and talk under a nickname")),
    )
    invites = _either(
        _("Who can let newcomers in?"),
        ("staff", _("Owners and admins, by their invite links")),
        ("members", _("All members, by their links into rooms")),
    )
    session_days = _number(
        _("Stay signed in for"), "session_days", _("Days without a visit after which a browser is signed out.")
    )


class LimitsForm(Form):
    edit_minutes = _number(_("Minutes in which a message can be edited"), "edit_minutes", _("0 means for ever."))
    retention_days = _number(
        _("Days after which messages are deleted, with their files"),
        "retention_days",
        _("0 keeps them for ever. A room can have another number of its own."),
    )
    files = _either(
        _("Files"),
        ("on", _("People can send files")),
        ("off", _("No new files; those that are here can still be read")),
    )
    files_largest_mb = _number(_("Largest file, in MiB"), "files_largest_mb")
    files_account_mb = _number(_("Files of one person together, in MiB"), "files_account_mb", _("0 means no limit."))
    files_total_mb = _number(_("All files together, in MiB"), "files_total_mb", _("0 means what the disk has."))
    rooms_per_user = _number(_("Rooms that one person can be in"), "rooms_per_user")
    push_text = _either(
        _("Notifications on people's devices"),
        ("on", _("Say what was written, sealed for the device alone")),
        ("off", _("Say only who wrote")),
    )


class BlockedWordsForm(Form):
    blocked_words = TextAreaField(
        _("Words or phrases"),
        description=_("Up to 500, one a line or with commas between them. Upper case and accents make no difference."),
        render_kw={"rows": 5, "autocapitalize": "none", "spellcheck": "false"},
    )


class AnnouncementForm(Form):
    announcement = TextAreaField(
        _("What everybody is to know"),
        description=_("It stands above every conversation until people close it. Leave it empty to take it back."),
        render_kw={"rows": 3, "maxlength": server_settings.MOST_ANNOUNCED},
    )


@dataclass(frozen=True)
class _Part:
    """A form of the page: what stands in it now, what it asks for, and what is said when that is done."""

    form: type[Form]
    shown: Callable[[], dict[str, Any]]
    wanted: Callable[[Form], Wanted]
    done: Any


def _in_force(*fields: str) -> dict[str, Any]:
    settings = current.settings()
    return {field: getattr(settings, field) for field in fields}


def _values(form: Form, fields: Sequence[str]) -> Mapping[str, str]:
    return {field: str(form[field].data) for field in fields}


_PLACE = ("language", "accent_hue")
_DOORS = ("registration", "guests", "invites", "session_days")
_LIMITS = (
    "edit_minutes",
    "retention_days",
    "files",
    "files_largest_mb",
    "files_account_mb",
    "files_total_mb",
    "rooms_per_user",
    "push_text",
)


def _words_shown() -> dict[str, Any]:
    with current.store().read() as conn:
        return {"blocked_words": "\n".join(server_settings.read(conn).blocked_words)}


def _words_wanted(form: Form) -> Wanted:
    written = form["blocked_words"].data or ""
    return Wanted(blocked_words=[word for line in _LINES.split(written) if (word := line.strip())])


def _announced() -> dict[str, Any]:
    with current.store().read() as conn:
        said = server_settings.read(conn).announcement
    return {"announcement": said.text if said else ""}


PARTS: Mapping[str, _Part] = {
    "place": _Part(
        PlaceSettingsForm,
        lambda: {"server_name": current.server_name(), **_in_force(*_PLACE)},
        lambda form: Wanted(name=form["server_name"].data, values=_values(form, _PLACE)),
        _("The place is saved."),
    ),
    "doors": _Part(
        DoorsForm,
        lambda: _in_force(*_DOORS),
        lambda form: Wanted(values=_values(form, _DOORS)),
        _("Saved. It holds from now on."),
    ),
    "limits": _Part(
        LimitsForm,
        lambda: _in_force(*_LIMITS),
        lambda form: Wanted(values=_values(form, _LIMITS)),
        _("The limits are saved."),
    ),
    "words": _Part(
        BlockedWordsForm,
        _words_shown,
        _words_wanted,
        _("The words are saved."),
    ),
    "announcement": _Part(
        AnnouncementForm,
        _announced,
        lambda form: Wanted(announcement=(form["announcement"].data or "").strip()),
        _("Everybody is told."),
    ),
}


@web.get("/server")
@current.staff
def server_page(actor: Actor) -> ResponseReturnValue:
    return show(actor)


@web.get("/server/<part>")
@current.staff
def server_part(actor: Actor, part: str) -> ResponseReturnValue:
    """The address of a form that was shown with errors, asked for again."""
    return redirect(url_for("web.server_page"), code=303)


@web.post("/server/<any(place, doors, limits, words, announcement):part>")
@current.staff
def save_server(actor: Actor, part: str) -> ResponseReturnValue:
    about = PARTS[part]
    form = about.form()

    def save() -> Response:
        server_settings.change(current.store(), actor, about.wanted(form))
        return done(part, str(about.done))

    return form.carry_out(save) or show(actor, form.status, **{part: form})


def done(part: str, message: str) -> Response:
    """Back to the part of the page, saying that it was done."""
    flash(message, part)
    return redirect(url_for("web.server_page", _anchor=part), code=303)


def show(actor: Actor, status: int = 200, picture_error: str = "", **sent: Form) -> Response:
    """The page, with the forms in `sent` as they were sent and the others as things stand."""
    forms = {part: sent.get(part) or about.form(formdata=None, data=about.shown()) for part, about in PARTS.items()}
    return make_response(render_template("server.html", actor=actor, picture_error=picture_error, **forms), status)
