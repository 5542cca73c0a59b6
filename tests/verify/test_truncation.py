import pytest

from tests.verify.warned import given, warned


@pytest.mark.parametrize(
    "last",
    ["so 3 + 4 =", "so that the", "```python\nx = 1", r"it is \boxed{7", "so (3 + 4", "3 +", "and"],
)
def test_a_last_step_that_ends_nowhere_is_named(last: str) -> None:
    [warning] = warned("truncation", given("3 + 4", last))

    assert warning.step == 1


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS"])
def test_a_model_that_was_stopped_is_named(reason: str) -> None:
    [warning] = warned("truncation", given("3 + 4 = 7", meta={"finish_reason": reason}))

    assert reason in warning.message


@pytest.mark.parametrize("answer", ["None", " ", "N/A", "The answer is"])
def test_a_missing_answer_is_named(answer: str) -> None:
    assert warned("truncation", given("3 + 4 = 7", answer=answer))


@pytest.mark.parametrize(
    "last",
    ["3 + 4 = 7", "He runs 7 times", "7 each", "7$", "a) 7", "[0, 1)", r"\boxed{7}", "`7`", ":)"],
)
def test_a_whole_trace_is_left_in_peace(last: str) -> None:
    assert warned("truncation", given("3 + 4", last, meta={"finish_reason": "stop"})) == []
