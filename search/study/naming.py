"""What a trial is called. Owns the name by which a person tells trials apart."""

from collections.abc import Mapping

from ..space.hyperparameters import Hyperparameters, Value


def trial_name(number: int, hyperparameters: Mapping[str, Value]) -> str:
    """Name a trial after its recurrent layers: "#12 bigru 64·32"."""
    h = Hyperparameters.of(hyperparameters)
    cell = ("bi" if h.bidirectional else "") + h.cell.replace("simple_rnn", "rnn")
    return f"#{number} {cell} {'·'.join(map(str, h.units))}"
