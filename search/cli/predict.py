"""`genre-search predict`: labels for a text. Owns how predictions are printed."""

import json
from pathlib import Path

import click

from .options import format_option
from .quiet import load_keras

_N_SHOWN = 5


@click.command()
@click.option(
    "--model",
    "directory",
    type=click.Path(path_type=Path),
    required=True,
    metavar="DIR",
    help="A bundle that `genre-search best --export` wrote.",
)
@format_option("json", help_text="How to print; JSON is an object a text, with every label.")
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
def predict(directory: Path, output_format: str, texts: tuple[str, ...]) -> None:
    """Print the labels of texts with their probabilities.

    A label is predicted where its probability reaches its threshold; the most probable others
    are shown too, without the mark.

    \b
    Example:
        genre-search predict --model winner "A detective hunts a killer through the rain."
    """  # noqa: D301 - click wants the character \b, which keeps the lines below it apart
    from ..errors import DataError

    for text in texts:
        if not text.strip():
            raise DataError("TEXT: expected words, got an empty text", "Give a text in quotes.")
    load_keras()
    from ..export.predictor import Predictor

    predictor = Predictor(directory)
    bundle = predictor.bundle
    names, thresholds = bundle.label_names, bundle.thresholds
    for text, row in zip(texts, predictor.predict(texts), strict=True):
        cells = zip(names, map(float, row), thresholds, strict=True)
        labels = [(name, p, p >= threshold) for name, p, threshold in cells]
        if bundle.negative_name:
            ((_, p, is_positive),) = labels
            labels.append((bundle.negative_name, 1.0 - p, not is_positive))
        labels.sort(key=lambda label: -label[1])
        if output_format == "json":
            keys = ("label", "probability", "predicted")
            rows = [dict(zip(keys, label, strict=True)) for label in labels]
            click.echo(json.dumps({"text": text, "labels": rows}, ensure_ascii=False))
            continue
        if len(texts) > 1:
            click.echo(text)
        for place, (name, p, is_predicted) in enumerate(labels):
            if is_predicted or place < _N_SHOWN:
                click.echo(f"{'*' if is_predicted else ' '} {p:6.1%}  {name}")
