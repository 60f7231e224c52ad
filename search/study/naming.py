"""What a trial is called. Owns the name by which a person tells trials apart."""

from collections.abc import Mapping

from ..engines.trials import Proposal
from ..space.hyperparameters import Hyperparameters, Value


def trial_name(number: int, hyperparameters: Mapping[str, Value]) -> str:
    """Name a trial after its recurrent layers: "#12 bigru 64·32"."""
    h = Hyperparameters.of(hyperparameters)
    cell = ("bi" if h.bidirectional else "") + h.cell.replace("simple_rnn", "rnn")
    return f"#{number} {cell} {'·'.join(map(str, h.units))}"


def proposal_name(proposal: Proposal) -> str:
    """Give the name that a proposal comes with, or one after its number and layers."""
    return proposal.name or trial_name(proposal.number, proposal.hyperparameters)
