"""The test split is read by one function, for an export and for a training that was asked to."""

import ast

from tests.imports import modules

READER = "search.study.sealed_test"
OWNER = "search.data.split.split"


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


def test_one_module_reads_the_test_split() -> None:
    readers = {
        name
        for name, path in modules().items()
        if name != OWNER and _reads_of_test(path.read_text(encoding="utf-8"))
    }
    assert readers == {READER}


def test_it_is_read_for_an_export_that_never_read_it_and_a_training_that_was_asked_to() -> None:
    guards = {
        name: _guards_of("measure_test", path.read_text(encoding="utf-8"))
        for name, path in modules().items()
        if name != READER
    }
    assert {name: found for name, found in guards.items() if found} == {
        "search.study.export": ["is_read_now"],
        "search.presets.training": ["reads_test"],
    }


def _guards_of(function: str, source: str) -> list[str]:
    """Give the condition before each call of a function, or of one that calls it; "" for none."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node  # type: ignore[attr-defined]
    return [_guard_of(call, tree) for call in _calls(function, tree)]


def _calls(function: str, tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function
    ]


def _guard_of(node: ast.AST, tree: ast.AST) -> str:
    while (above := getattr(node, "parent", None)) is not None:
        if isinstance(above, ast.If | ast.IfExp) and node is not above.test:
            return ast.unparse(above.test)
        if isinstance(above, ast.FunctionDef):
            callers = [_guard_of(call, tree) for call in _calls(above.name, tree)]
            return callers[0] if len(set(callers)) == 1 else ""
        node = above
    return ""


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
