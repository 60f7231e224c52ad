"""The rooms of the package import downward only, and each dependency has its rooms."""

import ast
import subprocess
import sys

import pytest

from tests.imports import imports_of, modules, room_of
from tests.workspace import ROOT

FLOORS = {
    "errors": 0,
    "space": 1,
    "text": 1,
    "metrics": 1,
    "data": 2,
    "trial": 2,
    "baselines": 3,
    "candidates": 3,
    "model": 3,
    "plots": 3,
    "tracking": 3,
    "store": 3,
    "engines": 4,
    "training": 4,
    "report": 4,
    "export": 4,
    "launchers": 4,
    "study": 5,
    "presets": 6,
    "interface": 7,
    "cli": 8,
    "__main__": 9,
}
FENCES = {
    "mlflow": {"tracking", "export"},
    "optuna": {"store", "engines"},
    "plotly": {"plots"},
    "sqlalchemy": {"store"},
    "keras_tuner": {"engines"},
    "keras": {"model", "training", "export"},
    "tensorflow": {"model", "training", "export"},
    "pandas": {"data", "report"},
    "jinja2": {"report"},
    "matplotlib": {"plots"},
    "sklearn": {"baselines", "metrics", "model"},
    "pooch": {"data"},
    "requests": {"data"},
    "click": {"cli"},
    "rich": {"cli"},
    "ray": {"launchers"},
}
ANNOTATED = {("search.study.study", "pandas")}
"""What a module names in a signature only: `Study.frame` promises a data frame, and makes none."""

MODULES = {name: imports_of(name, path) for name, path in modules().items()}


def test_every_room_has_a_floor() -> None:
    assert {room_of(name) for name in MODULES} - {""} <= set(FLOORS)


def test_a_room_imports_only_from_rooms_below_it() -> None:
    wrong = [
        f"{name} imports {target}"
        for name, targets in MODULES.items()
        for target in targets
        if target.startswith("search.")
        and room_of(name) != room_of(target)
        and FLOORS[room_of(name)] <= FLOORS[room_of(target)]
    ]
    assert wrong == []


def test_no_module_imports_itself_over_others() -> None:
    # The package of a module is loaded before it, but only `from .. import x` needs it whole.
    remaining = {name: targets & set(MODULES) - {name} for name, targets in MODULES.items()}
    while leaves := [name for name, targets in remaining.items() if not targets]:
        remaining = {
            name: targets.difference(leaves)
            for name, targets in remaining.items()
            if name not in leaves
        }
    assert remaining == {}


def test_each_dependency_is_imported_in_its_rooms_only() -> None:
    crossed = {
        (name, target.split(".")[0])
        for name, targets in MODULES.items()
        for target in targets
        if room_of(name) not in FENCES.get(target.split(".")[0], {room_of(name)})
    }
    assert crossed == ANNOTATED


def test_the_exact_count_of_weights_needs_no_keras() -> None:
    needed, found = ["search.model.parameters"], set()
    while needed:
        targets = MODULES[needed.pop()]
        needed += [target for target in targets if target in MODULES and target not in found]
        found |= targets
    assert not {target.split(".")[0] for target in found} & {"keras", "tensorflow"}


def test_modules_of_the_package_import_each_other_relatively() -> None:
    absolute = [
        name
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and not node.level
        and (node.module or "").split(".")[0] == "search"
    ]
    assert sorted(set(absolute)) == []


@pytest.mark.parametrize("arguments", [None, ["--help"], ["search", "--help"], ["spaces"]])
def test_nothing_heavy_is_loaded_before_a_command_needs_it(arguments: list[str] | None) -> None:
    run = "import search" if arguments is None else f"from search.cli import cli; cli({arguments})"
    program = (
        "import atexit, sys\n"
        "heavy = {'tensorflow', 'keras', 'mlflow', 'optuna', 'pandas'}\n"
        "atexit.register(lambda: print(sorted(heavy & set(sys.modules))))\n"
        f"{run}"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "[]"
