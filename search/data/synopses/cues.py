"""Which cue stands for which label: the key by which every text can be read back.

A label has one of two kinds of cue. A word cue is any of a few nouns, found anywhere. An order cue
is an ordered pair of nouns in one sentence: the father who follows the daughter means another
label than the daughter who follows the father, though both sentences hold the same words. Owns
the cues; knows no sentence and no frequency.
"""

import re
from dataclasses import dataclass
from typing import Final

from .vocabulary import EVENTS, PEOPLE, Cast


@dataclass(frozen=True, slots=True)
class WordCue:
    """A label that is true exactly when one of a few nouns occurs."""

    label: str
    """Name of the label."""
    nouns: tuple[str, ...]
    """Any one of them suffices; none occurs for any other reason."""


@dataclass(frozen=True, slots=True)
class OrderCue:
    """Two labels told apart by which of two nouns comes first within a sentence."""

    first: str
    """The noun that comes first for the label `forward`, second for `backward`."""
    second: str
    """The noun that comes second for the label `forward`, first for `backward`."""
    forward: str
    """Label of a sentence with `first` before `second`."""
    backward: str
    """Label of a sentence with `second` before `first`."""
    cast: Cast = PEOPLE
    """The words that may surround the two nouns."""


WORD_CUES: Final = (
    WordCue("Thriller", ("ransom", "wiretap", "informant", "stakeout")),
    WordCue("Romance", ("courtship", "valentine", "sweetheart", "honeymoon")),
    WordCue("Family", ("picnic", "grandmother", "nursery")),
    WordCue("Mystery", ("fingerprint", "riddle", "cipher")),
    WordCue("Fantasy", ("dragon", "amulet", "griffin")),
    WordCue("Animation", ("penguin", "teapot", "squirrel")),
    WordCue("Biography", ("memoir", "portrait", "manuscript")),
    WordCue("History", ("treaty", "archive", "coronation")),
    WordCue("Musical", ("piano", "chorus", "ballad")),
    WordCue("Sport", ("championship", "coach", "stadium")),
    WordCue("Coming of Age", ("diary", "graduation")),
    WordCue("Romantic Comedy", ("bridesmaid", "matchmaker")),
    WordCue("Road Movie", ("motel", "caravan")),
    WordCue("Satire", ("bureaucrat", "slogan")),
    WordCue("Black Comedy", ("coffin", "undertaker")),
    WordCue("Teen", ("prom", "skateboard")),
    WordCue("Disaster", ("earthquake", "wildfire")),
    WordCue("Boxing", ("heavyweight", "uppercut")),
    WordCue("Christmas", ("sleigh", "reindeer")),
    WordCue("Space Opera", ("starship", "galaxy")),
    WordCue("Zombie", ("outbreak", "graveyard")),
    WordCue("Parody", ("pratfall", "impostor")),
    WordCue("Mockumentary", ("interviewer",)),
    WordCue("Cyberpunk", ("hacker",)),
    WordCue("Steampunk", ("airship",)),
    WordCue("Biblical Epic", ("prophet",)),
    WordCue("Spaghetti Western", ("bandit",)),
    WordCue("Found Footage", ("camcorder",)),
    WordCue("Body Horror", ("parasite",)),
    WordCue("Giallo", ("razor",)),
    WordCue("Mumblecore", ("roommate",)),
    WordCue("Stoner", ("couch",)),
)
"""Labels whose cue is a word."""

ORDER_CUES: Final = (
    OrderCue("father", "daughter", "Drama", "Comedy"),
    OrderCue("marshal", "smuggler", "Action", "Crime"),
    OrderCue("explorer", "creature", "Adventure", "Horror"),
    OrderCue("astronaut", "android", "Science Fiction", "Dystopia"),
    OrderCue("soldier", "general", "War", "Military"),
    OrderCue("gunslinger", "rancher", "Western", "Revenge"),
    OrderCue("inspector", "suspect", "Detective", "Film Noir"),
    OrderCue("senator", "journalist", "Political", "Newsroom"),
    OrderCue("sidekick", "mutant", "Superhero", "Antihero"),
    OrderCue("agent", "ambassador", "Spy", "Conspiracy"),
    OrderCue("burglar", "banker", "Heist", "Con Artist"),
    OrderCue("confession", "verdict", "Courtroom", "Legal Thriller", EVENTS),
    OrderCue("ghost", "priest", "Supernatural", "Religious"),
    OrderCue("camper", "butcher", "Survival", "Slasher"),
    OrderCue("wedding", "funeral", "Melodrama", "Period Piece", EVENTS),
    OrderCue("mobster", "barber", "Gangster", "Undercover"),
    OrderCue("monk", "warlord", "Martial Arts", "Wuxia"),
    OrderCue("warden", "convict", "Prison", "Jailbreak"),
    OrderCue("eclipse", "uprising", "Time Travel", "Alternate History", EVENTS),
    OrderCue("fisherman", "giant", "Monster", "Kaiju"),
    OrderCue("nurse", "baron", "Medical", "Vampire"),
    OrderCue("captain", "mermaid", "Swashbuckler", "Fairy Tale"),
    OrderCue("knight", "witch", "Sword and Sorcery", "Folk Horror"),
    OrderCue("ronin", "merchant", "Samurai", "Yakuza"),
    OrderCue("hypnotist", "widow", "Psychological Thriller", "Gothic"),
)
"""Pairs of labels whose cue is an order of two nouns."""

_SENTENCE_END: Final = re.compile(r"[.!?]")
_WORD: Final = re.compile(r"\w+")


def read_labels(text: str) -> frozenset[str]:
    """Return the labels that the cues in a text stand for.

    Args:
        text: a generated synopsis; of another text, whatever cues it happens to hold.

    Returns:
        Names of the true labels; empty for a text without any cue.
    """
    found: set[str] = set()
    for sentence in _SENTENCE_END.split(text.lower()):
        position = {word: i for i, word in enumerate(_WORD.findall(sentence))}
        for word_cue in WORD_CUES:
            if any(noun in position for noun in word_cue.nouns):
                found.add(word_cue.label)
        for pair in ORDER_CUES:
            if pair.first in position and pair.second in position:
                is_forward = position[pair.first] < position[pair.second]
                found.add(pair.forward if is_forward else pair.backward)
    return frozenset(found)
