import json
import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search.cli.spaces import spaces
from search.errors import SpaceError
from search.space.shipped_files import (
    find_preset,
    find_space,
    list_presets,
    list_spaces,
    open_preset,
)
from tests.workspace import ROOT


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(spaces, list(arguments))


def test_without_a_subcommand_the_shipped_spaces_and_presets_are_listed() -> None:
    result = _run()
    assert result.exit_code == 0
    names = [line.split()[0] for line in result.stdout.splitlines() if line[:1].isalpha()]
    assert names == ["space", *list_spaces(), "preset", *list_presets()]


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
    for name, path in (("genre", find_space("genre")), ("genre-gru", find_preset("genre-gru"))):
        assert _run("show", name, "--yaml").stdout == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "nearest"), [("gnere", "nearest: genre,"), ("genre-lstn", "nearest: genre-lstm,")]
)
def test_show_of_an_unknown_name_raises_for_the_main_entry(name: str, nearest: str) -> None:
    result = _run("show", name)
    assert isinstance(result.exception, SpaceError)
    assert nearest in result.exception.message


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("genre", "--explain"), "--explain is for presets, and genre is a search space"),
        (("genre", "--labels", "3"), "--labels is for presets, and genre is a search space"),
        (("genre-gru", "--yaml", "--explain"), "--yaml prints the file as it is; leave --explain"),
        (("genre-gru", "--yaml", "--labels", "3"), "--yaml prints the file as it is; leave --lab"),
        (("genre-gru", "--labels", "0"), "0 is not in the range x>=1"),
    ],
)
def test_options_that_do_not_fit_are_usage_errors(arguments: tuple[str, ...], problem: str) -> None:
    result = _run("show", *arguments)
    assert result.exit_code == 2
    assert problem in result.stderr


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


def test_check_says_what_is_in_a_right_preset() -> None:
    result = _run("check", "genre-gru")
    assert result.exit_code == 0
    assert result.stdout == (
        "genre-gru: genre-gru: preset, 18 hyperparameters; 173,730 parameters with 82 outputs; "
        "5 epochs\n"
    )


def test_check_prints_every_problem_of_a_preset(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("hyperparameters: {unit_1: 4, cell: [gru]}\ntraining: {epochs: 0}\n")
    result = _run("check", str(path))
    assert result.exit_code == 1
    assert [line.split(": ")[1] for line in result.stdout.splitlines()] == [
        "hyperparameters.unit_1",
        "hyperparameters.cell",
        "training.epochs",
    ]
    assert "spaces show genre-lstm --yaml" in result.stderr


def test_check_holds_the_stated_parameters_against_the_count(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    # Embedding 10·4, LSTM 4·3·(3 + 4 + 1), output 1·(3 + 1).
    sizes = "{vocabulary_size: 10, embedding_size: 4, units_1: 3}"
    path.write_text(f"parameters: 141\nhyperparameters: {sizes}\n")
    result = _run("check", str(path))
    assert result.exit_code == 1
    printed = f"{path}: parameters: must be the weights with 1 output, 140, got 141\n"
    assert result.stdout == printed
    path.write_text(f"parameters: 140\nhyperparameters: {sizes}\n")
    assert _run("check", str(path)).exit_code == 0


def test_the_files_that_the_guide_shows_are_right(tmp_path: Path) -> None:
    guide = (ROOT / "spaces" / "README.md").read_text(encoding="utf-8")
    member = tmp_path / "winner" / "members" / "trial-3"
    member.mkdir(parents=True)
    # A bundle of a trial of the space that the guide sets around imdb-lstm-32.
    winner = asdict(open_preset("imdb-lstm-32").configuration()) | {"units_1": 20}
    (member / "hyperparameters.json").write_text(json.dumps(winner))
    path = tmp_path / "mine.yaml"
    printed = []
    for text in re.findall(r"^```yaml\n(.*?)^```", guide, re.DOTALL | re.MULTILINE):
        # Some show a part of a file, without its name.
        path.write_text(text if text.startswith("name: ") else f"name: part\n{text}")
        result = _run("check", str(path))
        assert result.exit_code == 0, result.stdout
        printed.append(result.stdout.removeprefix(f"{path}: ").strip())
    assert [line.split(";")[0] for line in printed if not line.startswith("part: ")] == [
        "mine: 6 searched, 1 fixed, 2 conditional, 1 start",
        "around-lstm-32: 3 searched, 8 fixed, 0 conditional, 3 starts",
        "mine: preset, 2 hyperparameters",
    ]
    # The two ways to write layers, side by side.
    layers = [
        line for line in printed if line.startswith("part: 4 searched, 0 fixed, 2 conditional")
    ]
    assert len(layers) == 2 and layers[0] == layers[1]


@pytest.mark.parametrize("command", [(), ("show",), ("check",)])
def test_help_shows_an_example(command: tuple[str, ...]) -> None:
    result = _run(*command, "--help")
    assert result.exit_code == 0
    assert f"\n    genre-search {' '.join(('spaces', *command))} " in result.stdout


def test_the_command_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from search.cli.spaces import spaces\n"
        "assert not {'rich', 'yaml'} & set(sys.modules)\n"
        "from click.testing import CliRunner\n"
        "for command in ([], ['show', 'imdb-bilstm', '--explain'], ['check', 'genre-gru']):\n"
        "    assert CliRunner().invoke(spaces, command).exit_code == 0\n"
        "heavy = {'numpy', 'optuna', 'keras', 'tensorflow', 'mlflow', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
