"""Browsers for the tests of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from chat import sessions
from chat.actor import Actor
from tests.web.browser import Browser


@pytest.fixture
def database_url(database_in_turns: str) -> str:
    """What differs between the databases lies below the pages, and is tested there on both."""
    return database_in_turns


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in front of an empty server."""
    return Browser(app)


@pytest.fixture
def visitor(app: Flask, owner: Actor) -> Browser:
    """A browser that is not signed in, in front of a server that has its owner."""
    return Browser(app)


@pytest.fixture
def as_user(app: Flask) -> Callable[..., Browser]:
    """A browser in which somebody is signed in."""

    def make(actor: Actor, agent: str = "", **environ: Any) -> Browser:
        browser = Browser(app, **environ)
        store = app.extensions["hubbub"].store
        secret = sessions.open_session(store, actor.user, user_agent=agent, address="192.0.2.1")
        browser.client.set_cookie("hubbub_session", secret)
        return browser

    return make
