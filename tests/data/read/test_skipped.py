"""How many broken rows may be left out."""

import re

import pytest

from search.data.read.skipped import NONE_SKIPPED, check_share
from search.errors import DataError


def test_broken_rows_up_to_the_share_are_counted_with_the_first() -> None:
    skipped = check_share(["line 3: bad", "line 9: worse"], 18, 0.1)
    assert (skipped.count, skipped.example) == (2, "line 3: bad")
    assert check_share([], 18, 0.0) == NONE_SKIPPED


def test_more_of_them_are_refused_with_advice_that_helps() -> None:
    with pytest.raises(DataError, match="line 3: bad") as caught:
        check_share(["line 3: bad", *["line 9: worse"] * 2], 17, 0.1)
    assert "3 of 20" in caught.value.message
    assert caught.value.parameter == "skip_bad_rows"
    shares = re.findall(r"`skip_bad_rows` ([\d.]+\d)", caught.value.hint)
    assert all(float(share) >= 3 / 20 for share in shares)
