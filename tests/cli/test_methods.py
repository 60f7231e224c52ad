import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from search.cli.methods import methods
from search.engines.methods import KINDS
from tests.workspace import ROOT


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(methods, list(arguments))


def test_all_methods_are_listed_with_their_options() -> None:
    result = _run()
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines() if line.strip()]
    words = {row[0] for row in rows}
    for kind, listed in KINDS.items():
        assert f"--{kind} NAME: " in result.stdout
        assert set(listed) <= words
        assert {key for method in listed.values() for key in method.options} <= words


def test_an_option_has_its_values_default_and_meaning() -> None:
    rows = [" ".join(line.split()) for line in _run("samplers").stdout.splitlines()]
    assert "n_startup_trials 0 to 10000 6 Trials drawn at random before it." in rows
    assert "multivariate true, false true Model hyperparameters jointly." in rows
    assert "popsize 4 to 10000 Draws between two moves." in rows


def test_an_argument_lists_one_kind() -> None:
    listed = _run("pruners").stdout
    assert "successive-halving" in listed
    assert "tpe" not in listed
    assert "bayesian" not in listed


def test_json_has_bounds_choices_and_defaults() -> None:
    listed = json.loads(_run("--format", "json").stdout)
    assert list(listed) == ["samplers", "pruners", "tuners"]
    tpe = listed["samplers"]["tpe"]["options"]
    assert tpe["n_startup_trials"]["values"] == {"low": 0, "high": 10000}
    assert tpe["n_startup_trials"]["default"] == 6
    assert listed["samplers"]["qmc"]["options"]["qmc_type"]["values"] == ["sobol", "halton"]
    assert listed["samplers"]["cmaes"]["options"]["popsize"]["default"] is None
    assert listed["pruners"]["none"]["options"] == {}


def test_an_unknown_kind_is_a_wrong_usage() -> None:
    result = _run("sampler")
    assert result.exit_code == 2
    assert "'samplers', 'pruners', 'tuners'" in result.output


@pytest.mark.parametrize("form", ["table", "json"])
def test_listing_loads_no_library_that_takes_long(form: str) -> None:
    heavy = ("optuna", "keras", "tensorflow", "mlflow", "pandas", "keras_tuner", "sklearn")
    code = (
        "import sys; from search.cli.methods import methods; "
        f"methods(['--format', '{form}'], standalone_mode=False); "
        f"sys.exit(' '.join(set({heavy!r}) & set(sys.modules)) or 0)"
    )
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (process.returncode, process.stderr) == (0, "")
