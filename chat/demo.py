"""`hubbub demo`: plainly made-up rooms, people and messages, to look around in and to take screenshots of."""

from __future__ import annotations

import secrets
from typing import NamedTuple

from sqlalchemy import update

from chat import accounts, members, messages, people, reads, rooms
from chat.actor import Actor
from chat.errors import conflict
from chat.events import MessageSend, PresenceSet, ReadMark, RoomCreate, RoomInvite
from chat.store import Store, Transaction
from chat.store.tables import messages as message_table
from chat.times import now

MINUTE = 60_000


class Sample(NamedTuple):
    """One language's made-up content. A line is (author, minutes ago, text)."""

    server: str
    lobby: str
    people: dict[str, tuple[str, str]]
    rooms: dict[str, tuple[str, str]]
    lines: dict[str, list[tuple[str, int, str]]]


ENGLISH = Sample(
    server="Sample Harbour",
    lobby="general",
    people={
        "ada": ("Ada", "Sample data, not a real person"),
        "mira": ("Mira", "Focusing until 11:30"),
        "chen": ("陈晨", ""),
        "tomas": ("Tomás", ""),
        "jun": ("Jun", "Back on Monday"),
        "longname": ("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh", ""),
    },
    rooms={
        "launch": ("public", "Everything that ships this week. All of this is sample data."),
        "design": ("public", "Colours, type, and whether that button should be there at all"),
        "support": ("public", "Questions from people who use it"),
        "random": ("public", ""),
        "payroll": ("private", "Only for the three of us"),
        "build-logs": ("public", "What the machines say"),
    },
    lines={
        "launch": [
            ("tomas", 1510, "The last build before the weekend is through"),
            ("tomas", 1509, "🎉🎉"),
            (
                "mira",
                92,
                "Good morning! The staging server is on the new build. Could someone look at the sign-in page on a small phone?",
            ),
            ("mira", 91, "Also: the release notes are in the shared folder. I kept them to **one page**."),
            ("chen", 84, "On it. The layout holds at 320 px, and the field no longer hides behind the keyboard 👌"),
            (
                "tomas",
                80,
                'Read them. Two small things, then it is fine by me:\n\n1. the date is last week\'s\n2. the rollback line should say when:\n\n```python\nif errors / requests > 0.01:\n    rollback("12:00")\n```',
            ),
            (
                "mira",
                63,
                "@Ada can you have the final look before noon? I would like to publish while people are awake.",
            ),
            ("ada", 61, "Yes. Give me twenty minutes."),
            ("ada", 40, "Done. One word changed, and I like it: https://example.org/sample/release-notes"),
            (
                "chen",
                38,
                "> I would like to publish while people are awake\n\nThen let us do it at 12:00. I will watch the graphs.",
            ),
            ("mira", 12, "Thank you all. Publishing at 12:00, rolling back if errors pass 1%."),
        ],
        "design": [
            (
                "mira",
                300,
                "Two directions for the empty state. The quiet one says what to do next; the loud one has a boat.",
            ),
            ("jun", 280, "The quiet one. Keep the boat for the 404 page ⛵"),
            ("mira", 44, "Boat moved to the 404 page."),
        ],
        "support": [
            ("chen", 200, "Somebody asks whether a message can be lost when the train goes into a tunnel."),
            ("tomas", 190, "No: it waits in the browser, survives a reload and is sent once when the line is back."),
        ],
        "random": [
            ("jun", 2000, "Lunch is soup again"),
            ("longname", 1990, "averyveryverylongwordthatmustnotbreakthelayoutofanythingatallwhereveritisshown"),
        ],
        "payroll": [("ada", 500, "Sample only: nothing secret here.")],
        "build-logs": [("tomas", 20, "`build 214` passed in 3 min 12 s")],
        "general": [("ada", 3000, "Welcome! Everything here is made up, so that you can look around.")],
    },
)

