"""The forms: what the fields are called, and the least that must hold. The nouns hold the rules and say the errors."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, StopValidation

from chat import passwords
from chat.errors import ChatError
from chat.web import said
from chat.web.language import LANGUAGES

REQUIRED = InputRequired(_("Please fill this in."))
NAMELIKE = {"autocapitalize": "none", "spellcheck": "false", "autocorrect": "off"}


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose fields take the errors of the nouns. `CSRFProtect` has checked the token of every POST already."""

    class Meta:
        csrf = False

    def refuse(self, error: ChatError) -> None:
        """Show an error at its field, or above the form when it belongs to none. Programming errors stay errors."""
        if error.code == "internal":
            raise error
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(said.translated(error.message))
        else:
            field.errors = [*field.errors, said.translated(error.message)]

    @property
    def wrong(self) -> list[Any]:
        """The fields with errors, in the order of the page."""
        return [field for field in self if field.errors]


def _new_password() -> PasswordField:
    return PasswordField(
        _("Password"),
        validators=[REQUIRED, long_enough],
        description=_("At least 8 characters. A few words in a row are easy to remember and hard to guess."),
        render_kw={"autocomplete": "new-password", "maxlength": passwords.MOST, "minlength": passwords.LEAST},
    )


def long_enough(form: Form, field: PasswordField) -> None:
    """What the page can say before the slow hash is asked for."""
    if len(field.data or "") < passwords.LEAST:
        raise StopValidation(gettext("At least %(number)s characters, please.", number=passwords.LEAST))


class SignInForm(Form):
    username = StringField(
        _("Username"), validators=[REQUIRED, Length(max=200)], render_kw={"autocomplete": "username", **NAMELIKE}
    )
    password = PasswordField(
        _("Password"),
        validators=[REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": passwords.MOST},
    )


class AccountForm(Form):
    """A new account: at the first run, by invitation or by open registration."""

    name = StringField(
        _("Your name"),
        validators=[REQUIRED],
        description=_("As others see it, in any script."),
        render_kw={"autocomplete": "name", "maxlength": 80},
    )
    username = StringField(
        _("Username"),
        validators=[REQUIRED],
        description=_("For signing in and for being mentioned, such as @mira. Letters, digits, “-”, “_” and “.”."),
        render_kw={"autocomplete": "username", "maxlength": 40, **NAMELIKE},
    )
    password = _new_password()


class SetupForm(AccountForm):
    server_name = StringField(
        _("Name of this place"),
        validators=[REQUIRED],
        description=_("Your team, class, club or shop."),
        render_kw={"autocomplete": "organization", "maxlength": 80},
    )


class GuestForm(Form):
    nickname = StringField(
        _("Nickname"),
        validators=[REQUIRED],
        description=_("As others see it. Letters, digits, “-”, “_” and “.”."),
        render_kw={"autocomplete": "nickname", "maxlength": 40, "spellcheck": "false"},
    )


class ProfileForm(Form):
    name = StringField(
        _("Display name"),
        validators=[REQUIRED],
        description=_("As others see it, in any script."),
        render_kw={"autocomplete": "name", "maxlength": 80},
    )


class PasswordForm(Form):
    """Change the password; the present one proves that it is still you."""

    old = PasswordField(
        _("Current password"),
        validators=[REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": passwords.MOST},
    )
    password = _new_password()


class MemberForm(Form):
    """A guest keeps the name and gets a password."""

    password = _new_password()


class PreferencesForm(Form):
    language = SelectField(
        _("Language"),
        choices=[("", _("As the browser asks")), *LANGUAGES.items()],
        description=_("For this site's own texts. Messages stay as they were written."),
    )
    theme = RadioField(
        _("Theme"),
        choices=[("light", _("Light")), ("dark", _("Dark")), ("auto", _("As the device"))],
        default="auto",
    )


class TokenForm(Form):
    name = StringField(
        _("What is it for?"),
        validators=[REQUIRED],
        description=_("A name that tells you later which program has it, such as “deploy bot”."),
        render_kw={"autocomplete": "off", "maxlength": 80},
    )


class InviteForm(Form):
    days = SelectField(
        _("Works for"),
        coerce=int,
        default=7,
        choices=[(1, _("1 day")), (7, _("7 days")), (30, _("30 days")), (90, _("90 days"))],
    )
    uses = SelectField(
        _("For how many people"),
        coerce=int,
        default=10,
        choices=[(1, _("1 person")), (5, _("5 people")), (10, _("10 people")), (50, _("50 people")), (500, _("500 people"))],
    )
    room = SelectField(_("Leads into"), coerce=int, default=0)
