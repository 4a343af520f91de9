"""/help: what a visitor of a web site says and hears, and what agents do with conversations."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chat.events.objects import Command, Happening, Message, QuietHours, User
from chat.events.values import Cid, Count, Id, Page, Query, Text, Time

HelpState = Literal["waiting", "open", "resolved"]
HelpListName = Literal["waiting", "mine", "open", "resolved"]
Asked = Literal["off", "optional", "required"]
Rating = Annotated[int, Meta(ge=1, le=5)]
Address = Annotated[str, Meta(max_length=500)]
Email = Annotated[str, Meta(max_length=200)]
Hue = Annotated[int, Meta(ge=0, le=360)]


class HelpLook(Struct, frozen=True):
    """How a site's window looks and what it asks for. Empty texts are the server's own, in the visitor's language.

    `hours` are those in which somebody is there; without them, always.
    """

    greeting: Annotated[str, Meta(max_length=300)] = ""
    away: Annotated[str, Meta(max_length=300)] = ""
    hue: Hue = 195
    side: Literal["left", "right"] = "right"
    language: Literal["", "en", "zh-Hans"] = ""
    ask_name: Asked = "optional"
    ask_email: Asked = "optional"
    hours: QuietHours | None = None


class HelpAgent(Struct, frozen=True):
    """Somebody who answers, as a visitor sees them."""

    name: str
    avatar: str | None


class HelpFile(Struct, frozen=True):
    """A file as a visitor sees it. Its addresses need no more than themselves and work for a day or two; `help_history`
    has new ones. With `&download=1` behind it, `url` is saved instead of shown.
    """

    id: int
    name: str
    type: str
    size: int
    width: int | None
    height: int | None
    thumb: str | None
    url: str


class HelpMessage(Struct, frozen=True):
    """A message as the visitor sees it. `mine`: the visitor's own, whose `cid` is told with it. `agent` is null for it.

    `reply_to` is the message that it answers. `kind` is `system` for what has happened to the conversation, which
    `happening` says.
    """

    id: int
    seq: Count
    rev: Count
    mine: bool
    agent: HelpAgent | None
    cid: str | None
    kind: Literal["text", "system"]
    text: str
    html: str
    created_at: Time
    edited_at: Time | None = None
    deleted: bool = False
    files: list[HelpFile] = []
    happening: Happening | None = None
    reply_to: int | None = None


class HelpOwn(Struct, frozen=True):
    """The visitor's conversation: where it stands. `named`: whether the visitor has said `name`, or it was made up."""

    state: HelpState
    rev: Count
    agent: HelpAgent | None
    name: str
    named: bool
    email: str
    rating: int | None


# What visitors say


class HelpSend(Command, frozen=True):
    """Write; the first message begins a conversation. `page` is the address that the visitor looks at."""

    cid: Cid
    text: Text
    files: Annotated[list[Id], Meta(max_length=10)] = []
    page: Address = ""


class HelpSendResult(Struct, frozen=True):
    message: HelpMessage
    duplicate: bool


class HelpHistory(Command, frozen=True):
    """What was said, by rising `seq`: the last messages, or those before one."""

    before: Id | None = None
    limit: Page = 50


class HelpHistoryResult(Struct, frozen=True):
    messages: list[HelpMessage]
    more: bool
    rev: Count


class HelpSync(Command, frozen=True):
    """What has changed since `rev`; with `reset`, read `help_history` instead."""

    rev: Count
    limit: Page = 100


class HelpSyncResult(Struct, frozen=True):
    rev: Count
    messages: list[HelpMessage] = []
    more: bool = False
    reset: bool = False
    conversation: HelpOwn | None = None


class HelpTyping(Command, frozen=True):
    """I am writing, or have stopped."""

    on: bool


class HelpDetails(Command, frozen=True):
    """What I am called, and how to reach me later; what is left out stays."""

    name: Annotated[str, Meta(max_length=80)] | None = None
    email: Email | None = None


class HelpClose(Command, frozen=True):
    """I am done, and say perhaps how it was: 5 is best."""

    rating: Rating | None = None
    comment: Annotated[str, Meta(max_length=500)] = ""


# What visitors hear


class HelpWelcome(Struct, frozen=True):
    """The first fact. `conversation` is null for who has not written yet; `here`: whether somebody may answer now.

    `file_limit` is the largest file that can be sent, in bytes, and none where no files are taken.
    """

    protocol: int
    epoch: str
    time: Time
    site: str
    look: HelpLook
    here: bool
    conversation: HelpOwn | None
    text_limit: int
    file_limit: int


