import pytest

from tests.verify.warned import given, warned


@pytest.mark.parametrize(
    ("answer", "steps"),
    [
        ("7", ["3 + 4 = 7", "So he has 7."]),
        ("$7.00", ["3 + 4 = 7"]),
        ("7", ["3 + 4 = 7", "That is all."]),
        ("50%", ["1 / 2 = 0.5"]),
        ("118000", ["He keeps $118 000."]),
        ("3", ["10 / 3 = 3.33"]),
        ("seven", ["3 + 4 = 8"]),
        ("7", ["He has seven."]),
        ("Paris", ["It is in France."]),
        ("", ["3 + 4 = 7"]),
    ],
)
def test_a_supported_answer_is_left_in_peace(answer: str, steps: list[str]) -> None:
    assert warned("final-unsupported", given(*steps, answer=answer)) == []


def test_an_answer_that_the_end_does_not_give_is_named() -> None:
    [warning] = warned("final-unsupported", given("3 + 4 = 7", "7 - 1 = 6", answer="8"))

    assert "The final answer 8" in warning.message
