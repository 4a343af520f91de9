"""A server that has been lived in: the demo's people and rooms, and some of what real ones bring with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chat import demo
from tests.servers import Person, Server, serving

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
CHINESE = "今天的会议改到下午三点，请大家提前把材料发到群里。" * 6
CODE = "```python\n" + "result = " + " + ".join(f"a_rather_long_name_{n}" for n in range(20)) + "\n```"
LINK = "https://example.org/" + "a-long-path/" * 20
HISTORY = 520
FOR_ALL = ("launch", "words", "archive", "empty")
# What is searched for; nothing else has the word.
LIGHTHOUSES = (
    "The lighthouse keeper waves",
    "Lighthouses have stairs, many of them",
    "Who repaired the lighthouse lamp? https://example.org/lamp",
)


@dataclass(frozen=True)
class House:
    """The server, its owner, and its rooms by name."""

    server: Server
    ada: Person
    mira: Person
    chen: Person
    rooms: dict[str, int]
    _newcomers: list[Person] = field(default_factory=list)

    def path(self, room: str) -> str:
        return f"/room/{self.rooms[room]}"

    def newcomer(self, name: str) -> Person:
        """Somebody new, in the first room and in those that tests talk in; each test has its own."""
        person = self.server.add(name.lower(), name)
        for room in FOR_ALL:
            self.server.join(person, self.rooms[room])
        self._newcomers.append(person)
        return person

    def farewell(self) -> None:
        """The newcomers leave, so that the rooms stay as small as they were."""
        while self._newcomers:
            person = self._newcomers.pop()
            for room in FOR_ALL:
                self.server.leave(person, self.rooms[room])


@contextmanager
def lived_in(folder: Path) -> Iterator[House]:
    """Guests may come in and anybody may register, so that there is a page for it."""
    with serving(folder, guests="on", registration="open") as server:
        demo.fill(server.store, "en")
        ada, mira, chen = (server.person(name) for name in ("ada", "mira", "chen"))
        for name, topic in (("words", "Words of all lengths. " * 20), ("archive", ""), ("empty", "")):
            server.room(ada, name, mira, topic=topic)
        for number in range(1, 4):
            server.add(f"outsider{number}", f"Elsewhere {number}")
        rooms = server.rooms()
        server.say(mira, rooms["words"], LONG_WORD, CHINESE, CODE, LINK, "🎉", "> quoted\n\n1. one\n2. two")
        server.say(mira, rooms["words"], *LIGHTHOUSES[:2])
        server.say(ada, rooms["words"], *LIGHTHOUSES[2:])
        server.say(
            ada,
            rooms["archive"],
            *(f"{number}: {'so it was said. ' * (number % 7)}" for number in range(1, HISTORY + 1)),
        )
        yield House(server.start(), ada, mira, chen, rooms)
