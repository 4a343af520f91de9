"""Sessions and tokens: who holds a secret, until when, and what ends with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select, update

from chat import sessions, tokens
from chat.actor import Actor
from chat.errors import ChatError
from chat.store import Store
from chat.store.outbox import EndSessions
from chat.store.tables import sessions as session_table
from chat.store.tables import tokens as token_table
from chat.store.tables import users
from chat.times import DAY
from tests.domain.support import Published, counted, together

HOSTILE = ["", "x", "\x00", "\ud800", "x" * 100_000, "' OR 1=1 --", "中"]


class Clock:
    """A present that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_800_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sessions, "now", clock)
    monkeypatch.setattr(tokens, "now", clock)
    return clock


def begin(store: Store, actor: Actor, agent: str = "x", address: str = "y") -> str:
    return sessions.open_session(store, actor.user, user_agent=agent, address=address)


def holder(store: Store, secret: str) -> Actor:
    found = sessions.actor(store, secret)
    assert found is not None
    return found


class TestSessions:
    def test_a_secret_is_somebody(self, store: Store, owner: Actor) -> None:
        found = holder(store, begin(store, owner))
        assert (found.user, found.username, found.role, found.token) == (owner.user, "ada", "owner", None)
        assert found.session is not None

    @pytest.mark.parametrize("secret", HOSTILE)
    def test_a_made_up_secret_is_nobody(self, store: Store, owner: Actor, secret: str) -> None:
        begin(store, owner)
        assert sessions.actor(store, secret) is None

    def test_the_secret_is_not_kept(self, store: Store, owner: Actor) -> None:
        secret = begin(store, owner)
        with store.read() as conn:
            assert secret not in str(conn.execute(select(session_table)).one())

    def test_a_visit_makes_it_last(self, store: Store, owner: Actor, clock: Clock) -> None:
        secret = begin(store, owner)
        for _ in range(3):
            clock.now += 29 * DAY
            assert sessions.actor(store, secret)
        clock.now += 30 * DAY
        assert sessions.actor(store, secret) is None

    def test_its_end_is_exact(self, store: Store, owner: Actor, clock: Clock) -> None:
        secret = begin(store, owner)
        number = holder(store, secret).session
        assert number is not None
        clock.now += 30 * DAY - 1
        with store.read() as conn:
            assert sessions.living(conn, [number, 99]) == {number}
        clock.now += 1
        with store.read() as conn:
            assert sessions.living(conn, [number]) == set()
        assert sessions.actor(store, secret) is None
        assert sessions.listing(store, owner) == []

    def test_a_visit_is_noted_now_and_then(self, store: Store, owner: Actor, clock: Clock) -> None:
        secret = begin(store, owner)
        with counted(store._writer) as writes:
            for _ in range(5):
                assert sessions.actor(store, secret)
        assert writes == []
        clock.now += sessions.NOTE_EVERY + 1
        with counted(store._writer) as writes:
            for _ in range(5):
                assert sessions.actor(store, secret)
        assert len([w for w in writes if w.startswith("UPDATE")]) == 1

    def test_a_visit_does_not_raise_the_dead(self, store: Store, owner: Actor, clock: Clock) -> None:
        """The note of a visit may come after the session's end."""
        secret = begin(store, owner)
        actor = holder(store, secret)
        sessions.sign_out(store, actor)
        assert actor.session is not None
        sessions._note_visit(store, actor.session, clock.now)
        assert sessions.actor(store, secret) is None

    def test_expired_ones_go_when_somebody_signs_in(self, store: Store, owner: Actor, clock: Clock) -> None:
        for _ in range(3):
            begin(store, owner)
        clock.now += 31 * DAY
        begin(store, owner)
        with store.read() as conn:
            assert conn.scalar(select(func.count()).select_from(session_table)) == 1

    def test_the_oldest_of_too_many_ends(
        self, store: Store, owner: Actor, published: Published, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sessions, "MOST_A_USER", 3)
        secrets = [begin(store, owner) for _ in range(5)]
        assert [sessions.actor(store, s) is not None for s in secrets] == [False, False, True, True, True]
        assert [e.reason for e in published.of_kind(EndSessions)] == ["expired", "expired"]

    def test_many_sign_in_at_once(self, store: Store, owner: Actor) -> None:
        secrets = together(*(partial(begin, store, owner) for _ in range(8)))
        assert len({holder(store, secret).session for secret in secrets}) == 8

    def test_listing_and_ending(
        self, store: Store, owner: Actor, member: Actor, clock: Clock, published: Published
    ) -> None:
        secrets = []
        for number in range(3):
            clock.now += 1000
            secrets.append(begin(store, owner, f"browser {number}", "192.0.2.1"))
        me = holder(store, secrets[0])
        shown = sessions.listing(store, me)
        assert [(s.user_agent, s.current) for s in shown] == [
            ("browser 2", False),
            ("browser 1", False),
            ("browser 0", True),
        ]
        assert not sessions.end(store, member, shown[0].id), "somebody else's"
        assert not sessions.end(store, me, 999)
        assert sessions.end(store, me, shown[0].id)
        assert sessions.actor(store, secrets[2]) is None
        assert sessions.end_others(store, me) == 1
        assert sessions.actor(store, secrets[1]) is None
        sessions.sign_out(store, me)
        assert sessions.actor(store, secrets[0]) is None
        assert [e.reason for e in published.of_kind(EndSessions)] == ["revoked", "revoked", "signed_out"]

    def test_a_deactivated_account_is_nobody(self, store: Store, owner: Actor) -> None:
        secret = begin(store, owner)
        number = holder(store, secret).session
        token = tokens.create(store, owner, "x")
        store.write(lambda tx: tx.conn.execute(update(users).values(deactivated_at=1)))
        assert sessions.actor(store, secret) is None
        assert tokens.actor(store, token[1]) is None
        with store.read() as conn:
            assert sessions.living(conn, [number or 0]) == set()
            assert tokens.living(conn, [token[0]]) == set()

    @pytest.mark.parametrize("agent", ["", "\x00\n\x1b[31mred", "x" * 10_000, "\ud800", "中文浏览器"])
    def test_what_browsers_call_themselves_is_shortened_and_printable(
        self, store: Store, owner: Actor, agent: str
    ) -> None:
        begin(store, owner, agent, agent)
        (shown,) = sessions.listing(store, owner)
        assert shown.user_agent.isprintable()
        assert len(shown.user_agent) <= 300
        assert len(shown.address) <= 64


