"""What holds for the network of every draw of every shipped space."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.model.network import build_network
from search.model.parameters import count_parameters
from search.space.hyperparameters import Hyperparameters, Value
from search.space.shipped_files import list_spaces, open_space
from tests.space.drawing import checked, points


@pytest.mark.parametrize("name", list_spaces())
def test_the_network_of_a_draw_has_as_many_weights_as_the_formula_counts(name: str) -> None:
    @checked(6)
    @given(points(open_space(name)), st.integers(3, 5_000), st.integers(1, 90))
    def check(point: dict[str, Value], n_ids: int, n_labels: int) -> None:
        chosen = Hyperparameters.from_values(point)
        n_rows = chosen.count_embedding_rows(n_ids)
        network = build_network(chosen, vocabulary_size=n_rows, output_bias=np.zeros(n_labels))
        counted = count_parameters(chosen, vocabulary_size=n_rows, n_labels=n_labels)
        assert network.count_params() == counted
        keras.backend.clear_session()

    check()
