from dataclasses import replace
from typing import Any

import pytest

from search.data.corpus import Corpus
from search.engines.strategy import choose_strategy
from search.errors import SpaceError
from search.metrics.task import Task
from search.space.shipped_files import open_space
from search.study.plan import AUTO, DEFAULT_TARGET, StudyPlan, make_space
from search.study.setup import Setup, set_up
from search.trial.control import Control
from search.trial.fingerprint import hash_parts
from tests.trainings import TINY

SMOKE = open_space("smoke")
WORDS = ("bread", "river", "music", "stone", "storm")
TEXTS = [f"{WORDS[n % 5]} {WORDS[n // 5 % 5]} number{n} of{n} that{n} year{n}" for n in range(100)]
LABELS = [("drama",) if n % 2 else ("comedy",) for n in range(100)]


def make_setup(name: str | None = None, corpus: str = "netflix", **fields: Any) -> Setup:
    texts = Corpus.from_lists(TEXTS, LABELS, name=corpus)
    return set_up(name, StudyPlan(SMOKE, **fields), texts, Control())


def test_a_study_is_named_after_corpus_space_and_fingerprint() -> None:
    setup = make_setup()
    assert setup.name == f"netflix-smoke-{setup.fingerprint.short}"


def test_a_name_that_is_given_stays() -> None:
    assert make_setup("films").name == "films"


def test_another_seed_is_another_study() -> None:
    assert make_setup(seed=1).name != make_setup().name


def test_another_strategy_is_another_study_of_the_same_fingerprint() -> None:
    strategy = choose_strategy(sampler="random")
    setup = make_setup(strategy=strategy)
    assert setup.fingerprint == make_setup().fingerprint
    parts = {**setup.fingerprint.parts, "variant": strategy.as_dict()}
    assert setup.name == f"netflix-smoke-{hash_parts(parts)}"


def test_the_engine_of_a_tuner_is_a_part_of_the_fingerprint() -> None:
    setup = make_setup(strategy=choose_strategy(engine="keras-tuner", tuner="random"))
    engine = setup.fingerprint.engine
    assert engine is not None and engine.startswith("keras-tuner random")
    assert make_setup().fingerprint.engine is None


@pytest.mark.parametrize(
    ("corpus", "written"),
    [
        pytest.param("my films", "my_films", id="space"),
        pytest.param("my films/2 & 3", "my_films_2_3", id="slash and ampersand"),
        pytest.param("films-2.1_b", "films-2.1_b", id="plain"),
    ],
)
def test_a_corpus_is_written_in_a_name_as_a_path_and_a_query_can_have_it(
    corpus: str, written: str
) -> None:
    assert make_setup(corpus=corpus).name.startswith(f"{written}-smoke-")


def make_choice(task: str, **fields: Any) -> Setup:
    """Make a study ready on the same texts with one label each, of two or of three."""
    names = ("comedy", "drama") if task == "binary" else ("comedy", "drama", "war")
    labels = [names[n % len(names)] for n in range(100)]
    corpus = Corpus.from_lists(TEXTS, labels, task=task, name="topics")
    return set_up(None, StudyPlan(**{"space": SMOKE, **fields}), corpus, Control())


@pytest.mark.parametrize(
    ("task", "target"), [("multilabel", 0.05), ("binary", None), ("multiclass", None)]
)
def test_the_usual_target_is_for_several_labels_a_text_alone(
    task: str, target: float | None
) -> None:
    usual = make_choice(task, target=DEFAULT_TARGET, automatic=frozenset({"target"}))
    assert usual.plan.target == target
    assert make_choice(task, target=0.4).plan.target == 0.4


@pytest.mark.parametrize(
    ("task", "space"), [("multilabel", "genre"), ("binary", "genre"), ("multiclass", "topics")]
)
def test_the_usual_space_is_topics_for_one_choice(task: str, space: str) -> None:
    usual = make_choice(task, space=make_space(AUTO, None), automatic=frozenset({"space"}))
    assert usual.plan.space.name == space
    assert usual.name.startswith(f"topics-{space}-")
    assert make_choice(task, space=make_space("genre", None)).plan.space.name == "genre"


def test_the_same_labels_as_another_task_are_another_study() -> None:
    choice, several = make_choice("multiclass"), make_choice("multilabel")
    assert choice.fingerprint.data == several.fingerprint.data
    assert (choice.fingerprint.task, several.fingerprint.task) == ("multiclass", None)
    assert choice.name != several.name
    assert not choice.fingerprint.is_comparable(several.fingerprint)


def test_the_tasks_that_were_there_before_are_no_part_of_the_fingerprint() -> None:
    # Names of their studies must not change.
    for task in (Task.BINARY, Task.MULTILABEL):
        assert "task" not in make_choice(task).fingerprint.parts


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        pytest.param({"space": open_space("genre-f1")}, "space", id="space"),
        pytest.param(
            {
                "enqueued": (
                    replace(
                        TINY,
                        hyperparameters={**TINY.hyperparameters, "training_loss": "asymmetric"},
                    ),
                )
            },
            "enqueue",
            id="preset",
        ),
    ],
)
def test_losses_of_independent_labels_are_refused_for_one_choice_alone(
    fields: dict[str, Any], parameter: str
) -> None:
    with pytest.raises(SpaceError, match="asymmetric") as caught:
        make_choice("multiclass", **fields)
    assert caught.value.parameter == parameter
    assert ("topics" if parameter == "space" else "Use another preset") in caught.value.hint
    assert make_choice("multilabel", **fields).fingerprint.task is None
