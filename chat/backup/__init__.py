"""Backups: the database and the uploaded files in one archive, made while the server runs, and the way back."""

from chat.backup.archive import BackupError
from chat.backup.making import Made, make
from chat.backup.restoring import Restored, restore

__all__ = ["BackupError", "Made", "Restored", "make", "restore"]
