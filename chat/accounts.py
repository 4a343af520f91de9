"""Accounts: the owner, members, guests and bots; sign-in and profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast, get_args

from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import IntegrityError

from chat import audit, invites, passwords, people, rooms, sessions
from chat.actor import Actor
from chat.errors import ChatError, bad_request, conflict, forbidden, not_found
from chat.events.objects import User
from chat.events.values import Call, Role
from chat.sanctions import bans
from chat.store import Store, Transaction
from chat.store.schema import set_meta
from chat.store.tables import meta, users
from chat.text import clean, fold
from chat.text import username as cleaned_username
from chat.times import now

T = TypeVar("T")

LOBBY = "lobby"  # the key in `meta` of the room that every account is put into
LANGUAGES = ("en", "zh-Hans")
THEMES = ("auto", "light", "dark")


def is_empty(store: Store) -> bool:
    """Whether nobody has an account yet, so that the first-run page is open."""
    with store.read() as conn:
        return conn.scalar(select(users.c.id).limit(1)) is None


def create_owner(
    store: Store, *, server_name: str, username: str, name: str, password: str, lobby: str = "general"
) -> User:
    """The first run: names the server, makes its owner and a first room, `lobby`, that everybody will be put into.

    Raises `ChatError("conflict")` when there is an account already.
    """
    server_name = clean(server_name, "server_name", least=1, most=80)
    values = _values(store, username, name, "owner", password)

    def work(tx: Transaction) -> User:
        if tx.conn.scalar(select(func.count()).select_from(users)):
            raise conflict("This server has an owner already. Please sign in.")
        user = _insert(tx, values)
        set_meta(tx, "server_name", server_name)
        _open_lobby(tx, store, user.id, lobby)
        return user

    return _create(store, work)


def register(store: Store, *, username: str, name: str, password: str, invite: str | None = None) -> User:
    """Make a member's account: with an invite link's secret, or where registration is open.

    Raises `ChatError` (`forbidden`, `not_found` for the link, `conflict` for the name).
    """
    if invite is None and store.settings.registration != "open":
        raise forbidden("This server takes new people by invitation only.")
    values = _values(store, username, name, "member", password)

    def work(tx: Transaction) -> User:
        room = None if invite is None else invites.redeem(store, tx, invite)
        user = _insert(tx, values)
        _place(tx, store, user.id, room)
        return user

    return _create(store, work)


def create_guest(store: Store, nickname: str) -> User:
    """Let somebody in under a nickname, without a password. Raises `ChatError` (`forbidden`, `conflict`)."""
    if store.settings.guests != "on":
        raise forbidden("This server takes no guests.")
    shown = clean(nickname, "nickname", least=1, most=40)
    values = _values(store, "-".join(shown.split()), shown, "guest", None, field="nickname")

    def work(tx: Transaction) -> User:
        user = _insert(tx, values)
        _place(tx, store, user.id, None)
        return user

    return _create(store, work, field="nickname")


def become_member(
    store: Store, actor: Actor, *, password: str, username: str | None = None, invite: str | None = None
) -> None:
    """A guest keeps the name and gets a password, where registration is open or with an invite link."""
    if actor.role != "guest":
        raise _is_member()
    if invite is None and store.settings.registration != "open":
        raise forbidden("This server takes new members by invitation only. Ask for an invite link.")
    kept = passwords.hashed(store, password)
    changed: dict[str, Any] = {"role": "member", "password_hash": kept}
    if username is not None:
        shown = cleaned_username(username)
        changed |= {"username": shown, "username_key": fold(shown)}

    def work(tx: Transaction) -> None:
        room = None if invite is None else invites.redeem(store, tx, invite)
        mine = (users.c.id == actor.user) & (users.c.role == "guest")
        if tx.conn.execute(update(users).where(mine).values(changed)).rowcount == 0:
            raise _is_member()
        _place(tx, store, actor.user, room)
        people.tell_changed(tx, actor.user)

    _create(store, work)


def create(store: Store, username: str, *, name: str | None = None, role: Role, password: str | None) -> User:
    """For the command line: an account of any role. Without a password nobody can sign in to it in a browser.

    The first account must be the owner's, or the first-run page would be closed and nobody own the server.
    """
    values = _values(store, username, name or username, role, password)

    def work(tx: Transaction) -> User:
        first = tx.conn.scalar(select(users.c.id).limit(1)) is None
        if first and role != "owner":
            raise conflict("This server has no owner yet; make the owner first.", "role")
        user = _insert(tx, values)
        if first:
            _open_lobby(tx, store, user.id, "general")
        else:
            _place(tx, store, user.id, None)
        return user

    return _create(store, work)


def sign_in(store: Store, username: str, password: str) -> User:
    """Whose name and password these are.

    Raises `ChatError("unauthenticated")`, the same and after the same time for an unknown name as for a wrong
    password; `bans.Banned` for a banned account only with the right one.
    """
    with store.read() as conn:
        row = conn.execute(
            select(*people.COLUMNS, users.c.password_hash).where(
                users.c.username_key == _lookup_key(username), users.c.deactivated_at.is_(None)
            )
        ).first()
    if not passwords.matches(store, row.password_hash if row else None, password) or row is None:
        raise ChatError("unauthenticated", "This name and password don't belong together.")
    bans.require_admitted(store, row.id)
    return people.view(row)


def set_password(store: Store, actor: Actor, old: str, new: str) -> None:
    """Change the actor's own password and end all other sessions. Raises `ChatError` naming `old` or `new`."""
    with store.read() as conn:
        kept = conn.scalar(select(users.c.password_hash).where(users.c.id == actor.user))
    if not passwords.matches(store, kept, old):
        raise ChatError("forbidden", "This is not your present password.", "old")
    _keep_password(store, actor.user, passwords.hashed(store, new, "new"), keep_session=actor.session)


