from typing import Any

import pytest

from tests.curate.curating import ask, reasons, seen
from tunix_rt.curate.schema import Drop

PROSE = (
    "First we read the problem with care.\nThen each number is put in its place.\n"
    "After that the sum follows, and a check by hand gives the same value again."
)


def test_nothing_is_dropped_until_it_is_asked_for() -> None:
    assert reasons("quality", seen("a" * 5000), seen(PROSE)) == [None, None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<think> and on and on", "think tag not closed"),
        ("closed </think>", "think tag not closed"),
        ("<think> \n </think> So 4.", "empty think tag"),
        ("<think>2 + 2</think> So 4.", None),
    ],
)
def test_broken_think_tags_are_dropped(text: str, reason: str | None) -> None:
    assert reasons("quality", seen(text)) == [reason]


@pytest.mark.parametrize(
    ("option", "text", "reason"),
    [
        ("same_lines", "so it goes\n" * 9, "repeated lines"),
        ("same_words", "one two three four five six seven eight nine ten " * 4, "repeated words"),
        ("same_chars", "abcdefghijkl" * 9, "repeated characters"),
        ("special_chars", "@#$%^&*" * 9, "special characters"),
    ],
)
def test_too_much_of_something_is_dropped_with_its_share(
    option: str, text: str, reason: str
) -> None:
    asked: dict[str, Any] = {option: 0.3}
    said = ask("quality", seen(text), seen(PROSE), **asked)

    assert isinstance(said[0], Drop)
    assert said[1] is None
    assert said[0].reason == reason
    assert said[0].evidence is not None
    assert said[0].evidence[option] > said[0].evidence["most"] == 0.3


@pytest.mark.parametrize(
    ("option", "least", "reason"),
    [("different_words", 0.5, "few different words"), ("zlib_ratio", 0.2, "packs too well")],
)
def test_too_little_of_something_is_dropped(option: str, least: float, reason: str) -> None:
    assert reasons("quality", seen("again and " * 200), seen(PROSE), **{option: least}) == [
        reason,
        None,
    ]


def test_a_boxed_answer_is_asked_for_only_where_the_prompt_asks() -> None:
    asked = "Put the answer in \\boxed{}."
    traces = (
        seen("so 4", prompt=asked),
        seen("so \\boxed{}", prompt=asked),
        seen("so \\boxed{4}", prompt=asked),
        seen("so 4"),
    )

    said = reasons("quality", *traces, boxed=True)

    assert said == ["no boxed answer", "no boxed answer", None, None]


def test_the_numbers_of_the_prompt_are_looked_for_in_the_steps() -> None:
    prompt = "He has 12 apples and 3.5 pears."
    traces = [
        seen("12 + 3.5 = 15.5", prompt=prompt),
        seen("There are 12.", prompt=prompt),
        seen("Some.", prompt="How?"),
    ]

    said = reasons("quality", *traces, prompt_numbers=0.6)

    assert said == [None, "numbers not used", None]


def test_warnings_drop_what_detectors_saw() -> None:
    assert reasons("quality", seen(warnings=("loop",)), without=["loop"]) == ["warned of"]


def test_a_long_hostile_text_costs_little_time() -> None:
    hostile = "<think>" + " " * 150_000 + "\\boxed" * 8_000
    everything = {
        "same_lines": 0.9,
        "same_words": 0.9,
        "special_chars": 0.9,
        "zlib_ratio": 0.0,
        "boxed": True,
    }

    assert reasons("quality", seen(hostile, prompt="\\boxed"), **everything) == [
        "think tag not closed"
    ]
