"""The names by which a person tells trials apart."""

from collections.abc import Mapping

from ..space.hyperparameters import Hyperparameters, Value
from .proposal import Proposal


def name_trial(number: int, hyperparameters: Mapping[str, Value]) -> str:
    """Name a trial after its recurrent layers: "#12 bigru 64·32"."""
    h = Hyperparameters.from_values(hyperparameters)
    cell = ("bi" if h.bidirectional else "") + h.cell.replace("simple_rnn", "rnn")
    return f"#{number} {cell} {'·'.join(map(str, h.units))}"


def name_proposal(proposal: Proposal) -> str:
    """Give a proposal's title, or the start's name, or a name made of number and layers."""
    if proposal.title:
        return proposal.title
    if proposal.is_enqueued:
        return f"#{proposal.number} {proposal.start}"
    return name_trial(proposal.number, proposal.hyperparameters)
