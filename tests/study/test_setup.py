from typing import Any

import pytest

from search.data.corpus import Corpus
from search.engines.strategy import choose_strategy
from search.space.shipped_files import open_space
from search.study.plan import StudyPlan
from search.study.setup import Setup, set_up
from search.trial.control import Control
from search.trial.fingerprint import hash_parts

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
