from search.space.value import are_equal, to_text


def test_true_is_not_one() -> None:
    assert are_equal(1, 1.0)
    assert not are_equal(1, True)


def test_values_are_shown_as_a_space_file_writes_them() -> None:
    assert [to_text(value) for value in (True, 0.5, 1e-3, 64, "lstm")] == [
        "true",
        "0.5",
        "0.001",
        "64",
        "lstm",
    ]
