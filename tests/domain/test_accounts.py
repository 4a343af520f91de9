"""Accounts: one owner, names that are unique, signing in, guests, roles."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from chat import accounts, passwords, profiles, sessions
from chat.actor import Actor
from chat.errors import ChatError
from chat.store import Store
from chat.store.outbox import EndSessions, Publish
from chat.store.tables import users
from tests.conftest import PASSWORD
from tests.domain.support import Published, refusal, together


def found(store: Store, name: str) -> Any:
    with store.read() as conn:
        return conn.execute(select(users).where(users.c.username == name)).one()


class TestTheFirst:
    def own(self, store: Store, name: str) -> Any:
        return accounts.create_owner(store, server_name="Sample", username=name, name=name, password=PASSWORD)

    @pytest.mark.parametrize("stores", [1, 3])
    @pytest.mark.parametrize("same", [True, False])
    def test_there_is_one_owner(self, make_store: Callable[..., Store], stores: int, same: bool) -> None:
        several = [make_store() for _ in range(stores)]
        assert accounts.is_empty(several[0])
        works = [partial(self.own, several[n % stores], "ada" if same else f"ada{n}") for n in range(6)]
        results = together(*works)
        assert sorted(getattr(r, "code", "made") for r in results) == ["conflict"] * 5 + ["made"]
        assert [user.role for user in accounts.everyone(several[0])] == ["owner"]
        assert not accounts.is_empty(several[0])

    def test_nothing_is_left_of_a_refused_one(self, store: Store) -> None:
        wrong = {"server_name": " ", "username": "a b", "name": "", "password": "short"}
        right = {"server_name": "Sample", "username": "ada", "name": "Ada", "password": PASSWORD}
        for field, value in wrong.items():
            work = partial(accounts.create_owner, store, **{**right, field: value})
            assert refusal(work) == ("bad_request", field)
        assert accounts.is_empty(store)
        assert store.meta("server_name") is None

    @pytest.mark.parametrize("role", ["admin", "member", "bot"])
    def test_the_first_account_is_the_owners(self, store: Store, role: Any) -> None:
        """Else the first-run page would be closed for ever, and nobody could invite anybody."""
        assert refusal(lambda: accounts.create(store, "x", role=role, password=PASSWORD)) == ("conflict", "role")
        assert accounts.is_empty(store)
        accounts.create(store, "ada", role="owner", password=PASSWORD)
        with store.read() as conn:
            assert accounts.lobby(conn) == 1
        assert accounts.create(store, "mira", role=role, password=PASSWORD).role == role


class TestNames:
    @pytest.mark.parametrize("name", ["ada", "ADA", "ａｄａ", "@ada", " ada ", "a\ufe0fda", "ada\u3164"])
    def test_a_name_is_taken_in_every_form(self, store: Store, owner: Actor, name: str) -> None:
        work = partial(accounts.create, store, name, role="member", password=None)
        assert refusal(work) == ("conflict", "username")

    def test_one_of_many_gets_it(self, make_store: Callable[..., Store], store: Store, owner: Actor) -> None:
        several = [store, make_store()]
        names = ["Mira", "mira", "MIRA", "ｍｉｒａ"] * 2
        works = [partial(accounts.create, several[n % 2], x, role="member", password=None) for n, x in enumerate(names)]
        results = together(*works)
        assert sorted(getattr(r, "code", "made") for r in results) == ["conflict"] * 7 + ["made"]

    def test_a_guest_takes_no_members_name(self, make_store: Callable[..., Store], owner: Actor) -> None:
        store = make_store(guests="on")
        assert refusal(lambda: accounts.create_guest(store, "Ada")) == ("conflict", "nickname")
        guest = accounts.create_guest(store, "Mad  Hatter")
        assert (guest.username, guest.name, guest.role) == ("Mad-Hatter", "Mad  Hatter", "guest")
        assert refusal(lambda: accounts.create_guest(store, "mad hatter")) == ("conflict", "nickname")

    @pytest.mark.parametrize("nickname", ["", " ", "...", "😀", "a\u202eb", "\u3164", "x" * 41, "a/b"])
    def test_what_is_no_nickname(self, make_store: Callable[..., Store], owner: Actor, nickname: str) -> None:
        store = make_store(guests="on")
        code, field = refusal(lambda: accounts.create_guest(store, nickname))
        assert (code in ("bad_request", "too_large"), field) == (True, "nickname")

    def test_no_guests_unless_they_are_let_in(self, store: Store, owner: Actor) -> None:
        assert refusal(lambda: accounts.create_guest(store, "Hatter"))[0] == "forbidden"

    def test_no_registration_unless_it_is_open(
        self, store: Store, make_store: Callable[..., Store], owner: Actor
    ) -> None:
        new = {"username": "mira", "name": "Mira", "password": PASSWORD}
        assert refusal(lambda: accounts.register(store, **new))[0] == "forbidden"
        assert accounts.register(make_store(registration="open"), **new).role == "member"

    @pytest.mark.parametrize(
        "name", ["", " ", "\u3164", "a\nb", "a\u202eb", "x" * 81, "\ufb2c" * 80, "a" + "\u0301" * 40]
    )
    def test_what_is_no_display_name(self, store: Store, owner: Actor, name: str) -> None:
        code, field = refusal(lambda: profiles.update_own(store, owner, name=name, about="", time_zone=None))
        assert (code in ("bad_request", "too_large"), field) == (True, "name")


class TestSigningIn:
    @pytest.mark.parametrize("name", ["ada", "ADA", "@ada", " ada ", "ａｄａ"])
    def test_with_the_right_password(self, store: Store, owner: Actor, name: str) -> None:
        assert accounts.sign_in(store, name, PASSWORD).id == owner.user

    @pytest.mark.parametrize(
        ("name", "password"),
        [
            ("ada", "wrong password"),
            ("ada", ""),
            ("ada", "\x00"),
            ("ada", "\ud800" * 9),
            ("ada", "x" * 100_000),
            ("ada", PASSWORD + " "),
            ("ada", PASSWORD.upper()),
            ("nobody", PASSWORD),
            ("", PASSWORD),
            ("a b", PASSWORD),
            ("\x00", PASSWORD),
            ("\ud800", PASSWORD),
            ("x" * 100_000, PASSWORD),
            ("' OR 1=1 --", PASSWORD),
            ("guest", PASSWORD),
            ("guest", "nobody has this password"),
            ("gone", PASSWORD),
        ],
    )
    def test_refused_alike_and_after_as_much_work(
        self, store: Store, owner: Actor, make_member: Any, monkeypatch: pytest.MonkeyPatch, name: str, password: str
    ) -> None:
        """Neither the answer nor the time tells whether there is such a name: one hash is verified in any case."""
        make_member("guest", role="guest")
        accounts.create(store, "gone", role="member", password=PASSWORD)
        store.write(
            lambda tx: tx.conn.execute(update(users).where(users.c.username == "gone").values(deactivated_at=1))
        )
        passwords._nobody()
        verified = []
        verify = passwords._hasher.verify

        def counting(*args: Any) -> bool:
            verified.append(args)
            return verify(*args)

        monkeypatch.setattr(passwords, "_hasher", type("Hasher", (), {"verify": staticmethod(counting)}))
        with pytest.raises(ChatError) as caught:
            accounts.sign_in(store, name, password)
        assert caught.value.code == "unauthenticated"
        assert caught.value.message == "This name and password don't belong together."
        assert caught.value.field is None
        assert len(verified) == 1

    def test_an_account_without_a_password_has_no_way_in(self, store: Store, owner: Actor, member: Actor) -> None:
        for password in ("", "None", "nobody has this password"):
            assert refusal(lambda p=password: accounts.sign_in(store, "mira", p))[0] == "unauthenticated"  # type: ignore[misc]


class TestPasswords:
    def test_changing_it_ends_the_other_sessions(self, store: Store, owner: Actor, published: Published) -> None:
        secrets = [sessions.open_session(store, owner.user, user_agent="x", address="y") for _ in range(3)]
        actor = sessions.actor(store, secrets[1])
        assert actor is not None
        published.effects.clear()
        accounts.set_password(store, actor, PASSWORD, "another password")
        assert [sessions.actor(store, s) is not None for s in secrets] == [False, True, False]
        (ended,) = published.of_kind(EndSessions)
        assert (len(ended.sessions), ended.tokens, ended.reason) == (2, (), "revoked")
        assert accounts.sign_in(store, "ada", "another password").id == owner.user
        assert refusal(lambda: accounts.sign_in(store, "ada", PASSWORD))[0] == "unauthenticated"

    def test_the_old_one_must_be_known(self, store: Store, owner: Actor, member: Actor) -> None:
        assert refusal(lambda: accounts.set_password(store, owner, "wrong password", PASSWORD)) == ("forbidden", "old")
        # Who has none, has none to know.
        assert refusal(lambda: accounts.set_password(store, member, "", PASSWORD)) == ("forbidden", "old")
        assert refusal(lambda: accounts.set_password(store, owner, PASSWORD, "short")) == ("bad_request", "new")

    def test_a_reset_ends_all_sessions(self, store: Store, owner: Actor) -> None:
        secret = sessions.open_session(store, owner.user, user_agent="x", address="y")
        accounts.reset_password(store, owner.user, "another password")
        assert sessions.actor(store, secret) is None
        assert accounts.sign_in(store, "ada", "another password").id == owner.user


class TestRoles:
    def test_the_last_owner_stays_one(self, store: Store, owner: Actor, member: Actor) -> None:
        assert refusal(lambda: accounts.set_role(store, owner.user, "admin")) == ("conflict", "role")
        accounts.set_role(store, owner.user, "owner")
        accounts.set_role(store, member.user, "owner")
        accounts.set_role(store, owner.user, "member")
        assert refusal(lambda: accounts.set_role(store, member.user, "member"))[0] == "conflict"

    def test_a_new_role_ends_sessions_and_is_told(
        self, store: Store, owner: Actor, member: Actor, published: Published
    ) -> None:
        secret = sessions.open_session(store, member.user, user_agent="x", address="y")
        accounts.set_role(store, member.user, "admin")
        assert sessions.actor(store, secret) is None
        assert {fact.user.role for fact in published.facts("user_changed")} == {"admin"}


class TestProfile:
    def test_a_new_name_is_told_to_whom_it_concerns(self, store: Store, owner: Actor, published: Published) -> None:
        profiles.update_own(store, owner, name=" Ada L. ", about="", time_zone=None)
        assert {fact.user.name for fact in published.facts("user_changed")} == {"Ada L."}
        assert [effect.channel for effect in published.of_kind(Publish)] == [("user:1", "room:1")]
        assert found(store, "ada").name_key == "ada l."

    @pytest.mark.parametrize(("language", "theme"), [(None, "auto"), ("en", "dark"), ("zh-Hans", "light")])
    def test_preferences(self, store: Store, owner: Actor, language: str | None, theme: str) -> None:
        accounts.set_preferences(store, owner, language=language, theme=theme)
        row = found(store, "ada")
        assert (row.language, row.theme) == (language, theme)

    def test_other_preferences_are_refused(self, store: Store, owner: Actor) -> None:
        assert refusal(lambda: accounts.set_preferences(store, owner, language="xx", theme="auto"))[1] == "language"
        assert refusal(lambda: accounts.set_preferences(store, owner, language=None, theme="pink"))[1] == "theme"


def test_an_unknown_name_on_the_command_line(store: Store, owner: Actor) -> None:
    assert accounts.by_username(store, "@ADA").user == owner.user
    for name in ("nobody", "", "\x00", "a b"):
        assert refusal(lambda n=name: accounts.by_username(store, n)) == ("not_found", "username")  # type: ignore[misc]
