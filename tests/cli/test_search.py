from tests.stages import Stage


def test_results_go_to_standard_output_and_progress_to_standard_error(searched: Stage) -> None:
    out, err = searched.finished.out, searched.finished.err
    assert "Trials: 3 complete. Best network: #" in out
    assert "COMPLETE" in out
    assert "epoch" not in out.replace("epochs", "")
    assert f"study {searched.study}: 3 trials" in err
    assert "epoch 1 train" in err
    assert "Traceback" not in err


def test_nothing_of_a_dependency_is_printed(searched: Stage) -> None:
    for noise in ("Warning", "INFO", "tensorflow", "alembic", "oneDNN", "deprecated"):
        assert noise not in searched.finished.err


def test_the_end_says_how_to_compare_and_to_export_the_best(searched: Stage) -> None:
    out = searched.finished.out
    assert "Compare: mlflow ui, then open http://127.0.0.1:5000/#/experiments/" in out
    assert f": genre-search best --study {searched.study} --export winner" in out
    assert "Export the winner, " in out


def test_the_end_says_why_it_came(searched: Stage, repeated: Stage) -> None:
    assert "Ended: all trials done." in searched.finished.out
    assert "Ended" not in repeated.finished.out


def test_a_study_is_named_after_corpus_space_and_what_makes_trials_comparable(
    searched: Stage,
) -> None:
    assert searched.study.startswith("films-smoke-")
    assert len(searched.study.removeprefix("films-smoke-")) == 8


def test_a_study_that_is_done_says_so_and_what_to_do(repeated: Stage) -> None:
    err = " ".join(repeated.finished.err.split())
    assert f"study {repeated.study} is done already (all trials done)" in err
    assert "--trials" in err
    assert "begins" not in err


def test_a_study_that_continues_says_how_far_it_is(extended: Stage) -> None:
    assert f"study {extended.study} continues: 3 of 4 trials are done" in extended.finished.err
    assert extended.finished.err.count("begins") == 1
