import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search.cli.spaces import spaces
from search.errors import SpaceError
from search.space.shipped import find_space


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(spaces, list(arguments))


def test_without_a_subcommand_the_shipped_spaces_are_listed() -> None:
    result = _run()
    assert result.exit_code == 0
    names = [line.split()[0] for line in result.stdout.splitlines() if line[:1].isalpha()]
    assert names == ["space", "genre", "genre-f1", "genre-wide", "smoke"]


def test_show_explains_values_conditions_meaning_and_starts() -> None:
    result = _run("show", "genre")
    assert result.exit_code == 0
    row = next(line for line in result.stdout.splitlines() if line.startswith("units_2"))
    assert "32 to 128, log" in row
    assert "recurrent_layers >= 2" in row
    assert "Units of the second recurrent layer" in row
    assert "bilstm-svd" in result.stdout
    assert "momentum 0.9" in result.stdout


def test_show_yaml_prints_the_file_itself() -> None:
    result = _run("show", "genre", "--yaml")
    assert result.stdout == find_space("genre").read_text(encoding="utf-8")


def test_show_of_an_unknown_name_raises_for_the_main_entry() -> None:
    result = _run("show", "gnere")
    assert isinstance(result.exception, SpaceError)


def test_check_says_what_is_in_a_right_file() -> None:
    path = str(find_space("smoke"))
    result = _run("check", path)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{path}: smoke: 5 searched, 3 fixed, 0 conditional, 0 starts;")


def test_check_prints_every_problem_and_exits_with_1(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: mine\nhyperparameters: {unit_1: 4, cell: [gru]}\n")
    result = _run("check", str(path))
    assert result.exit_code == 1
    assert [line.split(": ")[1] for line in result.stdout.splitlines()] == [
        "hyperparameters.cell",
        "hyperparameters.unit_1",
    ]
    assert "spaces show genre --yaml" in result.stderr


@pytest.mark.parametrize("command", [(), ("show",), ("check",)])
def test_help_shows_an_example(command: tuple[str, ...]) -> None:
    result = _run(*command, "--help")
    assert result.exit_code == 0
    assert f"\n    genre-search {' '.join(('spaces', *command))} " in result.stdout


def test_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys, search.cli.spaces\n"
        "heavy = {'rich', 'numpy', 'optuna', 'keras', 'tensorflow', 'mlflow', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
