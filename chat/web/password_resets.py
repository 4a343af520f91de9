"""The link by which somebody chooses a new password."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from chat import password_resets
from chat.errors import ChatError
from chat.web import current, leave, limits
from chat.web.blueprint import web
from chat.web.forms import MemberForm


@web.route("/reset/<token>", methods=["GET", "POST"])
def reset_password(token: str) -> ResponseReturnValue:
    """Whoever has the link chooses the password of the account that it is for, and is signed in with it."""
    limits.attempt("invite")
    try:
        owner = password_resets.look(current.store(), token)
    except ChatError as error:
        if error.code != "not_found" or leave.wants_json():
            raise
        return render_template("reset_gone.html"), 404
    form = MemberForm()

    def choose() -> Response:
        user = password_resets.redeem(current.store(), token, form.password.data, current.address())
        response = leave.to("web.home")
        current.begin(user, response)
        return response

    done = form.carry_out(choose, {"new": "password"})
    return done or (render_template("reset.html", form=form, owner=owner), form.status)