class TestTokens:
    def test_a_token_speaks_for_its_account(self, store: Store, owner: Actor) -> None:
        number, secret = tokens.create(store, owner, "deploys")
        found = tokens.actor(store, secret)
        assert found is not None
        assert (found.user, found.token, found.session) == (owner.user, number, None)
        assert secret.startswith("hub_")

    @pytest.mark.parametrize("secret", HOSTILE)
    def test_a_made_up_token_is_nobody(self, store: Store, owner: Actor, secret: str) -> None:
        tokens.create(store, owner, "x")
        assert tokens.actor(store, secret) is None

    def test_a_token_is_no_session_and_a_session_no_token(self, store: Store, owner: Actor) -> None:
        assert sessions.actor(store, tokens.create(store, owner, "x")[1]) is None
        assert tokens.actor(store, begin(store, owner)) is None

    def test_a_revoked_token_is_nobody(self, store: Store, owner: Actor, member: Actor, published: Published) -> None:
        number, secret = tokens.create(store, owner, "x")
        with pytest.raises(ChatError) as caught:
            tokens.revoke(store, member, number)
        assert caught.value.code == "not_found"
        tokens.revoke(store, owner, number)
        assert tokens.actor(store, secret) is None
        assert published.of_kind(EndSessions) == [EndSessions(tokens=(number,), reason="revoked")]
        with store.read() as conn:
            assert tokens.living(conn, [number]) == set()

    def test_guests_have_none(self, store: Store, make_member: Callable[..., Actor]) -> None:
        with pytest.raises(ChatError) as caught:
            tokens.create(store, make_member(role="guest"), "x")
        assert caught.value.code == "forbidden"

    def test_not_too_many(self, store: Store, owner: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tokens, "MOST_A_USER", 3)
        results = together(*(partial(tokens.create, store, owner, "x") for _ in range(6)))
        assert len([r for r in results if isinstance(r, tuple)]) == 3
        assert {r.code for r in results if isinstance(r, ChatError)} == {"conflict"}

    def test_its_use_is_noted_now_and_then(self, store: Store, owner: Actor, clock: Clock) -> None:
        _, secret = tokens.create(store, owner, "x")
        assert tokens.listing(store, owner)[0].last_used_at is None
        first = clock.now
        for passed in (0, 1000, tokens.NOTE_EVERY - 1000):
            clock.now += passed
            assert tokens.actor(store, secret)
        assert tokens.listing(store, owner)[0].last_used_at == first
        clock.now += 1
        assert tokens.actor(store, secret)
        assert tokens.listing(store, owner)[0].last_used_at == clock.now

    @pytest.mark.parametrize("name", ["", " ", "\n", "x" * 81, "\u202ex"])
    def test_what_is_no_label(self, store: Store, owner: Actor, name: str) -> None:
        with pytest.raises(ChatError) as caught:
            tokens.create(store, owner, name)
        assert caught.value.field == "name"

    def test_the_newest_first(self, store: Store, owner: Actor) -> None:
        made: list[Any] = [tokens.create(store, owner, f"t{n}")[0] for n in range(3)]
        assert [token.id for token in tokens.listing(store, owner)] == made[::-1]
        with store.read() as conn:
            assert conn.scalar(select(func.count()).select_from(token_table)) == 3
