"""How a study looks for good trials: engine, sampler, pruner and tuner, with their options.

Owns the choice as one value that the study keeps, and what each engine accepts. Imports neither
Optuna nor KerasTuner, and knows no space: compatibility.py says what suits one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..errors import StudyError
from ..space.hyperparameters import Value
from ..trial.arguments import check_known
from .methods import KINDS, Method, complete_options, find_method, parse_options

OPTUNA, KERAS_TUNER = "optuna", "keras-tuner"
ENGINES = (OPTUNA, KERAS_TUNER)
_CMAES_KINDS = ("with_margin", "use_separable_cma", "lr_adapt")


@dataclass(frozen=True, slots=True)
class Strategy:
    """The engine of a study and its settings."""

    engine: str = OPTUNA
    """One of ENGINES."""
    sampler: str = "tpe"
    """One of SAMPLERS; empty with keras-tuner."""
    sampler_options: Mapping[str, Value] = field(default_factory=dict)
    """All that have a default or were set."""
    pruner: str = "none"
    """One of PRUNERS; none with keras-tuner and with several objectives."""
    pruner_options: Mapping[str, Value] = field(default_factory=dict)
    """All that have a default or were set."""
    tuner: str = ""
    """One of TUNERS; empty with optuna."""
    tuner_options: Mapping[str, Value] = field(default_factory=dict)
    """All that have a default or were set."""

    def __post_init__(self) -> None:
        """Check names and options, and fill in the defaults of options that are not set.

        Raises:
            StudyError: an unknown name, option or value, or options of CMA-ES that exclude each
                other.
        """
        check_known("engine", self.engine, ENGINES)
        for kind in KINDS:
            if name := getattr(self, kind):
                complete = complete_options(kind, name, getattr(self, f"{kind}_options"))
                object.__setattr__(self, f"{kind}_options", complete)
        _check_cmaes_options(self.sampler_options)

    def as_dict(self) -> dict[str, Any]:
        """Give the strategy as JSON."""
        return asdict(self)

    @property
    def choice(self) -> tuple[str, str]:
        """The proposer's kind, `sampler` or `tuner`, and its name."""
        return ("sampler", self.sampler) if self.engine == OPTUNA else ("tuner", self.tuner)

    @property
    def method(self) -> Method:
        """The sampler or tuner that proposes trials."""
        return find_method(*self.choice)


Options = Sequence[str] | Mapping[str, Value]
"""Options of a method: by name, or each written KEY=VALUE."""


def choose_strategy(
    *,
    n_objectives: int = 1,
    engine: str | None = None,
    sampler: str | None = None,
    sampler_options: Options = (),
    pruner: str | None = None,
    pruner_options: Options = (),
    tuner: str | None = None,
    tuner_options: Options = (),
) -> Strategy:
    """Make a strategy from what the user chose; None or empty is no choice.

    By default the pruner is the median, or none with several objectives. Trials of KerasTuner are
    not pruned.

    Args:
        n_objectives: of the study.
        engine: by default optuna.
        sampler: by default tpe.
        sampler_options: of the sampler.
        pruner: by default median or none.
        pruner_options: of the pruner.
        tuner: by default hyperband.
        tuner_options: of the tuner.

    Raises:
        StudyError: as `Strategy`, or the choice belongs to the other engine.
    """
    engine = engine or OPTUNA
    defaults = {"sampler": "tpe", "pruner": "median" if n_objectives == 1 else "none"}
    if engine == KERAS_TUNER:
        defaults = {"tuner": "hyperband"}
        # It prunes nothing, so "none" suits it too.
        pruner = None if pruner == "none" else pruner
    chosen = {
        "sampler": (sampler, sampler_options),
        "pruner": (pruner, pruner_options),
        "tuner": (tuner, tuner_options),
    }
    settings: dict[str, Any] = {"sampler": ""}
    for kind, (name, options) in chosen.items():
        if kind in defaults:
            settings[kind] = name or defaults[kind]
            if not isinstance(options, Mapping):
                options = parse_options(kind, settings[kind], options)
            settings[f"{kind}_options"] = options
        elif engine in ENGINES and (name or options):
            raise _refusal(kind)
    return Strategy(engine, **settings)


def _refusal(kind: str) -> StudyError:
    if kind == "tuner":
        return StudyError(
            "belongs to KerasTuner, but the engine is optuna",
            "Set `engine` to keras-tuner, or choose with `sampler`.",
            parameter=kind,
        )
    reason = {
        "sampler": "its tuners propose the trials, and they use no samplers",
        "pruner": "it cannot prune: its oracle sees how a trial ends, not its epochs",
    }
    return StudyError(
        f"KerasTuner takes none; {reason[kind]}",
        f"Leave it out, and choose with `tuner` ({', '.join(KINDS['tuner'])}).",
        parameter=kind,
    )


def _check_cmaes_options(options: Mapping[str, Value]) -> None:
    chosen = [name for name in _CMAES_KINDS if options.get(name)]
    if len(chosen) > 1:
        raise StudyError(
            f"{' and '.join(chosen)} are different kinds of CMA-ES",
            "Set one of them to true at most.",
            parameter="sampler_options",
        )
