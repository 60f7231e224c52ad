"""The 82 labels of the generated corpus, most frequent first, and how frequent each is.

Owns the order of the label columns and the priors; knows neither cues nor sentences.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

LABEL_NAMES: Final[tuple[str, ...]] = (
    "Drama",
    "Comedy",
    "Thriller",
    "Romance",
    "Action",
    "Crime",
    "Adventure",
    "Horror",
    "Family",
    "Mystery",
    "Fantasy",
    "Animation",
    "Science Fiction",
    "Dystopia",
    "Biography",
    "History",
    "War",
    "Military",
    "Musical",
    "Sport",
    "Western",
    "Revenge",
    "Detective",
    "Film Noir",
    "Political",
    "Newsroom",
    "Coming of Age",
    "Romantic Comedy",
    "Superhero",
    "Antihero",
    "Spy",
    "Conspiracy",
    "Heist",
    "Con Artist",
    "Courtroom",
    "Legal Thriller",
    "Road Movie",
    "Satire",
    "Black Comedy",
    "Teen",
    "Supernatural",
    "Religious",
    "Survival",
    "Slasher",
    "Melodrama",
    "Period Piece",
    "Disaster",
    "Boxing",
    "Gangster",
    "Undercover",
    "Martial Arts",
    "Wuxia",
    "Prison",
    "Jailbreak",
    "Christmas",
    "Space Opera",
    "Time Travel",
    "Alternate History",
    "Monster",
    "Kaiju",
    "Zombie",
    "Parody",
    "Medical",
    "Vampire",
    "Swashbuckler",
    "Fairy Tale",
    "Mockumentary",
    "Cyberpunk",
    "Sword and Sorcery",
    "Folk Horror",
    "Steampunk",
    "Biblical Epic",
    "Samurai",
    "Yakuza",
    "Spaghetti Western",
    "Found Footage",
    "Psychological Thriller",
    "Gothic",
    "Body Horror",
    "Giallo",
    "Mumblecore",
    "Stoner",
)
"""Names of the label columns, most frequent first; no text contains any of them."""

_SHIFT: Final = 11
# Of the draws before those without a label or with too many are drawn again; noise then takes
# more labels than it adds, and 3.25 a text are observed.
_EXPECTED_LABELS: Final = 3.37


def priors() -> npt.NDArray[np.float64]:
    """Return how likely each label is in a text, before noise.

    A shifted Zipf law, proportional to 1 / (rank + 11) ** 2 with ranks from 0: the exponent is an
    integer so that every machine computes the same numbers. The first is 69 times the last.

    Returns:
        Probabilities in (0, 1), descending, float64, (82,).
    """
    ranks = np.arange(len(LABEL_NAMES), dtype=np.float64)
    weights = 1.0 / np.square(ranks + _SHIFT)
    return np.asarray(_EXPECTED_LABELS * weights / weights.sum(), dtype=np.float64)
