"""`python -m chat` is the `hubbub` command."""

from chat.cli import main

if __name__ == "__main__":
    main()
