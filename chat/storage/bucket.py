"""Objects in a bucket that speaks the protocol of S3, by `obstore`: a client in Rust, with threads and sockets of its
own, so that what eventlet has made of Python's does not matter to it.

Each part that is read is a request of its own, so a slow reader keeps no connection to the bucket.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from chat.config import Settings, SettingsError
from chat.storage.backend import Missing, StorageError, Stored, checked

# A bucket that takes longer to answer is down.
TIMEOUT = timedelta(seconds=30)
CONNECT_TIMEOUT = timedelta(seconds=5)
# A part of an upload of its own, and what is fetched at once, in bytes.
_PART = 8 << 20
_FETCHED = 1 << 20


class Bucket:
    def __init__(self, settings: Settings) -> None:
        """Raises `SettingsError`. Asks the network nothing."""
        try:
            import obstore
            from obstore.store import S3Store
        except ImportError:
            wanted = "pip install 'hubbub[s3]'"
            raise SettingsError(f"CHAT_FILES_S3_BUCKET needs a package: {wanted}") from None
        self._obstore: Any = obstore
        endpoint = settings.files_s3_endpoint
        given = {
            "endpoint": endpoint or None,
            "region": settings.files_s3_region,
            "access_key_id": settings.files_s3_key or None,
            "secret_access_key": settings.files_s3_secret or None,
        }
        # Without a key the client asks the machine for one, as programs in Amazon's cloud do.
        config: Any = {name: value for name, value in given.items() if value is not None}
        self._store: Any = S3Store(
            settings.files_s3_bucket,
            prefix="hubbub",
            config=config,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "timeout": TIMEOUT,
                "connect_timeout": CONNECT_TIMEOUT,
            },
            retry_config={"max_retries": 2, "retry_timeout": TIMEOUT},
        )
        self._name = settings.files_s3_bucket

    def put(self, key: str, source: Path) -> None:
        with _errors(key):
            self._obstore.put(self._store, checked(key), source, chunk_size=_PART, max_concurrency=2)

    def open(self, key: str, start: int, length: int) -> BucketPart:
        with _errors(key):
            if not length:
                self._obstore.head(self._store, checked(key))
        part = BucketPart(self, checked(key), start, length)
        # So that one that is gone is known before an answer has begun.
        part.look()
        return part

    def fetch(self, key: str, start: int, length: int) -> bytes:
        """Raises `Missing` and `StorageError`."""
        with _errors(key):
            return bytes(self._obstore.get_range(self._store, key, start=start, length=length))

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            try:
                with _errors(key):
                    self._obstore.delete(self._store, checked(key))
            except Missing:
                continue

    def listing(self, area: str) -> Iterator[Stored]:
        with _errors(area):
            for page in self._obstore.list(self._store, prefix=f"{area}/", chunk_size=1000):
                for found in page:
                    yield Stored(found["path"], found["size"], found["last_modified"].timestamp())

    def check(self) -> str:
        with _errors(self._name):
            next(iter(self._obstore.list(self._store, prefix="probe/", chunk_size=1)), None)
        return f"the bucket {self._name}"


class BucketPart:
    def __init__(self, bucket: Bucket, key: str, start: int, length: int) -> None:
        self._bucket = bucket
        self._key = key
        self._at = start
        self._left = length
        self._fetched = b""

    def look(self) -> None:
        """Fetch what comes next, where there is nothing yet."""
        if self._fetched or not self._left:
            return
        self._fetched = self._bucket.fetch(self._key, self._at, min(_FETCHED, self._left))
        if not self._fetched:
            raise StorageError("an object is shorter than it was")
        self._at += len(self._fetched)
        self._left -= len(self._fetched)

    def read(self, most: int) -> bytes:
        self.look()
        data, self._fetched = self._fetched[:most], self._fetched[most:]
        return data

    def close(self) -> None:
        self._left, self._fetched = 0, b""


@contextmanager
def _errors(key: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Missing(key) from None
    except (OSError, ValueError) as error:
        raise StorageError(_said(error)) from error
    except Exception as error:
        # The client's own classes have no common base that is public.
        if not type(error).__module__.startswith("obstore"):
            raise
        raise StorageError(_said(error)) from error


def _said(error: Exception) -> str:
    """A line for the log, without the client's account of its request."""
    return f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')[:200]}"
