"""The commands in the pages that users read are commands of this program."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from search.cli import cli
from tests.workspace import ROOT

README = ROOT / "README.md"
SHOWN = {
    README: {"search", "best", "predict"},
    ROOT / "docs" / "searching.md": {"search", "methods", "study", "trials"},
    ROOT / "spaces" / "README.md": {"spaces", "train"},
}
"""Pages, and some of the commands that each shows."""
PAGES = pytest.mark.parametrize("page", SHOWN, ids=lambda page: str(page.relative_to(ROOT)))
SET_UP = (
    "pip install -e . && mlflow run . -e search --env-manager local",
    "pip install -e '.[test]' && pytest",
)
"""How each of the two lines that a newcomer copies ends."""


def _lines(page: Path) -> Iterator[str]:
    """Give a page's code: the lines of its blocks, joined at a backslash, and that in prose."""
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from block.replace("\\\n", " ").splitlines()
    # Code in a sentence; what stands in a fence was given already.
    prose = re.sub(r"^```\w*\n.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from (" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose))


def _commands(page: Path) -> list[list[str]]:
    """Give the words of each call of genre-search, without the shell around it."""
    calls = []
    for line in _lines(page):
        if not line.removeprefix("$ ").startswith(("genre-search ", "python -m search ")):
            continue
        words = shlex.split(line.removeprefix("$ "), comments=True)
        if words[:3] == ["python", "-m", "search"]:
            words = ["genre-search", *words[3:]]
        ends = [words.index(sign) for sign in (">", "|", "&&", ";") if sign in words]
        calls.append(words[1 : min(ends, default=len(words))])
    return calls


@PAGES
def test_a_page_shows_commands(page: Path) -> None:
    assert {command[0] for command in _commands(page)} >= SHOWN[page]


@PAGES
def test_every_command_of_a_page_parses(page: Path) -> None:
    for arguments in _commands(page):
        command: click.Command = cli
        context = click.Context(cli, info_name="genre-search")
        rest = arguments
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            name, inner, rest = command.resolve_command(context, rest)
            assert inner is not None
            command, context = inner, click.Context(inner, info_name=name, parent=context)
        try:
            command.make_context("genre-search", list(rest), resilient_parsing=False)
        except click.exceptions.Exit:
            pass
        except click.ClickException as error:
            pytest.fail(f"genre-search {' '.join(arguments)}: {error.format_message()}")


@pytest.mark.parametrize("command", SET_UP)
def test_the_set_up_is_there(command: str) -> None:
    assert any(line.endswith(command) for line in _lines(README))


def test_what_mlflow_run_is_given_are_entry_points_and_options() -> None:
    entries = yaml.safe_load((ROOT / "MLproject").read_text(encoding="utf-8"))["entry_points"]
    code = "\n".join(_lines(README))
    assert set(re.findall(r"mlflow run \S+ -e (\S+)", code)) <= set(entries)
    options = {
        option.removeprefix("--")
        for name in entries
        for parameter in cli.commands[name].params
        for option in parameter.opts
    }
    declared = {parameter for entry in entries.values() for parameter in entry["parameters"]}
    assert set(re.findall(r"-P ([\w-]+)=", code)) <= options | declared
