"""Which place the settings name."""

from __future__ import annotations

from chat.config import Settings
from chat.storage.backend import Backend
from chat.storage.disk import Disk


def open_backend(settings: Settings) -> Backend:
    """Makes nothing and asks nobody. Raises `chat.config.SettingsError` where a package is missing."""
    if settings.files_s3_bucket:
        from chat.storage.bucket import Bucket

        return Bucket(settings)
    return Disk(settings.data_dir / "files")
