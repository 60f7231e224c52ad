"""`genre-search predict`: labels for a text. Owns how predictions are printed."""

import json
from pathlib import Path

import click

from .options import format_option

_N_SHOWN = 5


@click.command()
@click.option(
    "--model",
    "directory",
    type=Path,
    required=True,
    metavar="DIR",
    help="A bundle that `genre-search best --export` wrote.",
)
@format_option(
    "json", help_text="How to print; JSON has an object for each text, with every label."
)
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
def predict(directory: Path, output_format: str, texts: tuple[str, ...]) -> None:
    """Print the labels of texts with their probabilities.

    A star marks the predicted labels: their probability reaches their threshold, or is the highest
    where each text has one class. The most probable of the others are printed too.

    \b
    Example:
        genre-search predict --model winner "A detective hunts a killer through the rain."
    """
    from ..errors import DataError
    from ..interface import load

    for text in texts:
        if not text.strip():
            raise DataError("TEXT: expected words, got an empty text", "Give a text in quotes.")
    for prediction in load(directory).predict(texts):
        if output_format == "json":
            labels = [
                {"label": name, "probability": probability, "predicted": name in prediction.labels}
                for name, probability in prediction.probabilities.items()
            ]
            described = {"text": prediction.text, "labels": labels}
            click.echo(json.dumps(described, ensure_ascii=False))
            continue
        if len(texts) > 1:
            click.echo(prediction.text)
        for place, (name, probability) in enumerate(prediction.probabilities.items()):
            is_predicted = name in prediction.labels
            if is_predicted or place < _N_SHOWN:
                click.echo(f"{'*' if is_predicted else ' '} {probability:6.1%}  {name}")
