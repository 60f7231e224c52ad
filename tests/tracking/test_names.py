import posixpath
import re

from search.tracking.names import metric_names


def test_plain_labels_keep_their_names() -> None:
    assert metric_names("f1", ["Crime", "Sci-Fi"]) == {"Crime": "f1/Crime", "Sci-Fi": "f1/Sci-Fi"}


def test_characters_that_mlflow_forbids_become_underscores() -> None:
    labels = ["Action & Adventure", "Children's", "a/b", "Комедия"]
    names = list(metric_names("f1", labels).values())
    assert names == ["f1/Action _ Adventure", "f1/Children_s", "f1/a_b", "f1/_______"]


def test_labels_that_would_be_the_same_are_numbered_in_their_order() -> None:
    names = metric_names("f1", ["R&B", "R'B", "r_b"])
    assert names == {"R&B": "f1/R_B", "R'B": "f1/R_B 2", "r_b": "f1/r_b 3"}


def test_a_numbered_name_that_is_taken_already_is_passed_over() -> None:
    names = metric_names("f1", ["a_b 2", "a&b", "a'b"])
    assert names == {"a_b 2": "f1/a_b 2", "a&b": "f1/a_b", "a'b": "f1/a_b 3"}


def test_no_labels_give_no_names() -> None:
    assert metric_names("f1", []) == {}


def test_mlflow_takes_every_name() -> None:
    awkward = [
        "",
        " ",
        ".",
        "..",
        "../x",
        "/",
        "//",
        "a//b",
        "x/",
        "[b]",
        "\n",
        "emoji 🎬",
        "a" * 200,
    ]
    names = metric_names("f1", awkward)
    assert len(set(names.values())) == len(awkward)
    for name in names.values():
        # MLflow 3.17's own rules: mlflow.utils.validation and path_not_unique.
        assert re.fullmatch(r"[/\w.\- :]*", name, re.ASCII)
        assert posixpath.normpath(name) == name
        assert not name.startswith((".", "/"))


def test_long_labels_are_cut_and_stay_apart() -> None:
    labels = ["a" * 300, "a" * 301]
    names = metric_names("f1", labels)
    assert max(map(len, names.values())) <= 250
    assert len(set(names.values())) == 2
