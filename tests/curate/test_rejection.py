from typing import Any

from tests.curate.curating import ask, kept, reasons, seen
from tunix_rt.curate.schema import Drop, Seen


def sample(*steps: str, **more: Any) -> Seen:
    return seen(*steps, **{"prompt": "p", "verdict": "right", **more})


def test_what_is_not_right_or_is_flagged_is_rejected() -> None:
    traces = (
        sample("good"),
        sample("bad", verdict="wrong"),
        sample("what", verdict=None),
        sample("loop", warnings=("loop",)),
        sample("wrong on the way", first_error=0),
    )

    said = reasons("rejection", *traces)

    assert said == [None, "answer wrong", "answer not verified", "flagged", "wrong step"]


def test_samples_that_say_the_same_steps_are_one() -> None:
    said = ask("rejection", sample("Two, two."), sample("two TWO", answer="04"), sample("three"))

    dropped = [one for one in said if isinstance(one, Drop)]
    assert [one.reason for one in dropped] == ["same steps"]
    assert said[2] is None


def test_short_samples_with_many_checked_steps_come_first() -> None:
    short, long = sample("ab", "cd"), sample("a much longer way", "to say the same")
    checked = sample("the longest way of all, with", "every step checked", coverage=1.0)

    assert kept("rejection", long, short, checked, most=2) == [short, checked]
    assert kept("rejection", long, short, checked, most=1) == [checked]


def test_each_prompt_has_its_own_number() -> None:
    traces = [sample(str(n), prompt=f"p{n % 3}") for n in range(12)]

    assert len(kept("rejection", *traces, most=2)) == 6
