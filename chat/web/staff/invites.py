"""Invitations, for the server's owner and admins: make a link, see what became of each, take one back."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from chat import invites, rooms
from chat.actor import Actor
from chat.errors import not_found
from chat.web import current, leave, limits
from chat.web.blueprint import web
from chat.web.forms import InviteForm


@web.get("/invites")
@current.staff
def invites_page(actor: Actor) -> ResponseReturnValue:
    return show(actor, InviteForm(formdata=None))


@web.post("/invites")
@current.staff
def create_invite(actor: Actor) -> ResponseReturnValue:
    """Shows the link in the answer itself: it is nowhere to be had again."""
    form = InviteForm()
    offer_rooms(form, actor)

    def create() -> Response:
        limits.attempt("token")
        secret = invites.create(
            current.store(), actor, days=form.days.data, uses=form.uses.data, room_id=form.room.data or None
        )
        return show(actor, InviteForm(formdata=None), link=leave.public("web.invite", token=secret))

    return form.carry_out(create) or show(actor, form)


@web.post("/invites/<int:invite_id>/revoke")
@current.staff
def revoke_invite(actor: Actor, invite_id: int) -> ResponseReturnValue:
    if invite_id >= 2**53:
        raise not_found("There is no such invite link.")
    invites.revoke(current.store(), actor, invite_id)
    flash(gettext("The invitation no longer works."))
    return leave.to("web.invites_page")


def show(actor: Actor, form: InviteForm, **more: Any) -> Response:
    offer_rooms(form, actor)
    listing = invites.listing(current.store(), actor)
    page = render_template("invites.html", actor=actor, form=form, invitations=listing, **more)
    return make_response(page, form.status)


def offer_rooms(form: InviteForm, actor: Actor) -> None:
    """The rooms that the actor is in: an invitation can lead into these only."""
    with current.store().read() as conn:
        mine = [room for room in rooms.of_user(conn, actor.user) if room.kind in ("public", "private")]
    named = [SelectChoice(str(room.id), f"#{room.name}") for room in mine if not room.archived]
    form.room.choices = [SelectChoice("0", gettext("The server only")), *named]
