"""Where the bytes of files lie: on the disk of this machine, or in a bucket that speaks the protocol of S3."""

from chat.storage.backend import Backend, Content, Missing, StorageError, Stored
from chat.storage.front import Storage
from chat.storage.making import open_backend

__all__ = ["Backend", "Content", "Missing", "Storage", "StorageError", "Stored", "open_backend"]
