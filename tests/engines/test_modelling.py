from search.engines.methods import SAMPLERS
from search.engines.modelling import list_modelled, list_random, list_varied
from search.engines.strategy import choose_strategy
from search.space.distribution import Categorical, Float, Int
from search.space.shipped_files import open_space
from tests.engines.test_grid import LAYERS, make_space

GENRE = open_space("genre")


def test_a_hyperparameter_with_one_value_does_not_vary() -> None:
    space = make_space(
        units_1=Int(3, 3), dropout=Float(0.1, 0.1), cell=Categorical(("lstm", "gru"))
    )
    assert list_varied(space) == ("cell",)


def test_hyperparameters_that_a_sampler_does_not_model_are_drawn_at_random() -> None:
    assert list_random(SAMPLERS["tpe"], GENRE) == ()
    assert list_random(SAMPLERS["nsgaii"], GENRE) == ("units_2",)
    assert list_random(SAMPLERS["cmaes"], LAYERS) == ("cell", "units_2", "units_3")
    assert list_modelled(SAMPLERS["cmaes"], LAYERS) == ("recurrent_layers", "units_1")
    assert list_random(choose_strategy(engine="keras-tuner").method, GENRE) == ()
