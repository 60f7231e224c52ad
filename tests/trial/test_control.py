import math
import time

import pytest

from search.trial.control import Control
from search.trial.events import Event, TrialRefused

PAST, NEVER = -math.inf, math.inf


def test_without_wishes_nothing_is_over_and_nobody_hears() -> None:
    control = Control()
    control.say("a sentence")
    control.listen(TrialRefused(0, "#0 gru 8", 20))
    assert not control.is_interrupted()
    assert not control.is_time_over()
    assert not control.is_over()


@pytest.mark.parametrize(
    ("deadline", "is_interrupted", "is_time_over", "is_over"),
    [
        pytest.param(NEVER, False, False, False, id="neither"),
        pytest.param(NEVER, True, False, True, id="interrupted"),
        pytest.param(PAST, False, True, True, id="time over"),
        pytest.param(PAST, True, True, True, id="both"),
    ],
)
def test_it_is_over_when_the_user_or_the_time_says_so(
    deadline: float, is_interrupted: bool, is_time_over: bool, is_over: bool
) -> None:
    control = Control(deadline=deadline, is_interrupted=lambda: is_interrupted)
    assert control.is_time_over() is is_time_over
    assert control.is_over() is is_over


def test_a_deadline_is_a_reading_of_the_monotonic_clock() -> None:
    now = time.monotonic()
    assert Control(deadline=now).is_time_over()
    assert not Control(deadline=now + 3600).is_time_over()


def test_an_interruption_is_asked_for_anew_each_time() -> None:
    answers = [False, True]
    control = Control(is_interrupted=lambda: answers.pop(0))
    assert [control.is_over(), control.is_over()] == [False, True]


def test_sentences_and_events_reach_who_listens() -> None:
    sentences: list[str] = []
    events: list[Event] = []
    control = Control(say=sentences.append, listen=events.append)
    refused = TrialRefused(0, "#0 gru 8", 20)
    control.say("a sentence")
    control.listen(refused)
    assert (sentences, events) == (["a sentence"], [refused])
