import time

from search.pipeline.refreshing import Refresh


def test_what_takes_no_time_is_written_each_time() -> None:
    written: list[int] = []
    refresh = Refresh(lambda: written.append(1))
    for _ in range(3):
        refresh()
        time.sleep(0.001)
    assert len(written) == 3


def test_between_two_pictures_there_is_a_pause() -> None:
    written: list[int] = []
    refresh = Refresh(lambda: written.append(1), pause_seconds=60)
    for _ in range(3):
        refresh()
    assert len(written) == 1


def test_what_takes_long_is_written_seldom() -> None:
    written: list[int] = []

    def write() -> None:
        written.append(1)
        time.sleep(0.1)

    refresh = Refresh(write)
    for _ in range(3):
        refresh()
    assert len(written) == 1  # The next is due after 20 times as long.
