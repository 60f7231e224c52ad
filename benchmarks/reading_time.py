"""Time and memory of reading and describing a table, against the size of its file.

    python benchmarks/reading_time.py csv 300000
    python benchmarks/reading_time.py jsonl 900000 --emoji
    python benchmarks/reading_time.py json 900000 --emoji

Writes a table of so many rows of 30 words with one to three of six labels into a temporary folder,
reads it, describes it, and prints seconds of the processor, the largest memory of the process, and
what of it came with the file. `--emoji` gives every tenth text a character beyond 16 bits, for
which Python keeps four bytes a character.
"""

import argparse
import json
import random
import resource
import tempfile
import time
from pathlib import Path

from search.data.corpus import DataSource
from search.data.description import describe_corpus

WORDS = [f"w{number}ord" for number in range(20_000)]
LABELS = ["Drama", "Comedy", "Action", "Sci-Fi", "Horror", "Film noir"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["csv", "jsonl", "json"])
    parser.add_argument("rows", type=int)
    parser.add_argument("--emoji", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"table.{options.kind}")
        write_table(path, options.rows, emoji=options.emoji)
        # What is loaded for the first small file is no cost of the large one.
        small = Path(folder, "small.csv")
        write_table(small, 100, emoji=False)
        describe_corpus(DataSource(str(small)).open())
        before, started = measure_memory(), time.process_time()
        corpus = DataSource(str(path)).open()
        read = time.process_time() - started
        describe_corpus(corpus)
        described = time.process_time() - started - read
        size, memory = path.stat().st_size / 2**20, measure_memory()
    print(
        f"{options.kind}, {options.rows:,} rows, {size:.0f} MiB: {read:.2f} s to read, "
        f"{described:.2f} s to describe; {memory:.0f} MiB in all, {memory - before:.0f} MiB for "
        f"the file, {(memory - before) / size:.2f} times its size"
    )


def write_table(path: Path, n_rows: int, *, emoji: bool) -> None:
    random.seed(0)
    with path.open("w", encoding="utf-8") as file:
        file.write({".csv": "id,text,genres\n", ".json": "["}.get(path.suffix, ""))
        for row in range(n_rows):
            text = " ".join(random.choices(WORDS, k=30)) + " \N{GRINNING FACE}" * (
                emoji and row % 10 == 0
            )
            labels = random.sample(LABELS, random.randint(1, 3))
            if path.suffix == ".csv":
                file.write(f'{row},"{text}, end","{", ".join(labels)}"\n')
                continue
            comma = "," if row and path.suffix == ".json" else ""
            file.write(f"{comma}{json.dumps({'id': row, 'text': text, 'genres': labels})}\n")
        file.write("]" if path.suffix == ".json" else "")


def measure_memory() -> float:
    """Give the largest memory of the process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
