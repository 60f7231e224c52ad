"""What is trained is checked before anything is read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search.errors import SearchError
from search.presets.plan import TrainingPlan
from tests.trainings import TINY

STARTED = replace(
    TINY, hyperparameters={**TINY.hyperparameters, "embedding_initialization": "file"}
)


@pytest.mark.parametrize(
    ("changed", "parameter", "message"),
    [
        ({"presets": ()}, "presets", "expected at least one, got none"),
        ({"presets": (TINY, TINY)}, "presets", "expected different names, got tiny twice"),
        ({"seeds": ()}, "seeds", "expected at least one, got none"),
        ({"seeds": (2, 1, 2, 2)}, "seeds", r"expected different seeds, got 2 \(3 times\)"),
        ({"n_epochs": 0}, "epochs", "expected a whole number of 1 or more, got 0"),
        ({"presets": (STARTED,)}, "embeddings", "tiny: embedding_initialization: file needs"),
    ],
    ids=["no preset", "preset twice", "no seed", "seed thrice", "no epochs", "no word vectors"],
)
def test_what_cannot_be_trained_is_refused(
    changed: dict[str, Any], parameter: str, message: str
) -> None:
    with pytest.raises(SearchError, match=message) as refused:
        TrainingPlan(**{"presets": (TINY,)} | changed)
    assert refused.value.parameter == parameter


def test_a_preset_that_starts_from_a_file_is_trained_with_one() -> None:
    assert TrainingPlan((STARTED,), embeddings=Path("vectors.txt")).presets == (STARTED,)
