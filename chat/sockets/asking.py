"""Questions that every process of a server answers for itself, such as who is connected to it.

They go and come over the relay. Whoever asks waits a second at most, and learns who did not answer.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar, cast

import structlog

from chat.sockets.relay import Answer, Answered, Asked, Question, Relay

A = TypeVar("A")
log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 1.0


class Answers(NamedTuple, Generic[A]):
    """This process' own answer first; `silent` are the processes that gave none, by what is known of them."""

    given: list[A]
    silent: list[str]


class _Waiting:
    def __init__(self, origins: set[str]) -> None:
        self.missing = origins
        self.given: list[Any] = []
        self.complete = threading.Event()


class Asking:
    """`answer` is called for this process' own answer, and may take a while: `start` runs something beside."""

    def __init__(
        self, relay: Relay, answer: Callable[[Question], Answer], start: Callable[[Callable[[], None]], object]
    ) -> None:
        self._relay = relay
        self._answer = answer
        self._start = start
        self._waiting: dict[str, _Waiting] = {}
        relay.on_asked, relay.on_answered = self._asked, self._answered

    def ask(self, question: Question, kind: type[A]) -> Answers[A]:
        number, waiting = secrets.token_hex(8), _Waiting(set(self._relay.origins))
        self._waiting[number] = waiting
        try:
            self._relay.say(Asked(number, question))
            own = cast(A, self._answer(question))
            if waiting.missing:
                waiting.complete.wait(PATIENCE_SECONDS)
            given = [one for one in list(waiting.given) if isinstance(one, kind)]
            return Answers([own, *given], sorted(waiting.missing))
        finally:
            del self._waiting[number]

    def _asked(self, origin: str, asked: Asked) -> None:
        # Beside, because what is heard after it must not wait.
        self._start(lambda: self._relay.say(Answered(asked.id, self._answer(asked.what))))

    def _answered(self, origin: str, answered: Answered) -> None:
        waiting = self._waiting.get(answered.id)
        if waiting is None or origin not in waiting.missing:
            # Another process has asked, or it was too late.
            return
        waiting.given.append(answered.what)
        waiting.missing.discard(origin)
        if not waiting.missing:
            waiting.complete.set()
