import pytest

from tests.verify.warned import given, warned

PROMPT = "Using the numbers 25, 50, 75 and 3, each at most once, make 150."


@pytest.mark.parametrize("answer", ["75 + 25 + 50", "50 * 3", "(75 - 25) * 3 = 150", "150", "none"])
def test_given_numbers_once_each_are_fine(answer: str) -> None:
    assert warned("reused-numbers", given("so", prompt=PROMPT, answer=answer)) == []


@pytest.mark.parametrize("answer", ["75 + 75", "25 * 6", "50 + 50 + 50"])
def test_a_number_too_often_or_not_given_is_named(answer: str) -> None:
    assert warned("reused-numbers", given("so", prompt=PROMPT, answer=answer))


def test_other_prompts_are_left_in_peace() -> None:
    assert warned("reused-numbers", given("so", prompt="Add 3 and 4.", answer="3 + 3")) == []
