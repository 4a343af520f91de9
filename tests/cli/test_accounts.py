"""`hubbub user` and `hubbub token`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chat import accounts, audit, sessions, tokens
from chat.config import Settings
from chat.errors import ChatError
from chat.events.moderation import AuditList, UserBan
from chat.sanctions import bans
from chat.store import Store
from tests.cli.conftest import Hubbub

PASSWORD = "correct horse battery"


@pytest.fixture
def store(surroundings: Path) -> Iterator[Store]:
    """The database as another process sees it."""
    store = Store(Settings.load())
    yield store
    store.close()


def said(hubbub: Hubbub, *words: str, given: str = "") -> str:
    """The line, without its beginning, of a command that is refused."""
    return hubbub(*words, given=given, code=1).stderr.removeprefix("hubbub: ").rstrip("\n")


@pytest.mark.usefixtures("with_owner")
class TestUser:
    @pytest.mark.parametrize("role", ["owner", "admin", "member"])
    def test_add(self, hubbub: Hubbub, store: Store, role: str) -> None:
        words = ["user", "add", "mira", "--role", role, "--display-name", "Mira M.", "--password-stdin"]
        assert (
            hubbub(*words, given="a long password\n").stdout
            == f"mira is now {'a' if role == 'member' else 'an'} {role}.\n"
        )
        found = accounts.sign_in(store, "mira", "a long password")
        assert (found.name, found.role) == ("Mira M.", role)

    def test_a_member_unless_told_otherwise(self, hubbub: Hubbub, store: Store) -> None:
        hubbub("user", "add", "mira", "--password-stdin", given="a long password\n")
        assert accounts.sign_in(store, "mira", "a long password").role == "member"

    def test_a_password_may_end_in_a_space_and_need_not_end_in_a_newline(self, hubbub: Hubbub, store: Store) -> None:
        hubbub("user", "add", "mira", "--password-stdin", given=" a long password ")
        accounts.sign_in(store, "mira", " a long password ")

    def test_the_password_is_asked_for_twice(self, hubbub: Hubbub, store: Store) -> None:
        result = hubbub("user", "add", "mira", given="a long password\nanother\na long password\na long password\n")
        assert "do not match" in result.output
        assert "a long password" not in result.output
        accounts.sign_in(store, "mira", "a long password")

    def test_without_an_answer_nothing_is_made(self, hubbub: Hubbub, store: Store) -> None:
        from click.testing import CliRunner

        from chat.cli import main

        assert CliRunner().invoke(main, ["user", "add", "mira"], input="").exit_code == 1
        assert len(accounts.everyone(store)) == 1

    def test_a_bot_has_no_password(self, hubbub: Hubbub, store: Store) -> None:
        assert hubbub("user", "add", "deploys", "--role", "bot").stdout == "deploys is now a bot.\n"
        assert accounts.by_username(store, "deploys").role == "bot"

    @pytest.mark.parametrize(
        ("name", "password", "line"),
        [
            ("ADA", PASSWORD, "This name is taken. Please choose another."),
            ("a b", PASSWORD, "Only letters, digits, “-”, “_” and “.” can be used."),
            ("", PASSWORD, "This can't be empty."),
            ("x" * 41, PASSWORD, "This may be at most 40 characters long."),
            ("mira", "short", "At least 8 characters, please."),
            ("mira", "", "At least 8 characters, please."),
            ("mira", "abcdefgh\x00", "This contains a control character that can't be kept."),
        ],
    )
    def test_what_is_refused(self, hubbub: Hubbub, store: Store, name: str, password: str, line: str) -> None:
        assert said(hubbub, "user", "add", name, "--password-stdin", given=f"{password}\n") == line
        assert len(accounts.everyone(store)) == 1

    @pytest.mark.parametrize("role", ["guest", "king", ""])
    def test_other_roles_are_a_wrong_use(self, hubbub: Hubbub, role: str) -> None:
        assert "Invalid value" in hubbub("user", "add", "x", "--role", role, code=2).stderr
        assert "Invalid value" in hubbub("user", "role", "ada", role, code=2).stderr

    def test_list(self, hubbub: Hubbub) -> None:
        hubbub("user", "add", "bot", "--role", "bot", "--display-name", "Böt")
        assert hubbub("user", "list").stdout == "1\tada\towner\tada\n2\tbot\tbot\tBöt\n"

    def test_passwd(self, hubbub: Hubbub, store: Store) -> None:
        secret = sessions.open_session(store, 1, user_agent="x", address="y")
        line = "ada has a new password and is signed out everywhere.\n"
        assert hubbub("user", "passwd", "@ADA", "--password-stdin", given="a new password\n").stdout == line
        accounts.sign_in(store, "ada", "a new password")
        assert sessions.actor(store, secret) is None
        assert (
            said(hubbub, "user", "passwd", "ada", "--password-stdin", given="short\n")
            == "At least 8 characters, please."
        )
        assert (
            said(hubbub, "user", "passwd", "nobody", "--password-stdin", given="x\n")
            == "There is no account named 'nobody'."
        )
        accounts.sign_in(store, "ada", "a new password")

    def test_role(self, hubbub: Hubbub, store: Store) -> None:
        hubbub("user", "add", "mira", "--password-stdin", given="a long password\n")
        line = "A server needs an owner; make somebody else one first."
        assert said(hubbub, "user", "role", "ada", "member") == line
        assert hubbub("user", "role", "mira", "owner").stdout == "mira is now an owner.\n"
        assert hubbub("user", "role", "ada", "member").stdout == "ada is now a member.\n"
        assert said(hubbub, "user", "role", "mira", "bot") == line
        assert said(hubbub, "user", "role", "nobody", "admin") == "There is no account named 'nobody'."
        assert [user.role for user in accounts.everyone(store)] == ["member", "owner"]


class TestTheFirst:
    def test_must_be_the_owner(self, hubbub: Hubbub) -> None:
        line = "This server has no owner yet; make the owner first."
        assert said(hubbub, "user", "add", "mira", "--password-stdin", given="a long password\n") == line
        assert hubbub("user", "list").stdout == ""

    def test_the_owner_comes_with_the_first_room(self, hubbub: Hubbub, with_owner: None, store: Store) -> None:
        with store.read() as conn:
            assert accounts.lobby(conn) == 1


@pytest.mark.usefixtures("with_owner")
class TestToken:
    def test_add_prints_the_token_alone(self, hubbub: Hubbub, store: Store) -> None:
        result = hubbub("token", "add", "ada")
        found = tokens.actor(store, result.stdout.removesuffix("\n"))
        assert found is not None
        assert found.username == "ada"
        assert result.stderr == ""

    def test_list(self, hubbub: Hubbub, store: Store) -> None:
        assert hubbub("token", "list", "ada").stdout == ""
        secrets = [hubbub("token", "add", "ada", *words).stdout.strip() for words in ([], ["--label", "CI server"])]
        tokens.actor(store, secrets[0])
        newer, older = (line.split("\t") for line in hubbub("token", "list", "ada").stdout.splitlines())
        assert (newer[0], newer[1], newer[3]) == ("2", "CI server", "never")
        assert (older[0], older[1]) == ("1", "command line")
        assert older[3].endswith("Z")
        assert not any(secret in hubbub("token", "list", "ada").stdout for secret in secrets)

    def test_revoke(self, hubbub: Hubbub, store: Store) -> None:
        hubbub("user", "add", "bot", "--role", "bot")
        secret = hubbub("token", "add", "ada").stdout.strip()
        assert said(hubbub, "token", "revoke", "bot", "1") == "There is no such token."
        assert said(hubbub, "token", "revoke", "ada", "9007199254740991") == "There is no such token."
        assert tokens.actor(store, secret)
        assert hubbub("token", "revoke", "ada", "1").stdout == "Revoked.\n"
        assert tokens.actor(store, secret) is None
        assert said(hubbub, "token", "revoke", "ada", "1") == "There is no such token."

    @pytest.mark.parametrize("number", ["0", "x", "1.5", "99999999999999999999999999", ""])
    def test_what_is_no_number(self, hubbub: Hubbub, number: str) -> None:
        hubbub("token", "revoke", "ada", number, code=2)

    @pytest.mark.parametrize("label", ["", "x" * 81, "a\nb"])
    def test_what_is_no_label(self, hubbub: Hubbub, label: str) -> None:
        hubbub("token", "add", "ada", "--label", label, code=1)

    @pytest.mark.parametrize("words", [["add"], ["list"], ["revoke"]])
    def test_nobodys(self, hubbub: Hubbub, words: list[str]) -> None:
        number = ["1"] if words == ["revoke"] else []
        assert said(hubbub, "token", *words, "nobody", *number) == "There is no account named 'nobody'."

    def test_a_guest_gets_none(self, hubbub: Hubbub, store: Store) -> None:
        accounts.create(store, "hatter", role="guest", password=None)
        assert said(hubbub, "token", "add", "hatter") == "You are not allowed to do this."


@pytest.mark.usefixtures("with_owner")
def test_what_shuts_people_out_is_listed_and_ends(hubbub: Hubbub, store: Store) -> None:
    owner = accounts.by_username(store, "ada")
    for name, address in (("mira", "192.0.2.1"), ("cara", "2001:db8:1:2::3")):
        account = accounts.create(store, name, role="member", password=None)
        sessions.open_session(store, account.id, user_agent="x", address=address)
        bans.ban(store, owner, UserBan(account.id, reason="Spam", networks=True))
    assert hubbub("ban", "list").stdout.splitlines() == [
        "account\tmira\tlifted\tSpam",
        "account\tcara\tlifted\tSpam",
        "network\t192.0.2.1\topened\t",
        "network\t2001:db8:1:2::/64\topened\t",
    ]
    assert hubbub("ban", "open", "192.0.2.1").stdout == "192.0.2.1 is open.\n"
    assert said(hubbub, "ban", "open", "192.0.2.1") == "This network is not blocked."
    assert hubbub("ban", "lift", "cara").stdout == "cara is let in again.\n"
    assert said(hubbub, "ban", "lift", "cara") == "This person is not banned."
    assert hubbub("ban", "list").stdout == "account\tmira\tlifted\tSpam\n"
    assert hubbub("ban", "open").stdout == ""
    done = [entry.action for entry in audit.rows(store, owner, AuditList()) if entry.address == "cli"]
    assert done[:2] == ["network_open", "user_unban"]


def test_no_password_of_an_account_without_one(hubbub: Hubbub, with_owner: None, store: Store) -> None:
    hubbub("user", "add", "bot", "--role", "bot")
    with pytest.raises(ChatError):
        accounts.sign_in(store, "bot", "")
