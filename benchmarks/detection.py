"""Compare what recognises encodings and delimiters: this project, and libraries made for it.

    pip install charset-normalizer faust-cchardet clevercsv
    python benchmarks/detection.py FOLDER

FOLDER holds real files: netflix_titles.csv, tmdb_5000_movies_raw.csv, emoevent_es_train.tsv and
tmdb_one_hot.csv (Windows-1252), and others with the suffixes .csv and .tsv. Prints how many samples
each library names right: an encoding is right where the sample decodes to the same text, a dialect
where it gives each of the first rows as many fields.
"""

import argparse
import csv
import io
import time
from collections.abc import Callable
from pathlib import Path

import cchardet
import chardet
import clevercsv
from charset_normalizer import from_bytes

from search.data.read.delimited import SAMPLE, find_dialect

SENTENCES = {
    ("cp1252", "German"): "Die Würde des Menschen ist unantastbar, größer, schöner, Straße",
    ("cp1250", "Polish"): "Wszyscy ludzie rodzą się wolni i równi w swojej godności, żółć",
    ("cp1251", "Russian"): "Все люди рождаются свободными и равными в своем достоинстве",  # noqa: RUF001
    ("koi8-r", "Russian"): "Все люди рождаются свободными и равными в своем достоинстве",  # noqa: RUF001
    ("shift_jis", "Japanese"): "すべての人間は、生まれながらにして自由であり、平等である。",
    ("gbk", "Chinese"): "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心",
    ("big5", "Chinese"): "人人生而自由,在尊嚴和權利上一律平等。",
}
ENCODINGS: dict[str, Callable[[bytes], str | None]] = {
    "chardet": lambda sample: chardet.detect(sample)["encoding"],
    "charset-normalizer": lambda sample: getattr(from_bytes(sample).best(), "encoding", None),
    "faust-cchardet": lambda sample: cchardet.detect(sample)["encoding"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    compare_encodings(list_samples(folder))
    compare_dialects(sorted([*folder.glob("*.csv"), *folder.glob("*.tsv")]))


def list_samples(folder: Path) -> list[tuple[str, bytes, str]]:
    """Give the name, the bytes and the true encoding of each sample."""
    tweets = read_column(folder / "emoevent_es_train.tsv", "tweet", "\t")
    films = read_column(folder / "netflix_titles.csv", "description", ",")
    plots = read_column(folder / "tmdb_5000_movies_raw.csv", "overview", ",")
    texts = [
        ("Spanish tweets", tweets[:2000], "cp1252"),
        ("Spanish tweets, 30", tweets[:30], "cp1252"),
        ("Spanish tweets", tweets[:2000], "latin-1"),
        ("Spanish tweets", tweets[:2000], "mac_roman"),
        ("Netflix titles", films[:3000], "cp1252"),
        ("Netflix titles, 100", films[:100], "cp1252"),
        ("TMDB", plots[:3000], "cp1252"),
        *((name, [sentence] * 5, codec) for (codec, name), sentence in SENTENCES.items()),
    ]
    samples = [(f"{n}, {c}", "\n".join(t).encode(c, "ignore"), c) for n, t, c in texts]
    content = (folder / "tmdb_one_hot.csv").read_bytes()
    return [*samples, ("tmdb_one_hot.csv", content, "cp1252")]


def read_column(path: Path, column: str, delimiter: str) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
        return [row[column] for row in csv.DictReader(file, delimiter=delimiter, quoting=quoting)]


def compare_encodings(samples: list[tuple[str, bytes, str]]) -> None:
    for library, detect in ENCODINGS.items():
        started, wrong = time.perf_counter(), []
        for name, content, codec in samples:
            lines = [line for line in content.split(b"\n") if not line.isascii()]
            sample = b"\n".join(lines)[: 1 << 16]
            found = detect(sample)
            try:
                is_right = found is not None and sample.decode(found) == sample.decode(codec)
            except (LookupError, UnicodeDecodeError):
                is_right = False
            wrong += [] if is_right else [f"{name} as {found}"]
        seconds = time.perf_counter() - started
        n_right = len(samples) - len(wrong)
        print(f"{library}: {n_right} of {len(samples)} right, {seconds:.2f} s; wrong: {wrong}")


def compare_dialects(paths: list[Path]) -> None:
    sniffers: dict[str, Callable[[str, str], tuple[str, str | None]]] = {
        "this project": sniff_here,
        "clevercsv": lambda sample, _suffix: sniff(clevercsv.Sniffer(), sample),
        "csv.Sniffer": lambda sample, _suffix: sniff(csv.Sniffer(), sample),
    }
    for library, find in sniffers.items():
        started, wrong = time.perf_counter(), []
        for path in paths:
            codec = "cp1252" if "one_hot" in path.name else "utf-8"
            with path.open(encoding=codec, newline="") as file:
                sample = file.read(SAMPLE)
            sample = sample[: sample.rfind("\n") + 1]
            delimiter, quote = find(sample, path.suffix)
            wrong += [] if is_even(sample, delimiter, quote) else [path.name]
        seconds = time.perf_counter() - started
        n_right = len(paths) - len(wrong)
        print(f"{library}: {n_right} of {len(paths)} right, {seconds:.2f} s; wrong: {wrong}")


def sniff_here(sample: str, suffix: str) -> tuple[str, str | None]:
    dialect = find_dialect(sample, "\t" if suffix == ".tsv" else ",", None, None)
    return dialect.delimiter, dialect.quote


def sniff(sniffer: csv.Sniffer | clevercsv.Sniffer, sample: str) -> tuple[str, str | None]:
    try:
        dialect = sniffer.sniff(sample)
    except (csv.Error, clevercsv.Error):
        return "", None
    return getattr(dialect, "delimiter", "") or "", getattr(dialect, "quotechar", None) or None


def is_even(sample: str, delimiter: str, quote: str | None) -> bool:
    if not delimiter:
        return False
    how = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, **how)  # type: ignore[arg-type]
    widths = {len(row) for row in rows if row}
    return len(widths) == 1 and widths.pop() > 1


if __name__ == "__main__":
    main()
