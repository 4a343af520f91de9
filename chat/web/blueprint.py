"""The blueprint that the page modules add their routes to."""

from __future__ import annotations

from flask import Blueprint

web = Blueprint("web", __name__)
