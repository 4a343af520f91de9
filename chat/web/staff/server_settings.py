"""The server's settings, for its owner and admins: the place, who gets in, limits, and words that it does not take."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from chat import server_settings
from chat.actor import Actor
from chat.config import bounds
from chat.server_settings import Wanted
from chat.web import current
from chat.web.blueprint import web
from chat.web.forms import Form, PlaceForm
from chat.web.language import LANGUAGES
from chat.web.staff.fields import either, number

_LINES = re.compile(r"[\n,，、;；]")


class PlaceSettingsForm(PlaceForm):
    language = SelectField(
        _("Language for newcomers"),
        choices=[SelectChoice(*one) for one in LANGUAGES.items()],
        description=_("For people whose browser asks for none that this server speaks."),
    )
    accent_hue = number(
        _("Accent colour"),
        bounds("accent_hue"),
        _("Of buttons, links, and what calls people."),
        slides=True,
        data_hue="",
    )


class DoorsForm(Form):
    registration = either(
        _("Who can make an account?"),
        ("closed", _("Only people with an invite link")),
        ("open", _("Anyone who reaches this page")),
    )
    guests = either(
        _("Guests"),
        ("off", _("Everybody needs an account")),
        ("on", _("People can look in and talk under a nickname")),
    )
    invites = either(
        _("Who can let newcomers in?"),
        ("staff", _("Owners and admins, by their invite links")),
        ("members", _("All members, by their links into rooms")),
    )
    session_days = number(
        _("Stay signed in for"), bounds("session_days"), _("Days without a visit after which a browser is signed out.")
    )


class LimitsForm(Form):
    edit_minutes = number(_("Minutes in which a message can be edited"), bounds("edit_minutes"), _("0 means for ever."))
    retention_days = number(
        _("Days after which messages are deleted, with their files"),
        bounds("retention_days"),
        _("0 keeps them for ever. A room can have another number of its own."),
    )
    files = either(
        _("Files"),
        ("on", _("People can send files")),
        ("off", _("No new files; those that are here can still be read")),
    )
    files_largest_mb = number(_("Largest file, in MiB"), bounds("files_largest_mb"))
    files_account_mb = number(
        _("Files of one person together, in MiB"), bounds("files_account_mb"), _("0 means no limit.")
    )
    files_total_mb = number(_("All files together, in MiB"), bounds("files_total_mb"), _("0 means what the disk has."))
    rooms_per_user = number(_("Rooms that one person can be in"), bounds("rooms_per_user"))
    push_text = either(
        _("Notifications on people's devices"),
        ("on", _("Say what was written, sealed for the device alone")),
        ("off", _("Say only who wrote")),
    )


class VisitorsForm(Form):
    help_open = number(
        _("Conversations that may be open at once"), bounds("help_open"), _("Who comes then is asked to come back.")
    )
    help_new_per_hour = number(_("New ones from one address in an hour"), bounds("help_new_per_hour"))
    help_messages_per_minute = number(
        _("Messages that one visitor may send in a minute"), bounds("help_messages_per_minute")
    )
    help_files = either(
        _("Files of visitors"),
        ("on", _("Visitors can send files")),
        ("off", _("Only who answers them can")),
    )
    help_file_mb = number(_("Largest file, in MiB"), bounds("help_file_mb"))
    help_visitor_mb = number(_("Files of one visitor together, in MiB"), bounds("help_visitor_mb"))
    help_visitors_mb = number(_("Files of all visitors together, in MiB"), bounds("help_visitors_mb"))


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

_VISITORS = (
    "help_open",
    "help_new_per_hour",
    "help_messages_per_minute",
    "help_files",
    "help_file_mb",
    "help_visitor_mb",
    "help_visitors_mb",
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
    "visitors": _Part(
        VisitorsForm,
        lambda: _in_force(*_VISITORS),
        lambda form: Wanted(values=_values(form, _VISITORS)),
        _("The limits for visitors are saved."),
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


@web.post("/server/<any(place, doors, limits, visitors, words, announcement):part>")
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
