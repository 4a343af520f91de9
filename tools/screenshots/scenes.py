"""What each language's server holds beside the demo's content. All of it is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scene:
    """What happens on one language's server beside the demo's content."""

    language: str
    locale: str
    room: str
    pictures: str  # a room in which pictures were sent
    widths: str  # a room in which somebody with a long name said a long word
    friend: str  # whom the owner talks to alone
    attached: tuple[str, str, str]  # names of files: one that is ready, one on its way, one that was refused
    others: dict[str, str]  # rooms that the owner is not in, with their topics
    elsewhere: dict[str, str]  # what is said in other rooms of the demo, so that there is something unread
    remarks: tuple[str, ...]  # said while the browser looks, by one of the others
    called: str  # said to the owner by name
    written: str  # what stands in the field, unsent
    sought: str  # what is searched for
    in_vain: str  # what nobody ever said
    empty: str  # a room in which nothing was said
    many: str  # what each of many rooms is called, with its number
    sections: tuple[str, str]  # of the owner's own in the sidebar
    linked: tuple[str, str, str]  # what a page that is linked to says of itself: title, text, site
    account: tuple[str, str]  # a newcomer's name and username
    offence: str  # what the newcomer says
    complaint: str  # what is said of it where it is reported
    sentence: str  # why something is decided about its author


SCENES = (
    Scene(
        language="en",
        locale="en-GB",
        room="launch",
        pictures="design",
        widths="random",
        friend="Mira",
        attached=("questions.txt", "recording.ogg", "everything.zip"),
        others={"reading-circle": "One book a month, no homework", "bicycles": "Routes, repairs and rain"},
        elsewhere={
            "design": "The quiet one is in the build now.",
            "support": "That answer belongs into the help pages.",
        },
        remarks=("The graphs are on my second screen. All flat so far.", "Five minutes to go."),
        called="@ada could you look at the sign-in page once more?",
        written="Looks good to me. **Ship it**",
        sought="build",
        in_vain="marmalade",
        empty="empty-room",
        many="project-{}",
        sections=("This week", "For fun"),
        linked=(
            "A harbour walk in nine stops",
            "From the old crane to the lighthouse: where to sit down, what to look at, and when the ferry goes back.",
            "Sample Walks",
        ),
        account=("Sample Newcomer", "newcomer"),
        offence="Cheap watches for everybody, today only: https://watches.example",
        complaint="The third time this week.",
        sentence="Nothing is sold here. Please read the room's topic.",
    ),
    Scene(
        language="zh-Hans",
        locale="zh-CN",
        room="发布",
        pictures="设计",
        widths="闲聊",
        friend="米拉",
        attached=("问题.txt", "录音.ogg", "全部文件.zip"),
        others={"读书会": "每月一本，没有作业", "骑行": "路线、修车和下雨天"},
        elsewhere={"设计": "安静的那个已经在新版本里了。", "支持": "这段回答应该写进帮助页面。"},
        remarks=("监控开在副屏上了，目前一切平稳。", "还有五分钟。"),
        called="@ada 能再看一下登录页吗？",
        written="我这边没问题，**可以发布**",
        sought="版本",
        in_vain="橘子酱",
        empty="空房间",
        many="项目-{}",
        sections=("本周", "休闲"),
        linked=(
            "港口散步的九个站点",
            "从旧吊车走到灯塔：哪里可以坐下，有什么可看，回程的渡轮几点开。",
            "示例漫步",
        ),
        account=("示例新人", "newcomer"),
        offence="人人都有便宜手表，仅限今天：https://watches.example",
        complaint="这周已经第三次了。",
        sentence="这里不卖东西，请先看看房间的话题。",
    ),
)
