"""`python -m tests.e2e.updated FOLDER run`: the server after an update, with the static files of that folder."""

from __future__ import annotations

import sys
from pathlib import Path

from chat import folders
from chat.cli import main

if __name__ == "__main__":
    folders.STATIC = Path(sys.argv.pop(1))
    main()
