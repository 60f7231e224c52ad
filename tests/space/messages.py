"""Messages compared by what they must contain, not by their wording."""

import re
from collections.abc import Iterable


def check_messages(found: Iterable[object], *expected: str) -> None:
    """Check that there are as many messages as expected, in this order, and what they contain.

    An expected text is its pieces joined by `...`. The message begins with the first piece, as a
    rule the key path, and has the others after it in this order, as whole words and numbers.
    """
    messages = [str(message) for message in found]
    assert len(messages) == len(expected), f"expected {len(expected)} messages, got {messages}"
    for message, text in zip(messages, expected, strict=True):
        pattern = ".*".join(_whole(piece) for piece in text.split("..."))
        assert re.match(pattern, message, re.DOTALL), f"expected {text!r}, got {message!r}"


def _whole(piece: str) -> str:
    """Write a pattern for a piece that does not end inside a word or number."""
    before = r"(?<![\w.])" if re.match(r"\w", piece) else ""
    after = r"(?!\w|\.\d)" if re.search(r"\w$", piece) else ""
    return before + re.escape(piece) + after
