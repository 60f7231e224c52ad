from pathlib import Path

import pytest

from search.cli.ui import find_ui, print_run


def test_the_default_store_needs_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for uri in ("sqlite:///mlflow.db", f"sqlite:///{tmp_path / 'mlflow.db'}"):
        assert find_ui(uri) == ("mlflow ui", "http://127.0.0.1:5000")


def test_another_database_is_named() -> None:
    command, _ = find_ui("sqlite:////data/runs.db")
    assert command == "mlflow ui --backend-store-uri sqlite:////data/runs.db"


def test_a_server_is_open_already() -> None:
    assert find_ui("http://host:5000/") == (
        "the server at http://host:5000/ runs",
        "http://host:5000",
    )


def test_the_address_of_a_run_is_printed_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_run("http://host:5000", "1", "abc")
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith("open http://host:5000/#/experiments/1/runs/abc\n")