class HelpMessageFact(Struct, frozen=True):
    """A message is new (`help_message`)."""

    rev: Count
    message: HelpMessage


class HelpChanged(Struct, frozen=True):
    """A message is another than before, or the conversation is; each null where it is not."""

    rev: Count
    message: HelpMessage | None
    conversation: HelpOwn | None


class HelpTypingFact(Struct, frozen=True):
    """An agent is writing, or has stopped."""

    agent: HelpAgent
    on: bool


class HelpStatus(Struct, frozen=True):
    """How many agents are connected, and how many conversations wait before mine, none where it does not wait.

    `here` is that of the welcome, as it is now.
    """

    agents_online: Count
    position: int | None
    here: bool


# What agents do, on /chat


class HelpConversation(Struct, frozen=True):
    """A conversation for those who answer. `earlier` is how many the visitor has had before; `last` what was said last.

    `waiting_since` is null where nothing waits for an answer.
    """

    room: int
    site: int
    visitor: User
    email: str
    state: HelpState
    agent: int | None
    opened_at: Time
    waiting_since: Time | None
    said_at: Time
    resolved_at: Time | None
    last: str
    rating: int | None
    comment: str
    page: str
    browser: str
    language: str
    earlier: Count


class HelpList(Command, frozen=True):
    """Conversations: those that wait, the longest first; mine and everybody's, and resolved ones, the latest first."""

    list: HelpListName
    query: Query = ""
    before: Id | None = None
    limit: Page = 50


class HelpListResult(Struct, frozen=True):
    conversations: list[HelpConversation]
    next: int | None
    waiting: Count


class HelpLookAt(Command, frozen=True):
    """Come into a conversation beside who has it; with it, those that the visitor had before."""

    room: Id


class HelpLookAtResult(Struct, frozen=True):
    conversation: HelpConversation
    earlier: list[HelpConversation]


class HelpEarlier(Command, frozen=True):
    """What was said in an earlier conversation of a visitor, the end of it."""

    room: Id
    before: Id | None = None


class HelpEarlierResult(Struct, frozen=True):
    messages: list[Message]


class HelpAssign(Command, frozen=True):
    """Give a conversation to an agent, oneself perhaps; to nobody, and it waits again."""

    room: Id
    user: Id | None


class HelpResolve(Command, frozen=True):
    """It is over; or, with `resolved` false, it is not."""

    room: Id
    resolved: bool = True


class HelpNote(Command, frozen=True):
    """Say something in a conversation that its visitor does not hear."""

    room: Id
    cid: Cid
    text: Text


class HelpAgents(Command, frozen=True):
    """Everybody who answers visitors, by name: to whom a conversation can be given."""


class HelpAgentsResult(Struct, frozen=True):
    agents: list[User]


class HelpAnswer(Struct, frozen=True):
    """A canned answer: `short` is what is typed behind the `/`."""

    id: int
    short: str
    text: str


class HelpAnswers(Command, frozen=True):
    """All canned answers, by `short`."""


class HelpAnswersResult(Struct, frozen=True):
    answers: list[HelpAnswer]


class HelpAnswerSet(Command, frozen=True):
    """Keep a canned answer, in place of the one of this `short`."""

    short: Annotated[str, Meta(min_length=1, max_length=40)]
    text: Annotated[str, Meta(min_length=1, max_length=5_000)]


class HelpAnswerRemove(Command, frozen=True):
    """Forget a canned answer."""

    id: Id


class HelpFigures(Command, frozen=True):
    """By day, of the last `days`, in the server's days (UTC)."""

    days: Annotated[int, Meta(ge=1, le=90)] = 30


class HelpDay(Struct, frozen=True):
    """`answered_after` is the median wait for the first answer, in seconds; `rating` the mean of `ratings`."""

    day: str
    opened: Count
    resolved: Count
    answered_after: float | None
    rating: float | None
    ratings: Count


class HelpFiguresResult(Struct, frozen=True):
    days: list[HelpDay]


class HelpQueueChanged(Struct, frozen=True):
    """For who answers: a conversation is new, or another than before; and how many wait.

    With `calls`, it has just begun to wait for anybody.
    """

    conversation: HelpConversation
    waiting: Count
    calls: bool = False
