from tests.making import trace
from tests.traces.reading import read, written


def test_what_is_written_is_read_back_the_same() -> None:
    found = read("jsonl", *(trace(i) for i in range(3)))

    again = read("jsonl", *written("jsonl", found).splitlines())

    assert again == found
    assert [one.prompt for one in found] == [f"What is {i} + 1?" for i in range(3)]


def test_unknown_fields_are_ignored() -> None:
    [found] = read("jsonl", {**trace(1), "extra": 1})

    assert not hasattr(found, "extra")
