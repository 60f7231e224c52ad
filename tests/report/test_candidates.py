from dataclasses import replace

import pytest

from search.errors import StudyError
from search.metrics.comparison import Comparison
from search.report.candidates import COLUMNS, describe_contest, describe_optimism, format_cell
from search.trial.candidate import Candidate, Component, Contest, Kind, Optimism, Pairing
from search.trial.objective import MACRO_F1, VAL_LOSS, Objective


def make_candidate(kind: Kind, loss: float, f1: float, n_parameters: int, ms: float) -> Candidate:
    names = {Kind.NETWORK: ["#3 gru 8"], Kind.BASELINE: ["TF-IDF"], Kind.ENSEMBLE: ["#3", "#4"]}
    return Candidate(
        kind,
        tuple(Component(name, name, 1 / len(names[kind])) for name in names[kind]),
        {
            "val_loss": loss,
            "f1_macro": f1,
            "parameters": n_parameters,
            "milliseconds_per_text": ms,
        },
    )


NETWORK = make_candidate(Kind.NETWORK, 0.21, 0.44, 12_000, 1.234)
BASELINE = make_candidate(Kind.BASELINE, 0.22, 0.45, 98_765, 0.25)
ENSEMBLE = make_candidate(Kind.ENSEMBLE, 0.2, 0.46, 1_234_567, 3.5)
AHEAD = Comparison(-0.0123, -0.0234, -0.0012, 0.9)
PAIRINGS = (
    Pairing((Kind.NETWORK, Kind.BASELINE), Comparison(-0.01, -0.03, 0.02, 0.9)),
    Pairing((Kind.ENSEMBLE, Kind.NETWORK), AHEAD),
    Pairing((Kind.BASELINE, Kind.ENSEMBLE), Comparison(0.02, 0.01, 0.03, 0.9)),
)
CONTEST = Contest((NETWORK, BASELINE, ENSEMBLE), Kind.ENSEMBLE, PAIRINGS)


def words(contest: Contest, winner: str = "auto", objective: Objective = VAL_LOSS) -> str:
    return " ".join(describe_contest(contest, objective, winner))


def test_the_winner_is_compared_with_the_best_of_the_others_and_its_cost_is_named() -> None:
    said = words(CONTEST)
    assert said.startswith(
        "Winner: the ensemble of 2 models, ahead of the best network (a difference in "
        "val_loss of -0.0123, -0.0234 to -0.0012, 90%): "
    )
    assert "validation loss 0.2000 against 0.2100; macro F1 0.4600 against 0.4400" in said
    assert "1,234,567 parameters and 3.5 ms a text" in said
    assert "the best network 12,000 parameters and 1.2 ms a text" in said


@pytest.mark.parametrize(
    ("winner", "named", "standing"),
    [
        ("network", "the best network (#3 gru 8)", "behind the ensemble (a difference in val_loss"),
        ("baseline", "the linear baseline (TF-IDF)", "behind the ensemble"),
        ("ensemble", "the ensemble of 2 models", "ahead of the best network"),
    ],
)
def test_a_winner_that_was_asked_for_is_compared_as_well(
    winner: str, named: str, standing: str
) -> None:
    word = "Winner" if winner == "ensemble" else "Chosen"
    assert f"{word}: {named}, {standing}" in words(CONTEST, winner)


def test_a_comparison_the_other_way_round_has_the_other_sign() -> None:
    assert "of +0.0123, +0.0012 to +0.0234, 90%)" in words(CONTEST, "network")


def test_a_difference_that_may_be_chance_is_level() -> None:
    contest = Contest((NETWORK, BASELINE), Kind.NETWORK, PAIRINGS)
    said = words(contest)
    assert "level with the linear baseline (a difference in val_loss of -0.0100, -0.0300 to" in said


def test_a_difference_of_f1_has_the_sign_of_f1() -> None:
    said = words(CONTEST, objective=MACRO_F1)
    # By F1 the baseline is the best of the others.
    assert "ahead of the linear baseline (a difference in macro_f1 of +0.0200" in said
    assert "+0.0100 to +0.0300, 90%" in said


@pytest.mark.parametrize("objective", [VAL_LOSS, MACRO_F1], ids=str)
@pytest.mark.parametrize("kinds", [(Kind.NETWORK, Kind.BASELINE), (Kind.BASELINE, Kind.NETWORK)])
def test_no_difference_has_no_minus(kinds: tuple[Kind, Kind], objective: Objective) -> None:
    pairing = Pairing(kinds, Comparison(0.0, 0.0, 0.0, 0.9))
    said = words(Contest((NETWORK, BASELINE), Kind.NETWORK, (pairing,)), objective=objective)
    assert f"(a difference in {objective.name} of +0.0000, +0.0000 to +0.0000, 90%)" in said


def test_candidates_that_were_not_compared_have_no_standing() -> None:
    said = words(Contest((NETWORK, BASELINE), Kind.NETWORK))
    assert said.startswith("Winner: the best network (#3 gru 8): validation loss 0.2100 against")


def test_a_winner_without_rivals_says_so() -> None:
    said = words(Contest((BASELINE,), Kind.BASELINE, notes=("No network is kept.",)))
    assert said == (
        "Winner: the linear baseline (TF-IDF); there is no other candidate. No network is kept."
    )


def test_notes_come_last() -> None:
    contest = replace(CONTEST, notes=("The weights of #9 were deleted.",))
    assert describe_contest(contest, VAL_LOSS)[-1] == "The weights of #9 were deleted."


def test_a_kind_that_is_not_there_is_refused() -> None:
    with pytest.raises(StudyError, match="of the kind ensemble"):
        describe_contest(Contest((NETWORK,), Kind.NETWORK), VAL_LOSS, "ensemble")


OPTIMISM = Optimism(0.2, 0.2061, 0.1912, 0.2213, 0.9, 200)


def describe(optimism: Optimism | None, objective: Objective = VAL_LOSS) -> str:
    return " ".join(describe_optimism(replace(CONTEST, optimism=optimism), objective))


def test_the_optimism_is_the_distance_to_what_is_expected() -> None:
    said = describe(OPTIMISM)
    assert "Optimism of the selection: 0.0061." in said
    assert "val_loss 0.2000 on the texts it was chosen by" in said
    assert "expect 0.2061 (0.1912 to 0.2213 on as many texts, 90%; 200 samples)" in said
    assert "luck" not in said


def test_the_optimism_of_an_f1_is_what_it_loses() -> None:
    said = describe(Optimism(0.46, 0.44, 0.4, 0.48, 0.9, 200), MACRO_F1)
    assert "Optimism of the selection: 0.0200. The winner has macro_f1 0.4600" in said
    assert "expect 0.4400 (0.4000 to 0.4800" in said


def test_simpler_models_within_the_optimism_are_named() -> None:
    said = describe(replace(OPTIMISM, within=("TF-IDF", "#3 gru 8")))
    assert "Not worse by more than that: TF-IDF and #3 gru 8." in said
    assert "may be luck" in said


def test_an_optimism_that_was_not_measured_is_not_mentioned() -> None:
    assert describe(None) == ""


def test_a_cell_has_the_form_of_its_column() -> None:
    assert [format_cell(ENSEMBLE, column) for column in COLUMNS] == [
        "ensemble", "ensemble of 2 models", "0.2000", "0.4600", "1,234,567", "3.5"
    ]  # fmt: skip
    without = replace(NETWORK, metrics={"val_loss": 0.5})
    assert format_cell(without, "f1_macro") == ""