CHINESE = Sample(
    server="示例港湾",
    lobby="大厅",
    people={
        "ada": ("林岚", "示例数据,并非真人"),
        "mira": ("米拉", "专注到 11:30"),
        "chen": ("陈晨", ""),
        "tomas": ("Tomás", ""),
        "jun": ("小俊", "周一回来"),
        "longname": ("一个名字特别特别长的示例同事用来检查界面会不会被撑坏", ""),
    },
    rooms={
        "发布": ("public", "本周发布的所有内容。这里全部是示例数据。"),
        "设计": ("public", "颜色、字体,以及那个按钮到底该不该存在"),
        "支持": ("public", "用户提出的问题"),
        "闲聊": ("public", ""),
        "薪资": ("private", "只有我们三个人"),
        "构建日志": ("public", "机器说了什么"),
    },
    lines={
        "发布": [
            ("tomas", 1510, "周末前的最后一次构建通过了"),
            ("tomas", 1509, "🎉🎉"),
            ("mira", 92, "早上好!测试服务器已经换上新版本了。谁能用小屏手机看看登录页?"),
            ("mira", 91, "另外,发布说明放在共享文件夹里了,我压缩到了**一页**。"),
            ("chen", 84, "我来。320 像素宽也没问题,输入框不会再被键盘挡住 👌"),
            ("tomas", 80, "看完了。两处小问题,改完就可以:\n\n1. 日期还是上周的\n2. 回滚那一行要写清时间:\n\n```python\nif errors / requests > 0.01:\n    rollback(\"12:00\")\n```"),
            ("mira", 63, "@林岚 中午之前能最后看一遍吗?想趁大家都醒着的时候发布。"),
            ("ada", 61, "好,给我二十分钟。"),
            ("ada", 40, "看完了,只改了一个字:https://example.org/sample/release-notes"),
            ("chen", 38, "> 想趁大家都醒着的时候发布\n\n那就定在 12:00,我来盯监控。"),
            ("mira", 12, "谢谢大家。12:00 发布,错误率超过 1% 就回滚。"),
        ],
        "设计": [
            ("mira", 300, "空白页有两个方案:安静的那个告诉你下一步做什么,热闹的那个画了一条船。"),
            ("jun", 280, "选安静的。船留给 404 页面吧 ⛵"),
            ("mira", 44, "船已经搬到 404 页面了。"),
        ],
        "支持": [
            ("chen", 200, "有人问:列车进隧道的时候,消息会不会丢?"),
            ("tomas", 190, "不会。消息在浏览器里等着,刷新也还在,恢复连接后只发送一次。"),
        ],
        "闲聊": [("jun", 2000, "午饭又是汤"), ("longname", 1990, "averyveryverylongwordthatmustnotbreakthelayoutofanythingatallwhereveritisshown")],
        "薪资": [("ada", 500, "仅为示例,没有任何秘密。")],
        "构建日志": [("tomas", 20, "`build 214` 通过,用时 3 分 12 秒")],
        "大厅": [("ada", 3000, "欢迎!这里的一切都是虚构的,方便你随便看看。")],
    },
)  # fmt: skip


def fill(store: Store, language: str) -> str:
    """Fill an empty server; returns what to tell whoever asked. Raises `ChatError("conflict")` where somebody has an account."""
    if not accounts.is_empty(store):
        raise conflict("This server has accounts already; the demo goes into an empty one (set CHAT_DATA_DIR).")
    sample = CHINESE if language == "zh-Hans" else ENGLISH
    password = secrets.token_urlsafe(9)
    cast = _people(store, sample, password)
    made = _rooms(store, sample, cast)
    for room, lines in sample.lines.items():
        _talk(store, cast, made[room], lines)
    return f"Filled with sample data. Sign in as ada, password {password}"


def _people(store: Store, sample: Sample, password: str) -> dict[str, Actor]:
    for username, (name, _status) in sample.people.items():
        if username == "ada":
            accounts.create_owner(
                store, server_name=sample.server, username="ada", name=name, password=password, lobby=sample.lobby
            )
        else:
            accounts.create(store, username, name=name, role="member", password=None)
    cast = {username: accounts.by_username(store, username) for username in sample.people}
    for username, (_name, status) in sample.people.items():
        people.set_presence(store, cast[username], PresenceSet("online", status))
    return cast


def _rooms(store: Store, sample: Sample, cast: dict[str, Actor]) -> dict[str, int]:
    owner = cast["ada"]
    made = {}
    for name, (kind, topic) in sample.rooms.items():
        command = RoomCreate(name, "private" if kind == "private" else "public", topic)
        room = rooms.create(store, owner, command).room.id
        others = ["mira", "chen"] if kind == "private" else [username for username in cast if username != "ada"]
        members.invite(store, owner, RoomInvite(room, [cast[username].user for username in others]))
        made[name] = room
    with store.read() as conn:
        made[sample.lobby] = accounts.lobby(conn) or 0
    return made


def _talk(store: Store, cast: dict[str, Actor], room: int, lines: list[tuple[str, int, str]]) -> None:
    began = now()
    for number, (author, minutes, text) in enumerate(lines):
        message = messages.send(store, cast[author], MessageSend(room, f"demo-{room}-{number}", text)).message
        _date(store, message.id, began - minutes * MINUTE)
        if author == "ada":
            reads.mark(store, cast["ada"], ReadMark(room, message.seq))


def _date(store: Store, message: int, moment: int) -> None:
    def work(tx: Transaction) -> None:
        tx.conn.execute(update(message_table).where(message_table.c.id == message).values(created_at=moment))

    store.write(work)
