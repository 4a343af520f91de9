"""Live help, as staff set it up: the web sites with a window, how it looks, and who answers."""

from __future__ import annotations

import re

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _
from msgspec import structs
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from chat import accounts
from chat.actor import Actor
from chat.errors import not_found
from chat.events.help import HelpLook
from chat.events.objects import QuietHours
from chat.helpdesk import agents, leaving, sites
from chat.helpdesk.sites import Site
from chat.web import clocks, current, leave
from chat.web.blueprint import web
from chat.web.forms import REQUIRED, Form
from chat.web.language import LANGUAGES
from chat.web.staff.account_page import LARGEST
from chat.web.staff.fields import either, number
from chat.web.weekly import WeeklyForm

_BETWEEN = re.compile(r"[\s,，;；]+")
# What is offered to who has not chosen hours yet.
_USUAL = QuietHours("09:00", "17:00", [1, 2, 3, 4, 5], "UTC")


def _asked(label: object) -> SelectField:
    choices = {"off": _("Not asked"), "optional": _("Asked, may be left empty"), "required": _("Asked before anything")}
    return SelectField(label, choices=[SelectChoice(*one) for one in choices.items()])


class NewSiteForm(Form):
    name = StringField(
        _("Name of the web site"),
        validators=[REQUIRED],
        description=_("Visitors read it above the window."),
        render_kw={"maxlength": 80},
    )
    origins = TextAreaField(
        _("Addresses that may show the window"),
        validators=[REQUIRED],
        description=_("Such as https://www.example.com, one a line. Other web sites can't."),
        render_kw={"rows": 2, "autocapitalize": "none", "spellcheck": "false"},
    )

    def addresses(self) -> list[str]:
        return [one for one in _BETWEEN.split(self.origins.data or "") if one]


class SiteForm(NewSiteForm, WeeklyForm):
    greeting = TextAreaField(
        _("Greeting"),
        description=_("The first thing that visitors read. Empty is a greeting in their language."),
        render_kw={"rows": 2, "maxlength": 300},
    )
    away = TextAreaField(
        _("When nobody is there"),
        description=_("Shown outside of these hours, with a field for an address."),
        render_kw={"rows": 2, "maxlength": 300},
    )
    hue = number(_("Colour"), (0, 360), slides=True, data_hue="")
    side = either(_("Where the button stands"), ("right", _("At the right")), ("left", _("At the left")))
    language = SelectField(
        _("Language"),
        choices=[SelectChoice("", _("The visitor's own")), *(SelectChoice(*one) for one in LANGUAGES.items())],
    )
    ask_name = _asked(_("The visitor's name"))
    ask_email = _asked(_("The visitor's e-mail address"))
    on = BooleanField(_("Only at certain hours"))

    def look(self) -> HelpLook:
        """Raises `bad_request`."""
        hours = self.hours() if self.on.data else None
        named = {name: self[name].data for name in ("hue", "side", "language", "ask_name", "ask_email")}
        return HelpLook(self.greeting.data or "", self.away.data or "", hours=hours, **named)


class AgentForm(Form):
    username = StringField(
        _("Username"),
        validators=[REQUIRED],
        description=_("They find the conversations beside their rooms."),
        render_kw={"maxlength": 40, "autocapitalize": "none", "spellcheck": "false"},
    )


@web.get("/server/help")
@current.staff
def help_page(actor: Actor) -> ResponseReturnValue:
    return _show(actor)


@web.post("/server/help")
@current.staff
def create_help_site(actor: Actor) -> ResponseReturnValue:
    form = NewSiteForm()

    def create() -> Response:
        made = sites.create(current.store(), actor, form.name.data, form.addresses())
        # Somebody must answer; who makes a window will.
        if not _agents():
            agents.choose(current.store(), actor, actor.user)
        flash(gettext("The web site may show the window now."))
        return _to(made.id)

    return form.carry_out(create) or _show(actor, form.status, site=form)


@web.get("/server/help/<int:number>")
@current.staff
def help_site(actor: Actor, number: int) -> ResponseReturnValue:
    return _show_site(actor, _found(number))


@web.post("/server/help/<int:number>")
@current.staff
def save_help_site(actor: Actor, number: int) -> ResponseReturnValue:
    found, form = _found(number), SiteForm()
    form.offer_zones(_zones())

    def save() -> Response:
        sites.change(current.store(), actor, number, form.name.data, form.addresses(), form.look())
        flash(gettext("Saved. It holds for every window that is opened from now on."))
        return _to(number)

    return form.carry_out(save) or _show_site(actor, found, form)


@web.post("/server/help/<int:number>/<any(close, open):act>")
@current.staff
def close_help_site(actor: Actor, number: int, act: str) -> ResponseReturnValue:
    _found(number)
    sites.close(current.store(), actor, number, closed=act == "close")
    flash(gettext("The window is closed.") if act == "close" else gettext("The window is open again."))
    return _to(number)


@web.post("/server/help/agents")
@current.staff
def add_help_agent(actor: Actor) -> ResponseReturnValue:
    form = AgentForm()

    def add() -> Response:
        user = accounts.by_username(current.store(), form.username.data or "").user
        agents.choose(current.store(), actor, user)
        flash(gettext("They answer visitors from now on."), "agents")
        return redirect(url_for("web.help_page", _anchor="agents"), code=303)

    return form.carry_out(add, {"user": "username"}) or _show(actor, form.status, agent=form)


@web.post("/server/help/agents/<int:user>/remove")
@current.staff
def remove_help_agent(actor: Actor, user: int) -> ResponseReturnValue:
    if user >= LARGEST:
        raise not_found("There is nobody with this id.", "user")
    leaving.dismiss(current.store(), actor, user)
    flash(gettext("They do not answer visitors any more."), "agents")
    return redirect(url_for("web.help_page", _anchor="agents"), code=303)


def _found(number: int) -> Site:
    if number >= LARGEST:
        raise sites.no_such_site()
    return sites.by_id(current.store(), number)


def _agents() -> list[object]:
    with current.store().read() as conn:
        return list(agents.listing(conn))


def _zones() -> list[tuple[str, str]]:
    return current.store().offload_heavy(clocks.choices, str(get_locale()))


def _to(number: int) -> Response:
    return redirect(url_for("web.help_site", number=number), code=303)


def _show(actor: Actor, status: int = 200, **sent: Form) -> Response:
    sent = {"site": NewSiteForm(formdata=None), "agent": AgentForm(formdata=None), **sent}
    page = render_template(
        "help_sites.html", actor=actor, sites=sites.listing(current.store(), actor), agents=_agents(), **sent
    )
    return make_response(page, status)


def _show_site(actor: Actor, found: Site, form: SiteForm | None = None) -> Response:
    if form is None:
        look = structs.asdict(found.look)
        hours = structs.asdict(look.pop("hours") or _USUAL)
        kept = {"name": found.name, "origins": "\n".join(found.origins), "on": found.look.hours is not None}
        form = SiteForm(formdata=None, data={**look, **hours, **kept})
        form.offer_zones(_zones())
    script = f"{leave.public('web.home').rstrip('/')}/help/widget.js"
    page = render_template("help_site.html", actor=actor, found=found, form=form, script=script)
    return make_response(page, form.status)
