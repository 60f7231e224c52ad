from search.trial.epoch import Curves
from tests.trials import make_report


def test_curves_have_one_number_for_each_epoch_in_their_order() -> None:
    reports = [
        make_report(
            epoch,
            train_loss=epoch + 0.1,
            val_loss=epoch + 0.2,
            train_accuracy=epoch + 0.3,
            val_accuracy=epoch + 0.4,
            f1_macro=epoch + 0.5,
        )
        for epoch in (1, 2)
    ]
    curves = Curves.from_reports(reports)
    assert curves == Curves(
        train_loss=[1.1, 2.1],
        val_loss=[1.2, 2.2],
        train_accuracy=[1.3, 2.3],
        val_accuracy=[1.4, 2.4],
        f1_macro=[1.5, 2.5],
    )
    assert curves.n_epochs == 2


def test_without_an_epoch_curves_are_empty() -> None:
    assert Curves.from_reports([]).n_epochs == Curves().n_epochs == 0
