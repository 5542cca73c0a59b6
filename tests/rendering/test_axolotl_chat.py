from typing import Any

import pytest

from tests.rendering.rows import records, row, steps
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering import exporting
from tunix_rt.rendering.schema_options import MaskPolicy, Rendering
from tunix_rt.rendering.schema_wording import joined
from tunix_rt.rendering.segmenting import segments

ABC = steps("a", "b", "c")


def parts(*pairs: str, **known: Any) -> list[tuple[str, bool]]:
    [record] = records("axolotl-chat", [row(1, **{"steps": ABC, **known})], *pairs)
    [*before, last] = record["messages"]
    assert not any(part["train"] for turn in before for part in turn["content"])
    assert last["role"] == "assistant"
    assert all(part["type"] == "text" for part in last["content"])
    return [(part["text"], part["train"]) for part in last["content"]]


def test_what_was_never_doubted_is_one_part() -> None:
    assert parts() == [("<think>\na\nb\nc\n</think>\n\n2", True)]


def test_nothing_is_taught_from_the_first_wrong_step_on() -> None:
    assert parts(first_error=1) == [("<think>\na", True), ("\nb\nc\n</think>\n\n2", False)]


def test_a_self_correction_is_taught_and_its_error_is_not() -> None:
    found = parts(step_verdicts=["right", "wrong", "right"], steps=steps("a", "b", "Wait, c"))

    assert found == [
        ("<think>\na", True),
        ("\nb", False),
        ("\nWait, c\n</think>\n\n2", True),
    ]


def test_a_part_begins_with_its_spaces_wherever_a_step_has_some() -> None:
    found = parts("after_error=train", steps=steps("a \n", "b", " c"), first_error=1)

    assert [text for text, _ in found] == ["<think>\na", " \n\nb", "\n c\n</think>\n\n2"]


@pytest.mark.parametrize("known", [{"verdict": "wrong"}, {"first_error": 0}])
def test_a_trace_of_which_nothing_is_taught_is_left_out(known: dict[str, Any]) -> None:
    assert records("axolotl-chat", [row(1, steps=ABC, **known)]) == []


@pytest.mark.parametrize(
    ("pairs", "trained"),
    [
        (
            ["wrong=train", "after_error=train", "wrong_answer=train"],
            "<think>\na\nb\nc\n</think>\n\n2",
        ),
        (["wrong_answer=mask"], "<think>\na"),
        (["wrong_answer=mask", "after_error=train"], "<think>\na\nc"),
        (["wrong_answer=mask", "after_error=train", "undecided=0"], "<think>\na"),
    ],
)
def test_a_policy_says_what_is_taught(pairs: list[str], trained: str) -> None:
    found = parts(*pairs, verdict="wrong", step_verdicts=["right", "wrong", "undecided"])

    assert "".join(text for text, train in found if train) == trained
    assert "".join(text for text, _ in found) == "<think>\na\nb\nc\n</think>\n\n2"


def test_the_parts_are_the_segments_that_the_xray_shows() -> None:
    trace = row(1, steps=ABC, step_verdicts=["right", "wrong", "right"])
    masks = MaskPolicy(wrong="mask")
    shown = [one for one in segments(trace, Rendering(template="r1", masks=masks)) if not one.given]

    [record] = records("axolotl-chat", [trace], "wrong=mask", "after_error=train")

    told = record["messages"][-1]["content"]
    assert "".join(one["text"] for one in told) == joined(shown)
    for taught in (True, False):
        text = "".join(one["text"] for one in told if one["train"] is taught)
        wanted = joined(one for one in shown if (one.weight > 0) is taught)
        assert text.split() == wanted.split()


def test_a_policy_that_cannot_be_is_refused() -> None:
    for pair in ("wrong", "wrong=maybe", "none=1", "undecided=2"):
        with pytest.raises(BadInput):
            exporting.policy("axolotl-chat", [pair])
