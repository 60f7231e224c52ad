"""The files that named corpora are fetched from.

Owns their names, addresses and hashes, and what stands in for the addresses. Fetches nothing.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import DataError

Progress = Callable[[str, int, int | None], None]
"""Called with a file's name, bytes there, and bytes in all (None where the server does not say)."""

MIRROR_VARIABLE = "GENRE_SEARCH_MIRROR"
"""Environment variable: an address under which the files lie by their names."""

_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets"
_WIKIPEDIA = (
    "https://raw.githubusercontent.com/prust/wikipedia-movie-data/"
    "91ae721d3672e8ef4f15b213c763a634250ef61a"
)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file whose content is known by its hash, whoever serves it."""

    name: str
    """Its name in the cache folder and at a mirror."""
    home: str
    """The address of its folder."""
    digest: str
    """The hash, in lower case hexadecimal."""
    algorithm: str = "sha256"
    """The hash function, as hashlib names it; an MD5 shows damage, not forgery."""

    @property
    def address(self) -> str:
        """Where to fetch it: at the mirror of GENRE_SEARCH_MIRROR, else at home.

        Raises:
            DataError: the mirror is no http or https address.
        """
        mirror = os.environ.get(MIRROR_VARIABLE, "")
        if mirror and not mirror.startswith(("http://", "https://")):
            raise DataError(
                f"{MIRROR_VARIABLE}: expected an address that begins with http:// or https://, "
                f"found {mirror!r}",
                f"Give the address of the folder that holds {self.name}, or unset the variable.",
            )
        return f"{(mirror or self.home).rstrip('/')}/{self.name}"


IMDB_ARCHIVE = RemoteFile(
    "imdb.npz", _KERAS, "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
)
"""50,000 reviews as ranks of words; the hash is that of Keras 3.15 (`datasets/imdb.py`)."""
IMDB_INDEX = RemoteFile(
    "imdb_word_index.json", _KERAS, "bfafd718b763782e994055a2d397834f", algorithm="md5"
)
"""The words of the ranks. Keras pins an MD5 only."""

WIKIPEDIA_FILES = tuple(
    RemoteFile(f"movies-{decade}.json", _WIKIPEDIA, digest)
    for decade, digest in (
        ("1900s", "5a42dfc3ff83ab30e3982f93f1164114b41e99e73c632c2321a87772959793e5"),
        ("1910s", "4672fe20aeddfe1c52464efc804ee3091f9e4b5fd385401ff0ce48cf8d367573"),
        ("1920s", "cb892518d2ffda4f2f11a0bd56f28b102fd0d47e5ae1ba2b2e4cb4e964f8127a"),
        ("1930s", "b2ffc5608cbeff231408433ad43f873d422b914bebdf408ebe18427c09a9dcb2"),
        ("1940s", "b4d96fc8b7c36f406e489b6fc017de03dd6a10f4c89a84d2a2a46af74e8b49a3"),
        ("1950s", "8f566bfec734e93f19f688598e82239556401bde63c226510d71190b30855298"),
        ("1960s", "a2450179f0744c07960a7840b9a86b5e0d733f7c0136a4ebcb804a63de9dc0a1"),
        ("1970s", "f9abef01840fc70afd148906c7985fa5548ab1f473520dfa6623a3a397bc4ce3"),
        ("1980s", "21d0f3c203f77169bb6508225aad4740816a3d7efd9e3bac82e3b812d0569672"),
        ("1990s", "facf24e3297937022285d064cc069e8bbe02581c3248a87f0b377c045b4fb61d"),
        ("2000s", "66140e41fe6c79cbb325b6566f156e27fe032a42175f224dfff1b71aa9630207"),
        ("2010s", "e218edfdd8453cdd938fcb8b07b6b177474b3b18361e3422fdd6480d7e3bf9f9"),
        ("2020s", "505f0f56ecdca7a2643fb3a811399b885f837e2cbfa9ee95a24b9018073e3eb3"),
    )
)
"""American films of each decade, of one commit of prust/wikipedia-movie-data."""
