"""Writes the files that repeat what `chat/events/`, `chat/errors.py`, `chat/config.py` and `chat/cli/` declare.

`python -m tools.generate` writes them; `python -m tools.generate --check` only compares, and fails where one differs.
"""
