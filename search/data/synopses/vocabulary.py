"""The words of the generated corpus, written by hand.

Owns word lists only: what may stand around a cue and what fills the rest of a synopsis. None of
these words is a cue, and none is a label's name; the tests hold both.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cast:
    """Words that fit around one kind of noun: people, or events."""

    adjectives: tuple[str, ...]
    """Before the noun."""
    attachments: tuple[str, ...]
    """After the noun, as part of its phrase."""
    verbs: tuple[str, ...]
    """With an object, third person singular."""
    idle_predicates: tuple[str, ...]
    """Complete without an object."""
    bystanders: tuple[str, ...]
    """Nouns of the same kind that mean no label."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.strip().splitlines())


PEOPLE: Final = Cast(
    adjectives=_words(
        "old young quiet proud lonely clever nervous stubborn gentle bitter tired careless honest "
        "charming weary restless anxious cheerful gloomy reckless timid brave elegant awkward "
        "ambitious generous jealous patient ruthless shy superstitious unlucky vain wounded "
        "homesick idealistic eccentric impatient obedient outspoken"
    ),
    attachments=_phrases("""
        from Lisbon
        from Oslo
        from Naples
        from Havana
        from upriver
        from overseas
        from nowhere
        in exile
        in disguise
        in mourning
        in debt
        in slippers
        in velvet
        of few words
        of strict habits
        with one suitcase
        with a limp
        with two names
        with debts
        with no past
        without a home
        without friends
        next door
        upstairs
    """),
    verbs=_words(
        "follows deceives rescues hires betrays forgives hunts protects accuses visits befriends "
        "mocks blackmails warns recognises imitates outwits shelters confronts teaches ignores "
        "abandons inspires exposes tricks comforts avoids envies pities surprises questions saves "
        "challenges invites humiliates trusts provokes traps reassures summons"
    ),
    idle_predicates=_phrases("""
        sleeps badly
        waits by the window
        dreams of the sea
        says very little
        arrives too late
        grows old
        keeps to the back roads
        drinks alone
        misses the last ferry
        stays out of sight
        talks to the radio
        cannot go home
        burns old letters
        lives above the bakery
        tells the same story twice
        laughs at the wrong moment
        walks the dog at midnight
        learns to swim
        counts the days
        sells the house
        loses a shoe
        writes no more letters
        refuses to leave
        disappears for a week
    """),
    bystanders=_words(
        "neighbour stranger cousin baker postman shopkeeper uncle tourist gardener landlady "
        "engineer orphan accountant athlete apprentice waiter librarian tailor electrician "
        "upholsterer"
    ),
)
"""Words around nouns for people and other creatures."""

EVENTS: Final = Cast(
    adjectives=_words(
        "long sudden strange quiet untimely public private costly awkward famous splendid small "
        "secret noisy belated unexpected early untidy ordinary endless"
    ),
    attachments=_phrases("""
        at sea
        at dawn
        in Lisbon
        in Oslo
        in the valley
        in public
        of the year
        on the island
        on Sunday
        upriver
        overseas
        without witnesses
        with guests
        by candlelight
    """),
    verbs=_words(
        "precedes overshadows delays spoils prompts interrupts outlasts upstages cancels mirrors "
        "foretells hastens explains complicates disturbs announces"
    ),
    idle_predicates=_phrases("""
        changes nothing
        lasts three days
        surprises nobody
        takes place in silence
        begins too late
        ends in tears
        goes wrong
        fills the newspapers
        costs a fortune
        leaves no trace
        divides the town
        passes quickly
    """),
    bystanders=_words(
        "storm harvest auction parade banquet strike exhibition election flood market regatta "
        "inspection"
    ),
)
"""Words around nouns for events."""

ADVERBS: Final = _words(
    "secretly slowly quietly openly reluctantly finally barely gladly accidentally suddenly "
    "nearly patiently always never often twice"
)
"""Before a verb with an object."""

LEADS: Final = _phrases("""
    Meanwhile,
    One night,
    That winter,
    At first,
    By spring,
    Years later,
    Before long,
    After the storm,
    In secret,
    On the coast,
    As rumours spread,
    Against all advice,
    Halfway through,
    Unexpectedly,
    In the third act,
    On a rainy Sunday,
""")
"""Before a sentence; each ends in a comma."""

THING_ADJECTIVES: Final = _words(
    "strange old forgotten unexpected famous ordinary ugly expensive borrowed imaginary nameless "
    "stolen enormous invisible lucky second"
)
"""Before a noun that is a word cue."""

PLACES: Final = _phrases("""
    in a port town
    in a mountain village
    in a crowded tenement
    in an empty hotel
    at a desert outpost
    on an island without a doctor
    in a city under curfew
    in a flooded valley
    in an old mining colony
    in a suburb by the airport
    at a frozen station
    in an abandoned factory
    in a quarter of narrow streets
    on a farm at the border
    in an orchard in autumn
    in a capital of rumours
    at a seaside resort
    in an endless forest
    in a town without clocks
    beside an industrial canal
""")
"""Where a synopsis may be set."""

TIMES: Final = _phrases("""
    in the coldest winter anyone remembers
    one summer long ago
    on the eve of a storm
    after the mines have closed
    while the trains stand still
    in a year of bad harvests
    on the longest day of the year
    in the last week of the holidays
    long after the circus has left
    during a power cut
    between two elections
    at the end of a dry season
    before the bridge is built
    when the river rises
""")
"""When a synopsis may be set."""

MOODS: Final = _phrases("""
    nobody asks questions
    old quarrels come back
    everyone owes somebody money
    the wrong people meet
    secrets do not keep
    nothing is what it was
    small lies grow large
    promises are cheap
    luck is running out
    the walls are thin
    strangers are not welcome
    the past is close at hand
    everybody plans to leave
    silence has a price
""")
"""What a synopsis may say of its setting."""

WORD_FRAMES: Final = _phrases("""
    Everything turns on {thing}
    There is talk of {thing}
    {thing} changes the plan
    Nobody has forgotten {thing}
    It begins with {thing}
    {thing} stands in the way
    All that remains is {thing}
    {person} brings home {thing}
    {person} is afraid of {thing}
    Then comes {thing}
    {thing} causes trouble for {person}
    {person} cannot resist {thing}
""")
"""Sentences around a word cue."""

CLOSINGS: Final = _phrases("""
    In the end only the sea keeps quiet
    What follows is a lesson in patience
    Not everyone will see the morning
    A choice has to be made before sunrise
    Some doors are better left closed
    It ends where it began
    The truth is stranger than the rumour
    Only one of them goes home
    There is no easy way back
    Nothing will be the same again
    The price turns out to be higher than expected
    And then the lights go out
    Everyone has something to lose
    Friendship proves harder than it looks
    An answer comes from an unlikely corner
    The last word belongs to the weather
""")
"""How a synopsis may end."""
