"""The samplers, pruners and tuners that a search can use: options, needs and limits of each.

Owns their names, their options with bounds, defaults and meaning, how an option is written as text,
and what each learns from, needs and cannot do. Names and options are those of Optuna 5 and
KerasTuner 1.4, neither of which is imported: the command line lists them. Knows no space.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

from ..errors import StudyError
from ..space.distribution import Categorical, Float, Int, Searched
from ..space.hyperparameters import Value, to_text
from ..space.problem import suggest_names
from ..trial.arguments import check_known

_YES_OR_NO = Categorical((True, False))


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a sampler, a pruner or a tuner."""

    meaning: str
    """One line."""
    values: Searched
    """Values that it may have."""
    default: Value | None
    """Value where it is not set; None where the library chooses one for the space."""

    def read(self, text: str) -> Value:
        """Read a value as the command line writes it, such as 6, 0.5, true or sobol.

        A text that is no such value is returned as it is; `complete_options` refuses it.
        """
        with suppress(ValueError):
            match self.values:
                case Categorical(choices):
                    return next((c for c in choices if to_text(c) == text), text)
                case Int():
                    return int(text)
                case Float():
                    return float(text)
        return text


class Models(Enum):
    """Which hyperparameters a sampler models (Optuna 5)."""

    ALL = "all"
    UNCONDITIONAL = "those that are always active"
    UNCONDITIONAL_NUMBERS = "numbers that are always active"


