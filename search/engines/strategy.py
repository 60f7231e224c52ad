"""How a study looks for good trials: engine, sampler, pruner and tuner, with their options.

Owns the choice as one value that the study keeps, and what an engine takes at all. Imports neither
Optuna nor KerasTuner, and knows no space: what suits one is compatibility.py's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..errors import StudyError
from ..space.hyperparameters import Value
from ..space.problem import nearest
from .methods import KINDS, check_options, method_of, parse_options

OPTUNA, KERAS_TUNER = "optuna", "keras-tuner"
ENGINES = (OPTUNA, KERAS_TUNER)
_KNOWN_KINDS = {OPTUNA: ("sampler", "pruner"), KERAS_TUNER: ("tuner",)}
_CMAES_KINDS = ("with_margin", "use_separable_cma", "lr_adapt")


@dataclass(frozen=True, slots=True)
class Strategy:
    """The engine of a study and what it was told."""

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
        """Check names and options, and fill in the defaults of what is not set.

        Raises:
            StudyError: an unknown name, option or value, or options of CMA-ES that exclude each
                other.
        """
        if self.engine not in ENGINES:
            raise StudyError(
                f"--engine: expected one of {', '.join(ENGINES)}, got {self.engine!r}",
                f"{nearest(self.engine, ENGINES).capitalize()}.",
            )
        for kind in KINDS:
            if name := getattr(self, kind):
                options = getattr(self, f"{kind}_options")
                check_options(kind, name, options)
                filled = method_of(kind, name).defaults | dict(options)
                object.__setattr__(self, f"{kind}_options", filled)
        _check_cmaes_options(self.sampler_options)

    def as_dict(self) -> dict[str, Any]:
        """Give the strategy as JSON."""
        return asdict(self)

    @property
    def learns_gap(self) -> bool:
        """Whether it turns away from trials that completed beyond a limit."""
        return self.sampler in ("tpe", "gp", "nsgaii")

    @property
    def learns_refusals(self) -> bool:
        """Whether it turns away from what was refused untrained; others see completed trials."""
        return self.sampler == "tpe"


def choose_strategy(
    *,
    n_objectives: int = 1,
    engine: str | None = None,
    sampler: str | None = None,
    sampler_options: Sequence[str] = (),
    pruner: str | None = None,
    pruner_options: Sequence[str] = (),
    tuner: str | None = None,
    tuner_options: Sequence[str] = (),
) -> Strategy:
    """Make a strategy of what the user said; what is None or empty was not said.

    The pruner is then the median, or none where there are several objectives; a trial of
    KerasTuner is pruned by no one.

    Args:
        n_objectives: of the study.
        engine: optuna unless said.
        sampler: tpe unless said.
        sampler_options: each KEY=VALUE.
        pruner: median or none unless said.
        pruner_options: each KEY=VALUE.
        tuner: hyperband unless said.
        tuner_options: each KEY=VALUE.

    Raises:
        StudyError: as `Strategy`, or something was said that the engine does not know.
    """
    engine = engine or OPTUNA
    said = {
        "sampler": (sampler, sampler_options),
        # The one choice of Optuna's that KerasTuner has too.
        "pruner": (None if engine == KERAS_TUNER and pruner == "none" else pruner, pruner_options),
        "tuner": (tuner, tuner_options),
    }
    for kind in KINDS:
        if engine in ENGINES and kind not in _KNOWN_KINDS[engine] and any(said[kind]):
            raise _foreign(kind)
    if engine == KERAS_TUNER:
        tuner = tuner or "hyperband"
        options = parse_options("tuner", tuner, tuner_options)
        return Strategy(engine, sampler="", tuner=tuner, tuner_options=options)
    sampler = sampler or "tpe"
    pruner = pruner or ("median" if n_objectives == 1 else "none")
    return Strategy(
        engine,
        sampler,
        parse_options("sampler", sampler, sampler_options),
        pruner,
        parse_options("pruner", pruner, pruner_options),
    )


def _foreign(kind: str) -> StudyError:
    if kind == "tuner":
        return StudyError(
            "--tuner: belongs to KerasTuner, but the engine is optuna",
            "Add --engine keras-tuner, or choose with --sampler.",
        )
    reason = {
        "sampler": "its tuners propose the trials, and they know no samplers",
        "pruner": "it cannot prune: its oracle takes a trial's end, not its epochs",
    }
    return StudyError(
        f"--{kind}: KerasTuner takes none; {reason[kind]}",
        f"Leave it out, and choose with --tuner ({', '.join(KINDS['tuner'])}).",
    )


def _check_cmaes_options(options: Mapping[str, Value]) -> None:
    chosen = [name for name in _CMAES_KINDS if options.get(name)]
    if len(chosen) > 1:
        raise StudyError(
            f"--sampler-option: {' and '.join(chosen)} are different kinds of CMA-ES",
            "Set one of them to true at most.",
        )
