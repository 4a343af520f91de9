"""Fields of forms that several pages of staff have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import NumberInput, RangeInput

from chat.web.forms import REQUIRED, Form


def number(label: Any, bounds: tuple[float, float], description: Any = "", **look: Any) -> IntegerField:
    """A whole number within bounds, with `slides` by a slider."""
    low, high = bounds
    checks = [InputRequired(_("A whole number, please.")), _within(low, high)]
    widget = RangeInput() if look.pop("slides", False) else NumberInput()
    return IntegerField(
        label,
        validators=checks,
        description=description,
        widget=widget,
        render_kw={"min": low, "max": high, "inputmode": "numeric", **look},
    )


def either(label: Any, first: tuple[str, Any], second: tuple[str, Any]) -> RadioField:
    return RadioField(label, validators=[REQUIRED], choices=[SelectChoice(*first), SelectChoice(*second)])


def _within(low: float, high: float) -> Callable[[Form, Field], None]:
    """WTForms' own rule can't compare numbers of hundreds of digits."""

    def check(form: Form, field: Field) -> None:
        if field.data is None or not low <= field.data <= high:
            raise StopValidation(gettext("From %(low)s to %(high)s, please.", low=low, high=high))

    return check
