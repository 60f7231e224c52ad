"""The commands `genre-search data describe` and `data audit`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from search.cli.data import data
from search.data.named.catalogue import NAMED_CORPORA
from search.errors import DataError
from tests.file_server import FileServer, serving
from tests.reviews import write_reviews


@pytest.fixture
def films(tmp_path: Path) -> Path:
    rows = [f"story {i} of a man,{'x [b]' if i % 4 else 'y'}|z" for i in range(24)]
    path = tmp_path / "films.csv"
    path.write_text("\n".join(["plot,genre", *rows, ",z"]), encoding="utf-8")
    return path


def test_table_goes_to_stdout_and_notes_to_stderr(films: Path) -> None:
    result = CliRunner().invoke(data, ["describe", str(films)])
    assert result.exit_code == 0
    assert "films" in result.stdout
    assert "multilabel: any of 3 labels" in result.stdout
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "z 24 100.0 %" in lines
    assert "x [b] 18 75.0 %" in lines
    assert "note:" not in result.stdout
    assert "note: fields separated by commas" in result.stderr
    columns = "texts from column 'plot'; labels from column 'genre', separated by '|'"
    assert f"note: {columns}" in result.stderr
    assert "note: 1 of 25 rows dropped: 1 without a text" in result.stderr


def test_json_is_one_object_with_the_notes_in_it(films: Path) -> None:
    result = CliRunner().invoke(data, ["describe", str(films), "--format", "json"])
    described = json.loads(result.stdout)
    assert described["rows"] == 24
    assert described["label_counts"] == {"z": 24, "x [b]": 18, "y": 6}
    assert len(described["notes"]) == 3
    assert result.stderr == ""


def test_reading_options_are_passed_on(films: Path) -> None:
    options = ["--text-column", "plot", "--label-column", "genre", "--label-separator", ";"]
    result = CliRunner().invoke(data, ["describe", str(films), *options])
    assert "binary: one of two classes" in result.stdout
    assert "';' stands in none of the cells" in result.stderr


def test_many_labels_are_cut_with_a_word_about_it(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    rows = [f"story {i},label {i % 60}" for i in range(180)]
    path.write_text("\n".join(["plot,genre", *rows]), encoding="utf-8")
    result = CliRunner().invoke(data, ["describe", str(path)])
    assert "and 10 rarer labels; --format json lists all" in result.stdout


def test_data_error_rises_to_the_entry_point() -> None:
    with pytest.raises(DataError, match="Did you mean synopses"):
        CliRunner().invoke(data, ["describe", "synopsis"], catch_exceptions=False)


def test_help_of_the_group_names_each_corpus() -> None:
    text = CliRunner().invoke(data, ["--help"]).output
    assert [name for name in NAMED_CORPORA if f'"{name}"' not in text] == []
    assert "$GENRE_SEARCH_CACHE" in text
    assert "$GENRE_SEARCH_MIRROR" in text


@pytest.mark.parametrize("command", ["describe", "audit"])
def test_archive_of_arrays_is_refused(command: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(data, [command, str(write_reviews(tmp_path))])
    assert isinstance(result.exception, DataError)
    assert "found arrays of NumPy" in result.exception.message


@pytest.mark.parametrize("command", ["describe", "audit"])
def test_downloads_are_shown_on_stderr(
    command: str, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "movies-1900s.json"
    files = {name: (real_data / "wikipedia-movie-data" / name).read_bytes()}
    with serving(FileServer(files)) as mirror:
        monkeypatch.setenv("GENRE_SEARCH_CACHE", str(tmp_path))
        monkeypatch.setenv("GENRE_SEARCH_MIRROR", mirror.address)
        monkeypatch.setenv("no_proxy", "*")
        first = CliRunner().invoke(data, [command, "wikipedia-movies"])
        second = CliRunner().invoke(data, [command, "wikipedia-movies"])
    assert isinstance(first.exception, DataError)
    assert first.stderr == "downloading movies-1900s.json, 100.0 kB\n"
    assert (first.stdout, second.stderr) == ("", "")


@pytest.mark.parametrize("file", ["rt_polarity.csv", "imdb_reviews.jsonl.gz"])
def test_real_binary_files_are_described(real_data: Path, file: str) -> None:
    result = CliRunner().invoke(data, ["describe", str(real_data / file), "--format", "json"])
    described = json.loads(result.stdout)
    assert (described["task"], described["n_labels"]) == ("binary", 1)
    assert described["label_counts"] == dict.fromkeys("01", described["rows"] // 2)
    # Of equal shares it is the natural logarithm of 2.
    assert described["prior_cross_entropy"] == pytest.approx(0.693147, abs=1e-6)


def test_real_binary_file_is_audited(real_data: Path) -> None:
    path = str(real_data / "rt_polarity.csv")
    audited = json.loads(CliRunner().invoke(data, ["audit", path, "--format", "json"]).stdout)
    assert (audited["texts"], audited["labels"], audited["leaks"]) == (10_662, 1, False)


def test_help_shows_an_example() -> None:
    result = CliRunner().invoke(data, ["describe", "--help"])
    assert "genre-search data describe netflix_titles.csv\n" in result.output


def test_help_loads_neither_pandas_nor_numpy_nor_rich() -> None:
    program = (
        "import sys; from search.cli.data import data; "
        "data(['describe', '--help'], standalone_mode=False); "
        "print(sorted({'pandas', 'numpy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_each_real_file_is_described(real_data: Path) -> None:
    result = CliRunner().invoke(data, ["describe", str(real_data / "netflix_titles.csv")])
    assert result.exit_code == 0
    assert "International Movies" in result.stdout
    # By a loop over csv.DictReader and math.log.
    assert "0.1715 nats" in result.stdout


@pytest.fixture
def leaking(tmp_path: Path) -> Path:
    rows = [
        f'word{i} other{i} a drama of <b>{i},"{"drama, [b]" if i % 4 else "[b]"}"'
        for i in range(40)
    ]
    path = tmp_path / "leaking.csv"
    path.write_text("\n".join(["plot,genre", *rows, ",drama"]), encoding="utf-8")
    return path


def test_audit_prints_findings_labels_and_the_verdict(leaking: Path) -> None:
    result = CliRunner().invoke(data, ["audit", str(leaking)])
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "own_label_named 30 texts name a label that they have; not looked for" in text
    assert "being no words: '[b]' 75.0 % 10.0 %" in text
    assert "constant_labels [b] 40 100.0 %" in text
    assert "beyond the limits of a strict search: own_label_named, constant_labels" in text
    assert "the data leak" in text
    assert "not found: exact_repeats" in text
    assert "note: 1 of 41 rows dropped: 1 without a text" in result.stderr


def test_audit_as_json_is_one_object(leaking: Path) -> None:
    result = CliRunner().invoke(data, ["audit", str(leaking), "--format", "json"])
    audited = json.loads(result.stdout)
    assert (audited["texts"], audited["leaks"]) == (40, True)
    counts = {finding["kind"]: finding["count"] for finding in audited["findings"]}
    assert (counts["own_label_named"], counts["markup"], counts["rows_without_text"]) == (30, 40, 1)
    assert result.stderr == ""


def test_audit_of_masked_texts_finds_no_names(leaking: Path) -> None:
    options = ["--mask-label-names", "yes", "--format", "json"]
    audited = json.loads(CliRunner().invoke(data, ["audit", str(leaking), *options]).stdout)
    counts = {finding["kind"]: finding["count"] for finding in audited["findings"]}
    assert (audited["leaks"], counts["own_label_named"]) == (False, 0)


def test_audit_cuts_long_tables_with_a_word_about_it(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    rows = [f"w{i} x{i} y{i},label {i % 60}" for i in range(180)]
    path.write_text("\n".join(["plot,genre", *rows]), encoding="utf-8")
    result = CliRunner().invoke(data, ["audit", str(path)])
    assert "and 50 more; --format json lists all" in result.stdout


def test_audit_help_shows_examples() -> None:
    result = CliRunner().invoke(data, ["audit", "--help"])
    assert "genre-search data audit netflix_titles.csv\n" in result.output


@pytest.fixture
def topics(tmp_path: Path) -> Path:
    rows = [f"story {i} of a man,{('sport', 'tech', 'world')[i % 3]}" for i in range(24)]
    path = tmp_path / "topics.csv"
    path.write_text("\n".join(["text,topic", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("options", "task", "nats"),
    [
        # Of three equally frequent classes ln 3; of each alone the entropy of a third.
        pytest.param([], "multiclass", 1.098612, id="by default"),
        pytest.param(["--task", "auto"], "multiclass", 1.098612, id="auto"),
        pytest.param(["--task", "multiclass"], "multiclass", 1.098612, id="multiclass"),
        pytest.param(["--task", "multilabel"], "multilabel", 0.636514, id="multilabel"),
    ],
)
def test_the_task_is_detected_or_chosen(
    topics: Path, options: list[str], task: str, nats: float
) -> None:
    arguments = ["describe", str(topics), "--format", "json", *options]
    described = json.loads(CliRunner().invoke(data, arguments).stdout)
    assert (described["task"], described["n_labels"]) == (task, 3)
    assert described["prior_cross_entropy"] == pytest.approx(nats, abs=1e-6)


def test_one_choice_is_described_in_words(topics: Path) -> None:
    result = CliRunner().invoke(data, ["describe", str(topics)])
    assert "multiclass: one of 3 classes" in " ".join(result.stdout.split())
    assert "one of 3 classes for each text" in " ".join(result.stderr.split())


def test_a_task_that_the_labels_do_not_allow_is_an_error_of_that_option(topics: Path) -> None:
    result = CliRunner().invoke(data, ["describe", str(topics), "--task", "binary"])
    assert isinstance(result.exception, DataError)
    assert result.exception.parameter == "task"
    assert "expected two classes, found 3" in result.exception.message
    unknown = CliRunner().invoke(data, ["describe", str(topics), "--task", "ranking"])
    assert unknown.exit_code == 2
    assert "'multiclass'" in unknown.output


def test_one_choice_is_audited(topics: Path) -> None:
    audited = json.loads(
        CliRunner().invoke(data, ["audit", str(topics), "--format", "json"]).stdout
    )
    assert (audited["texts"], audited["labels"]) == (24, 3)
