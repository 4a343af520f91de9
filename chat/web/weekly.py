"""Hours of every week, as a form asks for them."""

from __future__ import annotations

import msgspec
from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import TimeInput

from chat.errors import bad_request
from chat.events.objects import QuietHours
from chat.web.forms import Form


class WeeklyForm(Form):
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

    def hours(self) -> QuietHours:
        """What was sent. Raises `bad_request`, with the field."""
        if not self.days.data:
            raise bad_request("Choose at least one day.", "days")
        kept = {name: self[name].data for name in ("start", "end", "days", "zone")}
        try:
            return msgspec.convert(kept, QuietHours)
        except msgspec.ValidationError as error:
            at = next((name for name in ("start", "end", "zone") if f"$.{name}" in str(error)), None)
            raise bad_request("This can't be used here.", at) from error
