"""My settings: quiet hours, and words that call me.

What belongs to one browser alone, its script does: `static/js/pages/notifications.js`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TimeInput

from chat import silence, words
from chat.actor import Actor
from chat.errors import bad_request
from chat.events.objects import QuietHours
from chat.events.people import QuietSet, WordsSet
from chat.web import current
from chat.web.forms import Form

_BETWEEN = re.compile(r"[\n,，、;；]")
# What somebody who has not chosen yet is shown.
USUAL = QuietHours("22:00", "07:00", [1, 2, 3, 4, 5, 6, 7], "UTC")


class QuietForm(Form):
    on = BooleanField(_("Turn on quiet hours"))
    start = StringField(_("From"), widget=TimeInput())
    end = StringField(_("To"), widget=TimeInput())
    days = SelectMultipleField(
        _("On these days"),
        coerce=int,
        choices=[
            SelectChoice("1", _("Mon")),
            SelectChoice("2", _("Tue")),
            SelectChoice("3", _("Wed")),
            SelectChoice("4", _("Thu")),
            SelectChoice("5", _("Fri")),
            SelectChoice("6", _("Sat")),
            SelectChoice("7", _("Sun")),
        ],
    )
    # A browser may know its place under an older name than those offered.
    zone = SelectField(_("Time zone"), validate_choice=False)

    def offer_zones(self, zones: list[tuple[str, str]]) -> None:
        kept = self.zone.data
        more = [] if not kept or any(name == kept for name, _label in zones) else [(kept, kept)]
        self.zone.choices = [SelectChoice(name, label) for name, label in (*zones, *more)]


class WordsForm(Form):
    words = TextAreaField(
        _("Words or phrases"),
        description=_("Up to 20, one a line or with commas between them. Nobody else sees them."),
        render_kw={"rows": 3, "autocapitalize": "none", "spellcheck": "false"},
    )


def form(actor: Actor, zone: str | None) -> QuietForm:
    """As things stand; who has not chosen yet is in `zone`."""
    with current.store().read() as conn:
        hours = silence.hours_of(conn, actor.user)
    shown: dict[str, Any] = msgspec.structs.asdict(hours or msgspec.structs.replace(USUAL, zone=zone or "UTC"))
    return QuietForm(formdata=None, data={"on": hours is not None, **shown})


def save(actor: Actor, sent: QuietForm) -> str:
    """What the form says, from now on; returns what to say about it. Raises `ChatError`."""
    silence.choose_hours(current.store(), actor, QuietSet(_hours(sent) if sent.on.data else None))
    return str(gettext("Your quiet hours are saved.") if sent.on.data else gettext("Quiet hours are turned off."))


def _hours(sent: QuietForm) -> QuietHours:
    if not sent.days.data:
        raise bad_request("Choose at least one day.", "days")
    kept = {name: sent[name].data for name in ("start", "end", "days", "zone")}
    try:
        return msgspec.convert(kept, QuietHours)
    except msgspec.ValidationError as error:
        at = next((name for name in ("start", "end", "zone") if f"$.{name}" in str(error)), None)
        raise bad_request("This can't be used here.", at) from error


def words_form(actor: Actor) -> WordsForm:
    """As things stand."""
    with current.store().read() as conn:
        return WordsForm(formdata=None, data={"words": "\n".join(words.of(conn, actor.user))})


def save_words(actor: Actor, sent: WordsForm) -> str:
    """What the form says, from now on; returns what to say about it. Raises `ChatError`."""
    found = [word for line in _BETWEEN.split(sent.words.data or "") if (word := line.strip())]
    words.choose(current.store(), actor, WordsSet(found))
    return str(gettext("Your words are saved.") if found else gettext("You are no longer notified for any words."))
