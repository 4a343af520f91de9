"""docs/commands.md: the `hubbub` command and all below it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from chat.cli import main

HEAD = """\
<!-- Generated from chat/cli/ by `make generate`; a change here is lost. -->

# The `hubbub` command

`python -m chat` is the same command. It reads the [settings](settings.md) that the server reads, so give it the same
environment or start it in the same folder. All of it but `restore` may be used while the server runs.

"""


def write() -> str:
    return HEAD + "\n".join(_section(path, command) for path, command in commands(main, "hubbub"))


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it, in the order of the source."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _section(path: str, command: click.Command) -> str:
    words = [path, *(_word(parameter) for parameter in command.params)]
    parts = [f"## {path}\n", f"```sh\n{' '.join(words)}\n```\n", f"{' '.join((command.help or '').split())}\n"]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    if options:
        parts += ["| option | what it does |", "|---|---|", *(_row(option) for option in options), ""]
    return "\n".join(parts)


def _word(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return f"[{_call(parameter)}]"
    name = parameter.human_readable_name
    return name if parameter.required else f"[{name}]"


def _call(option: click.Option) -> str:
    if option.is_flag:
        return option.opts[0]
    return f"{option.opts[0]} {_kind(option)}"


def _kind(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "|".join(str(choice) for choice in option.type.choices)
    return (option.metavar or option.name or "").upper()


def _row(option: click.Option) -> str:
    texts = [option.help or ""]
    if option.show_default:
        texts.append(f"Default: `{option.default}`.")
    call = _call(option).replace("|", "\\|")
    return f"| `{call}` | {' '.join(text for text in texts if text)} |"
