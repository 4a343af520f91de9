"""`python -m bench`: the scenarios side by side, or one of the long runs."""

from __future__ import annotations

from bench.commands import main

if __name__ == "__main__":
    main()
