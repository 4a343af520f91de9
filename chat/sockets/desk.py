"""The commands of those who answer visitors, a part of /chat."""

from __future__ import annotations

from abc import ABC

from chat import people
from chat.actor import Actor
from chat.events.help import (
    HelpAgent,
    HelpAgents,
    HelpAgentsResult,
    HelpAnswerRemove,
    HelpAnswers,
    HelpAnswerSet,
    HelpAnswersResult,
    HelpAssign,
    HelpEarlier,
    HelpEarlierResult,
    HelpFigures,
    HelpFiguresResult,
    HelpList,
    HelpListResult,
    HelpLookAt,
    HelpLookAtResult,
    HelpNote,
    HelpResolve,
    HelpTypingFact,
)
from chat.events.messages import MessageResult
from chat.helpdesk import answers, desk, figures
from chat.sockets.arrivals import Arrivals
from chat.sockets.delivery import HELP
from chat.store.outbox import help_channel


class Desk(Arrivals, ABC):
    def on_help_list(self, actor: Actor, command: HelpList) -> HelpListResult:
        return desk.listing(self.store, actor, command)

    def on_help_look_at(self, actor: Actor, command: HelpLookAt) -> HelpLookAtResult:
        return desk.look_at(self.store, actor, command)

    def on_help_earlier(self, actor: Actor, command: HelpEarlier) -> HelpEarlierResult:
        return desk.earlier(self.store, actor, command)

    def on_help_assign(self, actor: Actor, command: HelpAssign) -> None:
        desk.assign(self.store, actor, command)

    def on_help_resolve(self, actor: Actor, command: HelpResolve) -> None:
        desk.resolve(self.store, actor, command)

    def on_help_note(self, actor: Actor, command: HelpNote) -> MessageResult:
        return desk.note(self.store, actor, command)

    def on_help_agents(self, actor: Actor, command: HelpAgents) -> HelpAgentsResult:
        return HelpAgentsResult(self.presence.shown_all(desk.colleagues(self.store, actor)))

    def on_help_answers(self, actor: Actor, command: HelpAnswers) -> HelpAnswersResult:
        return answers.listing(self.store, actor)

    def on_help_answer_set(self, actor: Actor, command: HelpAnswerSet) -> None:
        answers.keep(self.store, actor, command)

    def on_help_answer_remove(self, actor: Actor, command: HelpAnswerRemove) -> None:
        answers.forget(self.store, actor, command)

    def on_help_figures(self, actor: Actor, command: HelpFigures) -> HelpFiguresResult:
        return figures.by_day(self.store, actor, command)

    def tell_visitor_typing(self, room: int, user: int, on: bool) -> None:
        """An agent's; what the visitor types, they know."""
        visitor = self.known.help.visitors.get(room)
        if visitor is None or visitor == user:
            return
        with self.store.read() as conn:
            agent = people.one(conn, user)
        fact = HelpTypingFact(HelpAgent(agent.name, agent.avatar), on)
        self.socketio.server.emit("help_typing", fact, to=help_channel(room), namespace=HELP)
