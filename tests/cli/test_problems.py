"""Errors of the Python interface are worded with options on the command line."""

import ast
import re
from collections.abc import Callable, Iterator
from inspect import signature

import click
import pytest

from search.cli import cli
from search.cli.problems import word_problem
from search.errors import DataError
from search.interface import compare, open_study, train
from search.study.study import Study
from tests.workspace import ROOT


@click.group()
def program() -> None:
    pass


@program.command()
@click.option("--label-separator")
@click.option("--export", "directory")
@click.argument("path_or_name")
def inner(label_separator: str, directory: str, path_or_name: str) -> None:
    pass


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (
            DataError(
                "expected a sign", "Leave off `label_separator`.", parameter="label_separator"
            ),
            "--label-separator: expected a sign",
            "Leave off --label-separator.",
        ),
        (DataError("nothing `label_separator`"), "nothing --label-separator", ""),
        (DataError("no", "Name another `directory`."), "no", "Name another --export."),
        (DataError("no", parameter="directory"), "--export: no", ""),
        (DataError("no", parameter="is_new"), "--is-new: no", ""),
        (
            DataError("no `path_or_name`", "See `genre-search data`, or `Study`, `imdb`."),
            "no `path_or_name`",
            "See `genre-search data`, or `Study`, `imdb`.",
        ),
    ],
    ids=[
        *("its own parameter", "in the message", "another spelling", "parameter spelled otherwise"),
        *("of no command", "what is no option"),
    ],
)
def test_parameters_become_options(error: DataError, message: str, hint: str) -> None:
    assert word_problem(error, program) == (message, hint)


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        (["search", "--study", "films"], "--study"),
        (["search", "--study", "films", "--fork", "new"], "--fork"),
        (["search", "--study=films", "--fork=new"], "--fork"),
    ],
    ids=["a study", "a fork", "a fork after an equals sign"],
)
def test_the_name_is_the_option_that_it_was_given_with(typed: list[str], option: str) -> None:
    error = DataError("no", "Give another `name`.", parameter="name")
    assert word_problem(error, cli, typed) == (f"{option}: no", f"Give another {option}.")


def test_the_study_that_a_fork_starts_from_is_the_option_study() -> None:
    error = DataError("no", parameter="start_from")
    assert word_problem(error, cli, ["search", "--fork", "new"])[0] == "--study: no"
    assert word_problem(error, cli, ["search"])[0] == "--start-from: no"


_CALLBACKS = {"self", "on_message", "on_event", "is_interrupted"}
_OF_PYTHON_ALONE = {"path_or_name", "texts", "labels", "path"}
"""Parameters of functions that no command calls, such as `Corpus.from_lists`."""
_OTHER_WORDS = {
    "kill",
    "masked_names",
    "coefficients",
    "idf",
    "intercepts",
    "is_learned",
    "priors",
}
"""A command of the shell, and an entry of a bundle."""


def _list_options(command: click.Command) -> set[str]:
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    own = {option for parameter in command.params for option in parameter.opts}
    return own.union(*map(_list_options, inner))


def _is_option(name: str) -> bool:
    """Tell whether a hint with this name in backticks shows an option of the program."""
    return word_problem(DataError("", f"`{name}`"), cli)[1] in _list_options(cli)


@pytest.mark.parametrize(
    "function",
    [Study, Study.search, Study.create, Study.forecast, Study.export, open_study, train, compare],
    ids=lambda function: str(function.__qualname__),
)
def test_every_parameter_of_the_python_interface_is_an_option(
    function: Callable[..., object],
) -> None:
    names = set(signature(function).parameters) - _CALLBACKS
    assert {name for name in names if not _is_option(name)} == set()


def _list_strings(tree: ast.AST) -> Iterator[str]:
    """Give the strings of a module that are no docstrings."""
    docstrings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    for node in constants:
        if isinstance(node.value, str) and node not in docstrings:
            yield node.value


def _list_parameters(tree: ast.AST) -> Iterator[str]:
    """Give the names that errors of a module say are wrong."""
    keywords = (node for node in ast.walk(tree) if isinstance(node, ast.keyword))
    for keyword in keywords:
        if keyword.arg == "parameter" and isinstance(keyword.value, ast.Constant):
            yield str(keyword.value.value)


def test_every_name_in_a_message_is_an_option() -> None:
    folder = ROOT / "search"
    paths = [path for path in folder.rglob("*.py") if path.parent != folder / "cli"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    texts = [text for tree in trees for text in _list_strings(tree)]
    named = {name for text in texts for name in re.findall(r"`([a-z][a-z0-9_]*)`", text)}
    wrong = {name for tree in trees for name in _list_parameters(tree)} - _OF_PYTHON_ALONE
    # The search finds what it looks for.
    assert {"label_separator", "name"} <= named and {"corpus", "start_from"} <= wrong
    assert {name for name in (named - _OTHER_WORDS) | wrong if not _is_option(name)} == set()
