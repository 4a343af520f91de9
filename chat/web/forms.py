"""The forms: what the fields are called, and the least that must hold. The nouns hold the rules and say the errors."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any

from flask import after_this_request, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation

from chat import passwords, profiles, text
from chat.errors import ChatError
from chat.web import said
from chat.web.failures import STATUS
from chat.web.language import LANGUAGES

REQUIRED = InputRequired(_("Please fill this in."))
NAMELIKE = {"autocapitalize": "none", "spellcheck": "false", "autocorrect": "off"}


class Form(FlaskForm):
    """A form whose fields take the errors of the nouns. `CSRFProtect` has checked the token of every POST already."""

    class Meta:
        csrf = False

        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """Fields of a form, which are texts; Flask-WTF would also take JSON, where they may be anything."""
            if formdata is not None and not isinstance(formdata, MultiDict):
                return request.form if form.is_submitted() else None
            return formdata

    status = 200

    def carry_out(self, work: Callable[[], Response], names: Mapping[str, str] | None = None) -> Response | None:
        """Do `work` if the form was sent and holds, and return its response.

        Otherwise None: the page is to be shown with this form, which has the errors, and with its `status`. `names`
        says what the form calls a noun's field where the names differ.
        """
        if not self.is_submitted():
            return None
        if not self.validate():
            self.status = 400
            return None
        try:
            return work()
        except ChatError as error:
            self.refuse(error, names or {})
            return None

    def refuse(self, error: ChatError, names: Mapping[str, str]) -> None:
        """Show an error at its field, or above the form when it belongs to none of them."""
        self.status = STATUS[error.code]
        if error.retry_after:
            seconds = str(math.ceil(error.retry_after))
            after_this_request(lambda response: _with_retry_after(response, seconds))
        name = error.field or ""
        field = self._fields.get(names.get(name, name))
        if field is None:
            self.form_errors.append(said.translated(error.message))
        else:
            field.errors = [*field.errors, said.translated(error.message)]

    @property
    def wrong(self) -> list[Any]:
        """The fields with errors, in the order of the page."""
        return [field for field in self if field.errors]


def _with_retry_after(response: Response, seconds: str) -> Response:
    response.headers["Retry-After"] = seconds
    return response


def keeps(rule: Callable[[str, str], str]) -> Callable[[Form, Any], None]:
    """A validator from a noun's own rule, so that all that is wrong is said at once and not one thing at a time."""

    def check(form: Form, field: Any) -> None:
        try:
            rule(field.data or "", field.name)
        except ChatError as error:
            raise StopValidation(said.translated(error.message)) from error

    return check


def _one_line(value: str, field: str) -> str:
    return text.clean(value, field, least=1, most=80)


def _about(value: str, field: str) -> str:
    return text.clean(value, field, most=profiles.MOST_ABOUT, lines=True)


def _password(value: str, field: str) -> str:
    """What can be said before the slow hash is asked for."""
    if len(value) < passwords.LEAST:
        raise ChatError("bad_request", f"At least {passwords.LEAST} characters, please.", field)
    return value


def _line(label: Any, description: Any, autocomplete: str) -> StringField:
    return StringField(
        label,
        validators=[REQUIRED, keeps(_one_line)],
        description=description,
        render_kw={"autocomplete": autocomplete, "maxlength": 80},
    )


def _present_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": passwords.MOST},
    )


def _new_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        validators=[REQUIRED, keeps(_password)],
        description=_("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
        render_kw={"autocomplete": "new-password", "maxlength": passwords.MOST, "minlength": passwords.LEAST},
    )


class SignInForm(Form):
    username = StringField(_("Username"), validators=[REQUIRED], render_kw={"autocomplete": "username", **NAMELIKE})
    password = _present_password(_("Password"))


class PlaceForm(Form):
    server_name = _line(_("Name of this place"), _("Your team, class, club or shop."), "organization")


class AccountForm(Form):
    """A new account: at the first run, by invitation or by open registration."""

    name = _line(_("Your name"), _("As others see it, in any script."), "name")
    username = StringField(
        _("Username"),
        validators=[REQUIRED, keeps(text.username)],
        description=_("For signing in, such as mira. Letters, digits, “-”, “_” and “.”."),
        render_kw={"autocomplete": "username", "maxlength": 40, **NAMELIKE},
    )
    password = _new_password(_("Password"))


class SetupForm(PlaceForm, AccountForm):
    """The first run: the place and its owner's account."""


class GuestForm(Form):
    nickname = StringField(
        _("Nickname"),
        validators=[REQUIRED],
        description=_("As others see it. Letters, digits, spaces, “-”, “_” and “.”."),
        render_kw={"autocomplete": "nickname", "maxlength": 40, "spellcheck": "false"},
    )


class ProfileForm(Form):
    name = _line(_("Display name"), _("As others see it, in any script."), "name")
    about = TextAreaField(
        _("About you"),
        validators=[keeps(_about)],
        description=_("What you do, when you can be reached: up to 200 characters, for your card."),
        render_kw={"maxlength": profiles.MOST_ABOUT, "rows": 3},
    )
    # A browser may know its place under an older name than those offered.
    time_zone = SelectField(
        _("Time zone"),
        validate_choice=False,
        description=_("Others see on your card what time it is where you are."),
    )

    def offer_zones(self, zones: list[tuple[str, str]]) -> None:
        kept = self.time_zone.data
        more = [] if not kept or any(name == kept for name, _label in zones) else [SelectChoice(kept, kept)]
        nothing = SelectChoice("", gettext("Don't show my time"))
        self.time_zone.choices = [nothing, *itertools.starmap(SelectChoice, zones), *more]


class PasswordForm(Form):
    """Change the password; the present one proves that it is still you."""

    old = _present_password(_("Current password"))
    password = _new_password(_("New password"))


class MemberForm(Form):
    """A guest keeps the name and gets a password."""

    password = _new_password(_("Password"))


class PreferencesForm(Form):
    language = SelectField(
        _("Language"),
        choices=[SelectChoice("", _("Same as the browser")), *itertools.starmap(SelectChoice, LANGUAGES.items())],
        description=_("For this site's own texts. Messages stay as they were written."),
    )
    theme = RadioField(
        _("Theme"),
        choices=[
            SelectChoice("light", _("Light")),
            SelectChoice("dark", _("Dark")),
            SelectChoice("auto", _("As the device")),
        ],
        default="auto",
    )
    density = RadioField(
        _("Spacing"),
        choices=[SelectChoice("comfortable", _("Comfortable")), SelectChoice("compact", _("Compact"))],
        default="comfortable",
    )


class TokenForm(Form):
    name = _line(
        _("What is it for?"), _("A name that tells you later which program has it, such as “deploy bot”."), "off"
    )


class InviteForm(Form):
    days = SelectField(
        _("Works for"),
        coerce=int,
        default=7,
        choices=[
            SelectChoice("1", _("1 day")),
            SelectChoice("7", _("7 days")),
            SelectChoice("30", _("30 days")),
            SelectChoice("90", _("90 days")),
        ],
    )
    uses = SelectField(
        _("For how many people"),
        coerce=int,
        default=10,
        choices=[
            SelectChoice("1", _("1 person")),
            SelectChoice("5", _("5 people")),
            SelectChoice("10", _("10 people")),
            SelectChoice("50", _("50 people")),
            SelectChoice("500", _("500 people")),
        ],
    )
    room = SelectField(_("Joins"), coerce=int, default=0)
