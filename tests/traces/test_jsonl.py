from tests.making import trace
from tests.traces.reading import read, written
from tunix_rt.traces.schema import ReasoningTrace


def test_what_is_written_is_read_back_the_same() -> None:
    found = read("jsonl", *(trace(i) for i in range(3)))

    again = read("jsonl", *written("jsonl", found).splitlines())

    assert again == found
    assert all(isinstance(one, ReasoningTrace) for one in found)


def test_unknown_fields_are_ignored() -> None:
    [found] = read("jsonl", {**trace(1), "extra": 1})

    assert not hasattr(found, "extra")
