"""A program that writes from several threads and prints what is acknowledged, until it is killed.

`python -m tests.domain.acknowledging FOLDER URL ROOM USER`; each line is `cid seq`.
"""

from __future__ import annotations

import itertools
import sys
import threading
from pathlib import Path

from chat.actor import Actor
from chat.config import Settings
from chat.events.messages import MessageSend
from chat.messages import send
from chat.store import Store

THREADS = 8


def main(folder: str, url: str, room: str, user: str) -> None:
    store = Store(Settings(data_dir=Path(folder), database_url=url))
    actor = Actor(int(user), "ada", "Ada", "owner")
    talking = threading.Lock()

    def talk(thread: int) -> None:
        for number in itertools.count():
            cid = f"{thread}-{number}"
            message = send(store, actor, MessageSend(int(room), cid, f"text of {cid}")).message
            with talking:
                sys.stdout.write(f"{cid} {message.seq}\n")
                sys.stdout.flush()

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
