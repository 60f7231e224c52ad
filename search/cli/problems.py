"""How the command line words what rooms below say: parameters of Python become options.

Owns nothing but this translation; messages are worded where the problem is found.
"""

import re
from collections.abc import Iterator, Sequence

import click

from ..errors import SearchError

_NAME = re.compile(r"`([a-z][a-z0-9_]*)`")
_ALIASES = {"corpus": "--data", "directory": "--export", "name": "--study"}
"""Parameters of the Python interface that are options under another name."""
_FORKING = {"name": "--fork", "start_from": "--study"}
"""With --fork, --study is the study to start from."""


def word_problem(
    error: SearchError, command: click.Command, arguments: Sequence[str] = ()
) -> tuple[str, str]:
    """Give message and hint, with each parameter in backticks as an option of the command line.

    A message about one parameter begins with its option: `--label-separator: expected a sign`. A
    word in backticks that is no option of any command stays as it is.

    Args:
        error: what is to be printed.
        command: the whole command line, whose options are known.
        arguments: what the user typed.
    """
    options = dict(_list_options(command)) | _ALIASES
    if any(word.split("=")[0] == "--fork" for word in arguments):
        options |= _FORKING

    def translate(text: str) -> str:
        return _NAME.sub(lambda name: options.get(name[1], name[0]), text)

    message = translate(error.message)
    if error.parameter is not None:
        option = options.get(error.parameter, f"--{error.parameter.replace('_', '-')}")
        message = f"{option}: {message}"
    return message, translate(error.hint)


def word_note(sentence: str) -> str:
    """Give a sentence with each parameter in backticks as an option of the running command."""
    context = click.get_current_context(silent=True)
    options = {} if context is None else dict(_list_options(context.command))
    return _NAME.sub(lambda name: options.get(name[1], name[0]), sentence)


def _list_options(command: click.Command) -> Iterator[tuple[str, str]]:
    """Give the name of each option of a command and of its subcommands, and how it is typed."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name is not None:
            yield parameter.name, max(parameter.opts, key=len)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _list_options(inner)
