"""How options are put together. Owns switches, which MLflow needs with a value."""

from collections.abc import Callable
from functools import reduce
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def combine(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Make one decorator of several options, which `--help` lists in this order."""
    return lambda command: reduce(lambda made, option: option(made), reversed(options), command)


def switch(name: str, help_text: str, *, is_eager: bool = False) -> Callable[[_Command], _Command]:
    """Make an option that is a flag, and also takes yes or no: MLflow passes values only."""
    return click.option(
        name,
        is_flag=False,
        flag_value="yes",
        default="no",
        show_default=False,
        type=click.Choice(["yes", "no"]),
        callback=lambda _context, _option, value: value == "yes",
        is_eager=is_eager,
        help=help_text,
    )
