"""A tiny corpus with words that tell its labels: four labels, several a text."""

import random
from pathlib import Path

WORDS = {
    "Crime": "detective murder police killer",
    "Romance": "love kiss wedding heart",
    "Sci-Fi & Fantasy": "rocket planet alien star",
    "Comedy": "joke laugh clown party",
}
FILLER = "the a man woman town house story old new night day city friend"


def write_films(path: Path, *, n_texts: int = 120) -> Path:
    """Write the corpus as CSV: two columns, labels separated by "|"."""
    dice = random.Random(0)
    rows = ["plot,genre"]
    for number in range(n_texts):
        labels = [label for place, label in enumerate(WORDS) if number >> place & 1]
        labels = labels or [list(WORDS)[number % len(WORDS)]]
        words = dice.choices(FILLER.split(), k=8)
        for label in labels:
            words += dice.choices(WORDS[label].split(), k=3)
        dice.shuffle(words)
        rows.append(f"{' '.join(words)} {number},{'|'.join(labels)}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