@dataclass(frozen=True, slots=True)
class Method:
    """A sampler, a pruner or a tuner."""

    meaning: str
    """One line."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """By name, in the order of a listing."""
    models: Models = Models.ALL
    """What a sampler learns to draw; it draws the rest at random."""
    learns_gap: bool = False
    """Whether it avoids configurations like those whose gap lay beyond the limit."""
    learns_refusals: bool = False
    """Whether it avoids networks like those that were refused untrained; other samplers see only
    completed trials."""
    takes_several_objectives: bool = True
    package: str = ""
    """Package that it needs besides Optuna; the extra of this project is named as the method."""

    @property
    def defaults(self) -> dict[str, Value]:
        """The options that have a default."""
        options = self.options.items()
        return {name: option.default for name, option in options if option.default is not None}


SAMPLERS: Mapping[str, Method] = {
    "tpe": Method(
        "Draws where good trials are dense and others are not (Bergstra et al. 2011).",
        {
            "n_startup_trials": Option("Trials drawn at random before it.", Int(0, 10_000), 6),
            "n_ei_candidates": Option("Draws of which the best is proposed.", Int(1, 10_000), 24),
            "multivariate": Option("Model hyperparameters jointly.", _YES_OR_NO, True),
            "constant_liar": Option("Keep away from running trials.", _YES_OR_NO, True),
        },
        learns_gap=True,
        learns_refusals=True,
    ),
    "random": Method("Draws each hyperparameter by itself."),
    "qmc": Method(
        "Fills the space more evenly than at random (Bergstra and Bengio 2012).",
        {
            "qmc_type": Option("The sequence.", Categorical(("sobol", "halton")), "sobol"),
            # Optuna's default is false: that begins where everything is lowest, whatever the seed.
            "scramble": Option("Shift the sequence by the seed.", _YES_OR_NO, True),
        },
    ),
    "cmaes": Method(
        "Moves a normal distribution toward its better draws (CMA-ES, Hansen 2016); categorical "
        "and conditional hyperparameters are drawn at random, it does not learn from known starts.",
        {
            "n_startup_trials": Option("Trials completed before it.", Int(0, 10_000), 1),
            "popsize": Option("Draws between two moves.", Int(4, 10_000), None),
            "consider_pruned_trials": Option("Learn from pruned trials.", _YES_OR_NO, False),
            "with_margin": Option("Keep whole numbers from freezing.", _YES_OR_NO, False),
            "use_separable_cma": Option("Model no correlations.", _YES_OR_NO, False),
            "lr_adapt": Option("Move more slowly where values are noisy.", _YES_OR_NO, False),
        },
        models=Models.UNCONDITIONAL_NUMBERS,
        takes_several_objectives=False,
        package="cmaes",
    ),
    "gp": Method(
        "Models the objective by a Gaussian process; conditional hyperparameters are drawn at "
        "random, and everything is once a preset outside of the space was tried.",
        {
            "n_startup_trials": Option("Trials completed before it.", Int(0, 10_000), 10),
            "deterministic_objective": Option("Model no noise.", _YES_OR_NO, False),
        },
        models=Models.UNCONDITIONAL,
        learns_gap=True,
        package="torch",
    ),
    "grid": Method("Tries every point of a space without continuous ranges, in a random order."),
    "nsgaii": Method(
        "Crosses good trials of a generation (NSGA-II, Deb et al. 2002); conditional "
        "hyperparameters are drawn at random, it does not learn from known starts.",
        {
            # Optuna's default is 50, a random search for the tens of trials that networks get.
            "population_size": Option("Trials of a generation.", Int(2, 10_000), 10),
            "mutation_prob": Option("Share of values drawn anew.", Float(0.0, 1.0), None),
            "crossover_prob": Option("Share of trials with two parents.", Float(0.0, 1.0), 0.9),
            "swapping_prob": Option("Share of the other parent.", Float(0.0, 1.0), 0.5),
        },
        models=Models.UNCONDITIONAL,
        learns_gap=True,
    ),
}
_REDUCTION = "One trial in so many goes on after each rung."
_BOOTSTRAP = "Trials that must reach a rung before one goes on."
PRUNERS: Mapping[str, Method] = {
    "none": Method("Prunes no trial."),
    "median": Method(
        "Prunes a trial that is worse than the median of completed trials at the same epoch.",
        {
            "n_startup_trials": Option("Trials completed before it.", Int(0, 10_000), 3),
            # Recurrent networks begin at the priors.
            "n_warmup_steps": Option("Epochs before which no trial is pruned.", Int(0, 10_000), 2),
            "interval_steps": Option("Epochs between two looks.", Int(1, 10_000), 1),
            "n_min_trials": Option("Trials that reached the epoch.", Int(1, 10_000), 1),
        },
    ),
    "successive-halving": Method(
        "Trains the best share of trials on after each rung (ASHA, Li et al. 2020).",
        {
            # Optuna's default is estimated from what has completed, anew in each process.
            "min_resource": Option("Epochs of the first rung.", Int(1, 10_000), 1),
            "reduction_factor": Option(_REDUCTION, Int(2, 100), 4),
            "min_early_stopping_rate": Option("Rungs that are left out.", Int(0, 20), 0),
            "bootstrap_count": Option(_BOOTSTRAP, Int(0, 10_000), 0),
        },
    ),
    "hyperband": Method(
        "Successive halving from several first rungs (Li et al. 2018).",
        {
            "min_resource": Option("Epochs of the lowest first rung.", Int(1, 10_000), 1),
            "reduction_factor": Option(_REDUCTION, Int(2, 100), 3),
            "bootstrap_count": Option(_BOOTSTRAP, Int(0, 10_000), 0),
        },
    ),
    "patient": Method(
        "Prunes what another pruner would, once a trial has stopped improving.",
        {
            "patience": Option("Epochs without improvement.", Int(0, 10_000), 3),
            "min_delta": Option("What is too little to improve.", Float(0.0, 100.0), 0.0),
            "wraps": Option(
                "The other pruner, with its defaults; none to wait for that alone.",
                Categorical(("none", "median", "successive-halving", "hyperband")),
                "median",
            ),
        },
    ),
}
TUNERS: Mapping[str, Method] = {
    "hyperband": Method(
        "Trains many trials briefly and the best of them on (Li et al. 2018).",
        {
            "factor": Option(_REDUCTION, Int(2, 100), 3),
            "hyperband_iterations": Option("Sweeps; without end unless set.", Int(1, 1_000), None),
        },
    ),
    "bayesian": Method(
        "Models the objective by a Gaussian process, with an upper confidence bound.",
        {
            "num_initial_points": Option("Trials drawn before it.", Int(1, 10_000), None),
            "alpha": Option("Noise of the objective.", Float(1e-10, 1.0), 1e-4),
            "beta": Option("The higher, the more it explores.", Float(0.0, 100.0), 2.6),
        },
    ),
    "random": Method("Draws each hyperparameter by itself."),
}
KINDS: Mapping[str, Mapping[str, Method]] = {
    "sampler": SAMPLERS,
    "pruner": PRUNERS,
    "tuner": TUNERS,
}
"""The three by the parameter that chooses one."""


def find_method(kind: str, name: str) -> Method:
    """Find a method of a kind, which is `sampler`, `pruner` or `tuner`.

    Raises:
        StudyError: there is none of that name; with the nearest name.
    """
    check_known(kind, name, KINDS[kind])
    return KINDS[kind][name]


def parse_options(kind: str, name: str, texts: Sequence[str]) -> dict[str, Value]:
    """Read options of a method, each written KEY=VALUE; their values are not checked.

    Raises:
        StudyError: no method has that name; a text has no "=", or names an unknown option or one
            that was set before.
    """
    method = find_method(kind, name)
    values: dict[str, Value] = {}
    for text in texts:
        key, equals, written = text.partition("=")
        if not equals:
            example = f"{next(iter(method.options), 'seed')}=1"
            raise _problem(kind, f"expected KEY=VALUE, got {text!r}", f"Such as {example}.")
        if key in values:
            raise _problem(
                kind, f"expected each key once, got {key} twice", "Leave one of them out."
            )
        values[key] = _find_option(kind, name, key).read(written)
    return values


def complete_options(kind: str, name: str, options: Mapping[str, Value]) -> dict[str, Value]:
    """Check options of a method, and add the defaults of those that are not set.

    Raises:
        StudyError: no method has that name, or it has no such option, or the option no such value.
    """
    for key, value in options.items():
        option = _find_option(kind, name, key)
        if problem := option.values.find_problem(value):
            raise _problem(kind, f"{key}: {problem}", f"{key}: {option.meaning}")
    return find_method(kind, name).defaults | dict(options)


def _find_option(kind: str, name: str, key: str) -> Option:
    options = find_method(kind, name).options
    if key not in options:
        hint = f"{suggest_names(key, options).capitalize()}."
        raise _problem(
            kind,
            f"{name} has no option {key!r}",
            hint if options else "It has none at all: leave this one out.",
        )
    return options[key]


def _problem(kind: str, message: str, hint: str) -> StudyError:
    return StudyError(message, hint, parameter=f"{kind}_options")
