import time

import pytest

from tests.rendering.making import row
from tunix_rt.kit.errors import BadInput
from tunix_rt.rendering.masking import Weights, corrected, left_sides, weigh
from tunix_rt.rendering.schema import TraceRow
from tunix_rt.rendering.schema_options import MaskPolicy, Reasoning, Rendering


def weighed(
    trace: TraceRow, reasoning: Reasoning = "train", **policy: object
) -> tuple[list[float], float, float] | None:
    masks = MaskPolicy.model_validate(policy)
    found: Weights | None = weigh(trace, Rendering(masks=masks, reasoning=reasoning))
    return None if found is None else (list(found.steps), found.frame, found.answer)


FALSE_START = row(
    "7 + 5 = 13",
    "Wait, 7 + 5 = 12",
    "so twelve",
    step_verdicts=["wrong", "right", "undecided"],
    verdict="right",
)


def test_without_a_policy_verdicts_change_nothing() -> None:
    assert weighed(FALSE_START) == ([1, 1, 1], 1, 1)


def test_wrong_steps_weigh_nothing_and_unsure_ones_less() -> None:
    assert weighed(FALSE_START, wrong="mask", undecided=0.25) == ([0, 1, 0.25], 1, 1)


def test_steps_that_nobody_verified_weigh_all() -> None:
    assert weighed(row("a", "b"), wrong="mask", undecided=0, after_error="mask") == ([1, 1], 1, 1)


def test_everything_from_the_first_error_on_is_masked_to_the_end_of_the_text() -> None:
    wrong = row("7 + 5 = 12", "2 + 2 = 5", "so 5", step_verdicts=["right", "wrong", "right"])

    assert weighed(wrong, after_error="mask") == ([1, 0, 0], 1, 0)


def test_a_self_correction_is_kept_and_its_error_is_not_learned() -> None:
    assert weighed(FALSE_START, after_error="mask") == ([0, 1, 1], 1, 1)
    assert weighed(FALSE_START, after_error="mask", keep_corrections=False) == ([0, 0, 0], 1, 0)


def test_a_later_error_ends_it_still() -> None:
    trace = row(
        "7 + 5 = 13",
        "Wait, 7 + 5 = 12",
        "12 * 2 = 25",
        "so 25",
        step_verdicts=["wrong", "right", "wrong", "undecided"],
    )

    assert weighed(trace, after_error="mask") == ([0, 1, 0, 0], 1, 0)


@pytest.mark.parametrize(
    ("error", "later", "verdicts", "expected"),
    [
        ("7 + 5 = 13", ["Let me recheck that."], ["right"], True),
        ("7 + 5 = 13", ["(7+5) is odd", "7+5 = $12"], ["undecided", "right"], True),
        ("7 + 5 = 13", ["7 + 5 = 12"], ["undecided"], False),
        ("7 + 5 = 13", ["8 + 5 = 13"], ["right"], False),
        ("7 + 5 = 13", ["a", "b", "7 + 5 = 12"], ["right", "right", "right"], False),
        ("x = 4", ["x = 5"], ["right"], False),
    ],
)
def test_a_correction_is_near_right_and_about_the_same(
    error: str, later: list[str], verdicts: list[str], expected: bool
) -> None:
    trace = row(error, *later)

    assert corrected(trace, ["wrong", *verdicts], 0) is expected  # type: ignore[list-item]


def test_the_first_error_alone_is_a_verdict_too() -> None:
    assert weighed(row("a", "b", "c", first_error=1), wrong="mask") == ([1, 0, 1], 1, 1)


def test_a_wrong_answer_is_masked_or_leaves_the_row_out() -> None:
    wrong = row("a", verdict="wrong")

    assert weighed(wrong) == ([1], 1, 1)
    assert weighed(wrong, wrong_answer="mask") == ([1], 1, 0)
    assert weighed(wrong, wrong_answer="drop") is None


def test_reasoning_may_be_context_only_and_rows_have_weights() -> None:
    assert weighed(row("a", "b"), reasoning="context") == ([0, 0], 0, 1)
    assert weighed(row("a", step_verdicts=["undecided"], weight=0.5), undecided=0.5) == (
        [0.25],
        0.5,
        0.5,
    )


def test_verdicts_that_do_not_fit_the_steps_are_refused() -> None:
    with pytest.raises(BadInput, match="Row r has 2 verdicts for 1 steps"):
        weighed(row("a", step_verdicts=["right", "right"]))


def test_what_stands_before_an_equals_sign_is_read_without_spaces() -> None:
    assert left_sides("She has 3 and 7 + 5 = 12, <<2*6=12>>$12") == {"7+5", "2*6"}


def test_a_hostile_step_is_read_in_its_length() -> None:
    began = time.process_time()
    left_sides("1+" * 100_000 + "=" * 100_000)

    assert time.process_time() - began < 5
