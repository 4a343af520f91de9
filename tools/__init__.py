"""Programs for those who work on Hubbub; nothing here is part of the service."""
