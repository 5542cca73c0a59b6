import pytest

from tests.curate.curating import ask, kept, reasons, seen
from tunix_rt.curate.schema import Drop


def test_of_equal_texts_the_best_stays() -> None:
    wrong = seen("Two and two are four.", verdict="wrong")
    right = seen("two  and two are FOUR", verdict="right")
    claimed = seen("Two and two, are four!", verdict="right", claims=3)

    said = ask("exact-dedup", wrong, right, claimed)

    assert said[2] is None
    assert said[0] == said[1] == Drop("same trace", {"text": "normal"}, twin=2)


def test_raw_text_has_to_be_the_same_to_the_letter() -> None:
    one, other, same = seen("Two."), seen("two"), seen("Two.", source="b")

    assert sorted(filter(None, reasons("exact-dedup", one, other, same, text="raw"))) == [
        "same trace"
    ]


def test_masked_text_is_the_same_when_only_numbers_differ() -> None:
    one, other = seen("12 + 3 = 15", answer="15"), seen("4 + 58 = 62", answer="62")

    assert reasons("exact-dedup", one, other, text="normal") == [None, None]
    assert len(kept("exact-dedup", one, other, text="masked")) == 1


@pytest.mark.parametrize(("of", "left"), [("trace", 3), ("prompt", 2), ("steps", 2)])
def test_a_part_of_the_trace_can_be_compared(of: str, left: int) -> None:
    traces = [seen("a", prompt="p"), seen("b", prompt="p"), seen("a", prompt="q")]

    assert len(kept("exact-dedup", *traces, of=of)) == left


def test_the_same_one_stays_whatever_the_order() -> None:
    twins = [seen("same text here", source=str(n)) for n in range(9)]

    [first] = kept("exact-dedup", *twins)
    [again] = kept("exact-dedup", *twins[::-1])

    assert first.key == again.key
