"""The test split is read in the export and nowhere else."""

import ast

from tests.imports import modules

READER = "search.pipeline.export"
OWNER = "search.data.split"


def _reads_of_test(source: str) -> list[int]:
    """List the lines that take an attribute `test`, or the field by its name."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr == "test")
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("getattr", "attrgetter")
            and any(isinstance(a, ast.Constant) and a.value == "test" for a in node.args)
        )
    ]


def test_the_search_finds_what_it_looks_for() -> None:
    assert _reads_of_test("a = split.test\nb = split.train\nc = getattr(split, 'test')") == [1, 3]


def test_only_the_export_reads_the_test_split() -> None:
    readers = {
        name
        for name, path in modules().items()
        if name != OWNER and _reads_of_test(path.read_text(encoding="utf-8"))
    }
    assert readers == {READER}


def test_the_export_reads_it_in_one_function_and_only_where_it_was_never_read() -> None:
    tree = ast.parse(modules()[READER].read_text(encoding="utf-8"))
    (function,) = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and _reads_of_test(ast.unparse(node))
    )
    (guard,) = (
        node
        for node in ast.walk(function)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "known is None"
    )
    assert len(_reads_of_test(ast.unparse(guard))) == len(_reads_of_test(ast.unparse(function)))


def test_no_one_takes_the_sides_of_a_split_by_position_or_all_at_once() -> None:
    names = {"asdict", "astuple", "vars", "fields"}
    suspects = {
        name
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and any(isinstance(a, ast.Name) and a.id == "split" for a in node.args)
    }
    assert suspects == set()
