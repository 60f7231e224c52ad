"""The files that name dependencies and options agree, and the wheel has what it needs."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from search import __version__
from search.cli import cli
from tests.workspace import ROOT


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    facts: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return facts


@pytest.fixture(scope="module")
def entry_points() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load((ROOT / "MLproject").read_text("utf-8"))["entry_points"]
    return facts


def test_conda_installs_what_pip_installs(project: dict[str, Any]) -> None:
    conda = yaml.safe_load((ROOT / "conda.yaml").read_text("utf-8"))["dependencies"]
    (pip,) = (entry["pip"] for entry in conda if isinstance(entry, dict))
    assert sorted(pip) == sorted(project["dependencies"])
    assert f"python{project['requires-python']}" in conda


def test_every_dependency_is_bounded_below_and_above(project: dict[str, Any]) -> None:
    unbounded = [d for d in project["dependencies"] if not (">=" in d and "<" in d)]
    assert unbounded == []


def test_mlflow_run_has_an_entry_point_for_each_step(entry_points: dict[str, Any]) -> None:
    assert {"search", "train", "compare", "best", "predict"} <= set(entry_points)


def test_every_parameter_of_mlproject_is_an_option_with_the_same_default(
    entry_points: dict[str, Any],
) -> None:
    for name, entry in entry_points.items():
        declared = _defaults(cli.commands[name])
        for parameter, facts in entry.get("parameters", {}).items():
            if _is_argument(cli.commands[name], parameter):
                continue
            assert parameter in declared, f"{name}: no option --{parameter}"
            default = facts.get("default") if isinstance(facts, dict) else None
            assert default == declared[parameter], f"{name}: --{parameter}"


def test_every_parameter_of_mlproject_reaches_its_command(entry_points: dict[str, Any]) -> None:
    for name, entry in entry_points.items():
        assert entry["command"].startswith(f"python -m search {name}")
        for parameter in entry.get("parameters", {}):
            assert f"{{{parameter}}}" in entry["command"], f"{name}: {parameter}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "--wheel-dir"]
    done = subprocess.run([*command, str(folder), str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_has_the_package_with_its_spaces_and_words(wheel: Path) -> None:
    files = zipfile.ZipFile(wheel).namelist()
    assert wheel.name == f"genre_search-{__version__}-py3-none-any.whl"
    for space in ("genre", "genre-f1", "genre-wide", "smoke"):
        assert f"search/spaces/{space}.yaml" in files
    assert "search/data/named/synopses/words.yaml" in files
    assert {"search/space/meanings.yaml", "search/model/equations.yaml"} <= set(files)
    assert {"search/report/audit_page.html", "search/export/bundle_readme.md"} <= set(files)
    sources = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "search").rglob("*.py*")
        if path.suffix in (".py", ".pyi")
    }
    assert sources <= set(files)


def test_the_wheel_has_nothing_beside_the_package(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert top == {"search", f"genre_search-{__version__}.dist-info"}


def test_the_wheel_installs_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"genre_search-{__version__}.dist-info/entry_points.txt").decode()
    assert "genre-search = search.cli:main" in text


def _defaults(command: click.Command) -> dict[str, Any]:
    return {
        option.removeprefix("--"): parameter.default if parameter.required is False else None
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }


def _is_argument(command: click.Command, name: str) -> bool:
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    return any(name in (p.name, (p.name or "").removesuffix("s")) for p in arguments)