def reset_password(store: Store, user_id: int, new: str) -> None:
    """For the command line: set an account's password and end all its sessions."""
    _keep_password(store, user_id, passwords.hashed(store, new), keep_session=None, noted=True)


def set_role(store: Store, user_id: int, role: Role) -> None:
    """For the command line. The last owner stays one. All sessions end, so that no connection keeps the old role."""

    def work(tx: Transaction) -> None:
        owners = tx.conn.scalars(select(users.c.id).where(users.c.role == "owner")).all()
        if role != "owner" and list(owners) == [user_id]:
            raise conflict("A server needs an owner; make somebody else one first.", "role")
        tx.conn.execute(update(users).where(users.c.id == user_id).values(role=role))
        sessions.end_all(tx, user_id)
        people.tell_changed(tx, user_id)
        audit.note(tx, None, "user_role", user=user_id, role=role)

    store.write(work)


def set_preferences(store: Store, actor: Actor, *, language: str | None, theme: str) -> None:
    """The actor's language (None follows the browser) and theme."""
    if language is not None and language not in LANGUAGES:
        raise bad_request("This language is not one of those offered.", "language")
    if theme not in THEMES:
        raise bad_request("This theme is not one of those offered.", "theme")

    def work(tx: Transaction) -> None:
        tx.conn.execute(update(users).where(users.c.id == actor.user).values(language=language, theme=theme))

    store.write(work)


def everyone(store: Store) -> list[User]:
    """All accounts but visitors', for the command line."""
    query = select(*people.COLUMNS).where(users.c.role != "visitor").order_by(users.c.id)
    with store.read() as conn:
        return [people.view(row) for row in conn.execute(query)]


def by_username(store: Store, username: str) -> Actor:
    """The account of this name, to act as from the command line. Raises `ChatError("not_found")`."""
    with store.read() as conn:
        row = conn.execute(select(users).where(users.c.username_key == _lookup_key(username))).first()
    if row is None:
        raise not_found(f"There is no account named {username!r}.", "username")
    return people.actor(row)


def lobby(conn: Connection) -> int | None:
    value = conn.scalar(select(meta.c.value).where(meta.c.key == LOBBY))
    return int(value) if value else None


def _lookup_key(username: str) -> str:
    try:
        return fold(cleaned_username(username))
    except ChatError:
        return ""


def _values(
    store: Store, username: str, name: str, role: Role, password: str | None, field: str = "username"
) -> dict[str, Any]:
    shown, full = cleaned_username(username, field), clean(name, "name", least=1, most=80)
    if fold(shown) in get_args(Call):
        raise bad_request("This name calls everybody; please choose another.", field)
    return {
        "username": shown,
        "username_key": fold(shown),
        "name": full,
        "name_key": fold(full),
        "role": role,
        "password_hash": None if password is None else passwords.hashed(store, password),
        "created_at": now(),
    }


def _create(store: Store, work: Callable[[Transaction], T], field: str = "username") -> T:
    try:
        return store.write(work)
    except IntegrityError as error:
        raise conflict("This name is taken. Please choose another.", field) from error


def _is_member() -> ChatError:
    return conflict("You have an account already.")


def _insert(tx: Transaction, values: dict[str, Any]) -> User:
    user = tx.insert(users, values)
    return people.load(tx.conn, [user])[user]


def _open_lobby(tx: Transaction, store: Store, owner: int, name: str) -> None:
    room = rooms.insert(tx, owner, name, "public")
    set_meta(tx, LOBBY, str(room))
    rooms.add_members(tx, room, [owner], store.settings.rooms_per_user, role="owner")


def _place(tx: Transaction, store: Store, user: int, room: int | None) -> None:
    """Nobody arrives in an empty place: into the first room, and into the one that the invite led to."""
    for target in {lobby(tx.conn), room} - {None}:
        found = cast(int, target)
        # A guest who is banned from a room may still become a member of the server.
        if not rooms.shut_out(tx.conn, found, [user]):
            rooms.add_members(tx, found, [user], store.settings.rooms_per_user)


def _keep_password(store: Store, user_id: int, kept: str, keep_session: int | None, noted: bool = False) -> None:
    def work(tx: Transaction) -> None:
        tx.conn.execute(update(users).where(users.c.id == user_id).values(password_hash=kept))
        sessions.end_all(tx, user_id, keep=keep_session)
        if noted:
            audit.note(tx, None, "user_password", user=user_id)

    store.write(work)
