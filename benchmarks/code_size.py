"""Count the code of `search/`: its lines, its long functions, and how often facts are read by key.

    python benchmarks/code_size.py
    python benchmarks/code_size.py ../other-checkout

Prints a Markdown table. What is counted, over every Python file below `search/`:

- lines of code: lines that are neither blank nor a comment and belong to no docstring of a module,
  class or function. The line of text below a dataclass field counts as code. A line inside a
  longer string that starts with # counts as a comment.
- functions over 25 lines: the body goes from the first statement after the docstring to the last
  line of the function. A nested function counts as part of its parent and by itself. Blank lines
  and comments inside the body are counted in one row and left out in the next.
- facts read by key: every `facts[` and `facts.get(` in the text of a file, whatever stands before
  it, comments and docstrings included.
"""

import argparse
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LONG = 25
"""Lines of body that a function may have."""
FACTS_READ = re.compile(r"facts(?:\[|\.get\()")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Body:
    """The lines of one function without its docstring."""

    place: str
    n_lines: int
    n_code_lines: int


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", nargs="?", type=Path, default=Path(__file__).parents[1])
    checkout = parser.parse_args().checkout
    paths = sorted((checkout / "search").rglob("*.py"))
    if not paths:
        parser.error(f"expected Python files below {checkout / 'search'}, found none")
    texts = {str(path.relative_to(checkout)): path.read_text("utf-8") for path in paths}
    print_table(texts)


def print_table(texts: dict[str, str]) -> None:
    bodies = [body for path, text in texts.items() for body in find_bodies(path, text)]
    n_facts = [len(FACTS_READ.findall(text)) for text in texts.values()]
    longest = max(bodies, key=lambda body: body.n_lines)
    longest_code = max(bodies, key=lambda body: body.n_code_lines)
    rows = {
        "files": f"{len(texts):,}",
        "lines of code": f"{sum(map(count_code_lines, texts.values())):,}",
        "functions": f"{len(bodies):,}",
        f"functions over {LONG} lines": str(sum(body.n_lines > LONG for body in bodies)),
        "the longest": f"{longest.n_lines} ({longest.place})",
        f"functions over {LONG} lines without blank lines and comments": str(
            sum(body.n_code_lines > LONG for body in bodies)
        ),
        "the longest without them": f"{longest_code.n_code_lines} ({longest_code.place})",
        "`facts[` and `facts.get(`": f"{sum(n_facts)} in {sum(map(bool, n_facts))} files",
    }
    width = max(map(len, rows))
    print(f"| {'what':{width}} | count |\n| {'-' * width} | --- |")
    for what, count in rows.items():
        print(f"| {what:{width}} | {count} |")


def count_code_lines(text: str) -> int:
    in_docstrings = {
        number
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Module | ast.ClassDef | Function) and has_docstring(node)
        for number in line_numbers(node.body[:1])
    }
    return sum(
        is_code(line) and number not in in_docstrings
        for number, line in enumerate(text.split("\n"), start=1)
    )


def find_bodies(path: str, text: str) -> Iterator[Body]:
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            numbers = line_numbers(node.body[1:] if has_docstring(node) else node.body)
            n_code_lines = sum(is_code(lines[number - 1]) for number in numbers)
            yield Body(f"`{node.name}` in {path}", len(numbers), n_code_lines)


def has_docstring(node: ast.Module | ast.ClassDef | Function) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def line_numbers(statements: list[ast.stmt]) -> range:
    """Give the lines from the first statement to the last; none where there is no statement."""
    if not statements:
        return range(0)
    return range(statements[0].lineno, (statements[-1].end_lineno or 0) + 1)


def is_code(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith("#")


if __name__ == "__main__":
    main()
