from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.language import BadQuery, joined, parse
from tunix_rt.traces.schema import TraceFilter

DAY = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("", {}),
        ("   ", {}),
        (
            'source:gsm8k verdict:wrong steps:>5 "half as many"',
            {"source": "gsm8k", "verdict": "wrong", "steps_min": 6, "q": '"half as many"'},
        ),
        ('source:"my file.jsonl"', {"source": "my file.jsonl"}),
        ("Model:m1 LABEL:none", {"model": "m1", "label": "none"}),
        ("steps:3", {"steps_min": 3, "steps_max": 3}),
        ("steps:3..7 chars:..100", {"steps_min": 3, "steps_max": 7, "chars_max": 100}),
        ("steps:>=3 ", {"steps_min": 3}),
        ("steps:<3", {"steps_max": 2}),
        ("score:>=0.5", {"score_min": 0.5}),
        ("score:-1..1", {"score_min": -1.0, "score_max": 1.0}),
        ("date:2026-11-21", {"since": DAY, "until": DAY.replace(day=22)}),
        ("date:>2026-11-21", {"since": DAY.replace(day=22)}),
        ("date:..2026-11-20", {"until": DAY}),
        ("meta.task:a/b meta.Level:2", {"meta": ("task=a/b", "Level=2")}),
        ("type:derive tag:hard is:deleted", {"type": "derive", "tag": "hard", "deleted": True}),
        ("group:00ff00ff00ff00ff dataset:d-v1", {"group": "00ff" * 4, "dataset": "d-v1"}),
        ("half many", {"q": "half many"}),
        ('two "a b" three', {"q": 'two "a b" three'}),
        ("http://a.b/c", {"q": "http://a.b/c"}),  # an address is no field
        ("3:4", {"q": "3:4"}),  # nor is a ratio
    ],
)
def test_a_query_means_a_filter(query: str, meant: dict[str, object]) -> None:
    assert parse(query) == TraceFilter.model_validate(meant)


@pytest.mark.parametrize(
    ("query", "position", "said"),
    [
        ("source:gsm8k verdct:wrong", 13, "'verdct' is no field"),
        ("verdict:rihgt", 8, "verdict: input should be"),
        ("steps:many", 6, "'many' is no number"),
        ("a steps:>x", 8, "'x' is no number"),
        ("score:nan", 6, "'nan' is no number"),
        ("steps:-1", 6, "greater than or equal to 0"),
        ('a "open', 2, "not closed"),
        ('source:"open', 7, "not closed"),
        ("source:", 0, "'source' has no value"),
        ("a source: b", 2, "'source' has no value"),
        ("source:a source:b", 9, "said twice"),
        ("date:yesterday", 5, "'yesterday' is no date"),
        ("is:open", 3, "Nothing is 'open'"),
        ("group:xyz", 6, "pattern"),
        ("colour:red", 0, "'colour' is no field"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(query: str, position: int, said: str) -> None:
    with pytest.raises(BadQuery) as error:
        parse(query)

    assert said in error.value.message
    assert error.value.position == position
    assert f"(at character {position + 1})" in error.value.message


def test_a_field_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(BadQuery) as error:
        parse("verdct:wrong")

    assert error.value.hint == "Did you mean verdict?"


def test_above_leaves_the_number_itself_out() -> None:
    above = parse("score:>0.5").score_min

    assert above is not None
    assert above > 0.5
    assert above - 0.5 < 1e-12


def test_a_query_and_fields_beside_it_must_both_match() -> None:
    both = joined("verdict:wrong", TraceFilter(source="a"))

    assert both == TraceFilter(source="a", verdict="wrong")
    with pytest.raises(BadInput, match="source is given twice"):
        joined("source:b", TraceFilter(source="a"))


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_is_refused_with_a_place_in_it(text: str) -> None:
    try:
        place = 0 if parse(text) is not None else -1
    except BadQuery as error:
        place = error.position

    assert 0 <= place <= len(text)
