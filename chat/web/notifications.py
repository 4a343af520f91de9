"""My settings: quiet hours, and words that call me.

What belongs to one browser alone, its script does: `static/js/pages/notifications.js`.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, TextAreaField

from chat import silence, words
from chat.actor import Actor
from chat.events.objects import QuietHours
from chat.events.people import QuietSet, WordsSet
from chat.web import current
from chat.web.forms import Form
from chat.web.weekly import WeeklyForm

_BETWEEN = re.compile(r"[\n,，、;；]")
# What somebody who has not chosen yet is shown.
USUAL = QuietHours("22:00", "07:00", [1, 2, 3, 4, 5, 6, 7], "UTC")


class QuietForm(WeeklyForm):
    on = BooleanField(_("Turn on quiet hours"))


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
    silence.choose_hours(current.store(), actor, QuietSet(sent.hours() if sent.on.data else None))
    return str(gettext("Your quiet hours are saved.") if sent.on.data else gettext("Quiet hours are turned off."))


def words_form(actor: Actor) -> WordsForm:
    """As things stand."""
    with current.store().read() as conn:
        return WordsForm(formdata=None, data={"words": "\n".join(words.of(conn, actor.user))})


def save_words(actor: Actor, sent: WordsForm) -> str:
    """What the form says, from now on; returns what to say about it. Raises `ChatError`."""
    found = [word for line in _BETWEEN.split(sent.words.data or "") if (word := line.strip())]
    words.choose(current.store(), actor, WordsSet(found))
    return str(gettext("Your words are saved.") if found else gettext("You are no longer notified for any words."))
