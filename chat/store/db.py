"""Engine, transactions, group commit and the after-commit outbox.

Writes go through one writer per process. It takes whatever has gathered, carries it out as one database transaction
with a savepoint for each piece, on a real OS thread (`threads.py`), and then publishes the effects and releases the
callers: an answer means that the disk has it. Under load a hundred messages share one flush to disk; an idle server
commits each at once.

Reads are short, indexed and bounded, and run where they are called.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from chat.config import Settings
from chat.errors import ChatError
from chat.store import tables
from chat.store.aside import Aside
from chat.store.batch import Job, Transaction, carry_out, in_order, opened
from chat.store.claims import Claim
from chat.store.dialects import alone, is_deadlock, open_engine, trouble
from chat.store.hot import Sent, Statements
from chat.store.outbox import Effect
from chat.store.readers import Readers
from chat.store.threads import Threads

T = TypeVar("T")
log = structlog.get_logger(__name__)

# A batch is one transaction: bounded, so that the last of a burst does not wait for all of it.
MOST_IN_BATCH = 256
MOST_WAITING = 20_000
WAIT_SECONDS = 30.0
# A piece that breaks its transaction is tried once more. A deadlock may come back: who waited for the lock can be
# overtaken by the work that begins anew.
TRIES, TRIES_AT_DEADLOCKS = 2, 4
# Of what is done aside, so much goes on at once: the threads have other work too.
MOST_ASIDE = 3
PATIENCE_SECONDS = 5.0


class _Broken(Exception):
    """A piece of work, `__cause__` says how, has cost the whole transaction; nothing of it is kept."""


class Store:
    """The database of one process. `publish` is given every committed transaction's effects, in commit order;
    `require_voice` is asked before a user says anything in a room, or without a room, and raises what it has against
    it;
    `objection`, what the server has against a message with this HTML;
    `is_blocked`, whether nobody may come from an address;
    `on_batch`, how many pieces of work went together and the seconds that their transaction took.

    `link_key` signs addresses that need no more than themselves; all processes of a server have the same.

    Raises `chat.store.claims.InUse` while a backup is being restored to the data folder.
    """

    def __init__(self, settings: Settings, threads: Threads | None = None, link_key: bytes = b"") -> None:
        threads = threads or Threads()
        # What staff change while the server runs takes the place of `settings` (`server_settings/known.py`).
        self.settings = self.started_with = settings
        self.offload = threads.offload
        self.offload_heavy = threads.offload_heavy
        self._offload_writes = threads.offload_writes
        self._gate = threads.gate
        self.publish: Callable[[Sequence[Effect]], None] = lambda effects: None
        self.require_voice: Callable[[int, int | None], None] = lambda user, room: None
        self.objection: Callable[[str], ChatError | None] = lambda html: None
        self.is_blocked: Callable[[str], bool] = lambda address: False
        self.link_key = link_key or secrets.token_bytes(32)
        self.on_batch: Callable[[int, float], None] = lambda jobs, seconds: None
        self.readers = open_engine(settings.database, writer=False)
        self._connections = Readers(self.readers)
        self._writer = open_engine(settings.database, writer=True)
        self._claim = Claim(settings.data_dir)
        self._statements = Statements(self._writer.dialect)
        self._jobs: deque[Job] = deque()
        self._bell = threading.Event()
        self._starting = threading.Lock()
        self._aside_places = threading.Semaphore(MOST_ASIDE)
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on which everything read belongs to one moment. Raises `ChatError("unavailable")`."""
        try:
            with self._connections.connection() as conn:
                yield conn
        except SQLAlchemyError as error:
            log.error("read failed", error=trouble(error))
            raise unavailable() from error

    def write(self, work: Callable[[Transaction], T], *, room: int = 0, sends: Sent | None = None) -> T:
        """Carry out `work` in a transaction; returns when it is on disk and its effects are published.

        `work` must be short, must not wait for anything but the database, may run again after a rollback, and must not
        call `write`. Work on a room names it, so that batches take room rows in one order and processes can't deadlock.
        Work that does nothing but send a message says which (`sends`): it goes together with others.
        What `work` raises is raised here, with nothing of it kept. Raises `ChatError("unavailable")` when the database
        can't be written.
        """
        if self._closed or len(self._jobs) >= MOST_WAITING:
            raise unavailable()
        job = Job(work, room, sends, self._gate())
        self._jobs.append(job)
        if self._thread is None:
            self._start()
        if not self._bell.is_set():
            self._bell.set()
        if not self._waited(job):
            raise unavailable()
        if job.failure is not None:
            log.error("write failed", error=trouble(job.failure))
            raise unavailable() from job.failure
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[no-any-return]

    def aside(self, work: Callable[[Connection], T]) -> T:
        """Carry out `work` in a transaction of its own, on another thread and below everything else in importance.

        For long reading, and on PostgreSQL for writing what nobody waits for; a SQLite file has its one writer. Nothing
        may be logged in there. Raises what `work` raises, and `ChatError("unavailable")`, also when too many are at it.
        """
        if not self._aside_places.acquire(timeout=PATIENCE_SECONDS):
            raise ChatError("unavailable", "The server is busy just now. Please try again.", retryable=True)
        try:
            result: T = self.offload_heavy(self._aside.run, work)
        except SQLAlchemyError as error:
            # Nobody waits for it, or whoever does is told to try again; a connection that is gone is replaced.
            gone = isinstance(error, DBAPIError) and error.connection_invalidated
            (log.warning if gone else log.error)("work aside failed", error=trouble(error))
            raise unavailable() from error
        finally:
            self._aside_places.release()
        return result

    @cached_property
    def _aside(self) -> Aside:
        return Aside(open_engine(self.settings.database, writer=False, kept=False))

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A transaction beside which no other process writes, for changes of the tables before anybody is served.

        Raises `ChatError("unavailable")`.
        """
        try:
            with alone(self._writer) as conn:
                yield conn
        except SQLAlchemyError as error:
            log.error("write failed", error=trouble(error))
            raise unavailable() from error

    def meta(self, key: str) -> str | None:
        """A value of the server itself, such as `server_name` or `epoch`."""
        with self.read() as conn:
            value: str | None = conn.scalar(select(tables.meta.c.value).where(tables.meta.c.key == key))
            return value

    def ping(self) -> None:
        """Ask the database, on another thread and over a connection of its own. Raises what that raises."""
        self.offload(self._ask, self._prober)

    @cached_property
    def _prober(self) -> Engine:
        return open_engine(self.settings.database, writer=False, kept=False)

    @staticmethod
    def _ask(engine: Engine) -> None:
        with engine.connect() as conn:
            conn.execute(select(tables.meta.c.value).where(tables.meta.c.key == "epoch")).one()

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for the writer."""
        return len(self._jobs)

    @cached_property
    def epoch(self) -> str:
        """Names this history of the database; another one after a backup was restored."""
        return self.meta("epoch") or ""

    def close(self) -> None:
        """Finish what is queued and let go of the database. A `write` after this is refused."""
        self._closed = True
        self._bell.set()
        if self._thread is not None:
            self._thread.join(WAIT_SECONDS)
        self._writer.dispose()
        self._connections.close()
        if "_aside" in self.__dict__:
            self._aside.close()
        self._claim.release()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hubbub-writer", daemon=True)
                self._thread.start()

    def _waited(self, job: Job) -> bool:
        # A store that was closed in this moment may have no writer any more.
        if self._closed and self._take_back(job):
            return False
        done = job.gate.wait(WAIT_SECONDS)
        if not done:
            # Whoever gives up what has not begun can be sure that it never will.
            self._take_back(job)
        return done

    def _take_back(self, job: Job) -> bool:
        """Whether the job was still waiting to begin; now it will not."""
        try:
            self._jobs.remove(job)
        except ValueError:
            return False
        return True

    def _run(self) -> None:
        while not self._closed or self._jobs:
            self._bell.wait()
            # First this, then the look at what waits: whoever comes in between rings again.
            self._bell.clear()
            while self._jobs:
                self._serve()

    def _serve(self) -> None:
        batch: list[Job] = []
        with suppress(IndexError):  # Who waited too long has taken the last one back.
            while self._jobs and len(batch) < MOST_IN_BATCH:
                batch.append(self._jobs.popleft())
        # Stable: one room's messages keep the order in which they were sent, and so does its other work.
        batch.sort(key=in_order if self._statements.on_server else _room)
        began = time.perf_counter()
        self._offload_writes(self._commit, batch)
        self.on_batch(len(batch), time.perf_counter() - began)
        # All together: whoever publishes can join what goes the same way.
        effects = [effect for job in batch if job.failure is None for effect in job.effects]
        if effects:
            self._publish(effects)
        for job in batch:
            job.gate.open()

    def _publish(self, effects: Sequence[Effect]) -> None:
        try:
            self.publish(effects)
        except Exception:  # whatever a publisher raises
            # The commit stands; whoever missed this finds it at the next sync.
            log.exception("publishing failed")

    def _commit(self, batch: Sequence[Job], *, before: int = 0) -> bool:
        """Carry out the batch, tried so often `before`; False when the database can't be written at all.

        Runs on another thread: no logging.
        """
        try:
            self._transact(batch)
        except _Broken as broken:
            # One piece (a deadlock, a lost connection) must not fail the others: each again, on its own.
            tried, most = before + 1, TRIES_AT_DEADLOCKS if is_deadlock(broken.__cause__) else TRIES
            for number, job in enumerate(batch):
                job.alone = True
                if tried >= most:
                    job.failure = broken.__cause__
                elif not self._commit([job], before=tried):
                    for rest in batch[number + 1 :]:
                        rest.failure = job.failure
                    return False
        except Exception as error:  # noqa: BLE001 - raised and logged where the work came from
            # It did not begin, or it is unknown whether the commit went through: once more could be twice.
            for job in batch:
                job.failure = error
            return False
        return True

    def _transact(self, batch: Sequence[Job]) -> None:
        with self._writer.connect() as conn, conn.begin():
            try:
                hot = opened(self._statements, conn, batch)
                for job in batch:
                    carry_out(job, conn, hot)
                hot.finish()
            except Exception as error:
                raise _Broken from error


_room = attrgetter("room")


def unavailable() -> ChatError:
    return ChatError("unavailable", "The database can't be reached just now. Please try again.", retryable=True)
