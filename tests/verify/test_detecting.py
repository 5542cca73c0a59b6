"""All detectors at once: arbitrary and hostile text, a crash, published solutions."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given as property_of
from hypothesis import settings as under
from hypothesis import strategies as st

from tests.verify.reading import lines_of
from tests.verify.test_claims import HOSTILE
from tests.verify.warned import given
from tunix_rt.verify.checking import detect, detectors, steps_version
from tunix_rt.verify.schema import LONGEST_TRACE, StepInput, TraceInput

MOST_CLEAN = {"provenance": 0.04, "final_unsupported": 0.0045}
"""Shares of GSM8K's own solutions that may be warned of; every other kind speaks of none."""

words = st.text(max_size=60) | st.sampled_from(
    [
        "<think>",
        "</think>",
        "```",
        "Check: 7",
        "the answer is 7",
        "7",
        "所以答案是正确的",
        "",
        "{",
        "=",
    ]
)


def test_every_detector_is_listed() -> None:
    assert detectors.names() == [
        "final-unsupported",
        "language-switch",
        "leaked-answer",
        "loop",
        "provenance",
        "reused-numbers",
        "ritual",
        "truncation",
        "unclosed-thinking",
    ]


@under(deadline=None)
@property_of(st.lists(words, max_size=8), words, words, st.sampled_from(["step", "check"]))
def test_arbitrary_traces_never_crash_a_detector(
    steps: list[str], prompt: str, answer: str, kind: str
) -> None:
    trace = given(*steps, prompt=prompt, answer=answer, types=[kind] * len(steps))

    for warning in detect(trace):
        assert warning.kind != "crashed", warning.message
        if warning.start is not None and warning.step is not None:
            assert 0 <= warning.start <= (warning.end or 0) <= len(steps[warning.step])


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_to_an_end_in_every_detector(text: str) -> None:
    trace = given(text, "check " + text, prompt=text, answer=text)

    assert "crashed" not in {warning.kind for warning in detect(trace)}


def test_a_crash_inside_a_detector_is_a_warning_and_the_others_go_on() -> None:
    broken = StepInput.model_construct(index=0, type=None, content="Check: so <think>")
    trace = TraceInput.model_construct(prompt="1", steps=(broken,), final_answer="1", meta={})

    found = list(detect(trace))

    [crash] = [warning for warning in found if warning.kind == "crashed"]
    assert "ritual" in crash.message
    assert "unclosed_thinking" in {warning.kind for warning in found}


def test_a_trace_that_is_too_long_is_one_warning() -> None:
    trace = given(*["word " * 4_000] * (LONGEST_TRACE // 20_000 + 1))

    assert [warning.kind for warning in detect(trace)] == ["too_long"]


def test_the_version_of_stored_verdicts_fits_its_column() -> None:
    assert len(steps_version()) <= 20


def test_published_solutions_are_hardly_warned_of(data: Path) -> None:
    alarms: Counter[str] = Counter()
    lines = lines_of(data / "gsm8k" / "test.jsonl")
    for line in lines:
        problem = json.loads(line)
        body, _, answer = problem["answer"].partition("\n####")
        trace = given(*body.split("\n"), prompt=problem["question"], answer=answer.strip())
        alarms.update({warning.kind for warning in detect(trace)})

    assert {kind for kind, n in alarms.items() if n / len(lines) > MOST_CLEAN.get(kind, 0)} == set()
