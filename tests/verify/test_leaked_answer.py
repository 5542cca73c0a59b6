import pytest

from tests.verify.warned import given, warned

LONG = "the square of the hypotenuse"


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("What is 3 + 4? The answer is 7.", "7"),
        ("Answer: 7\nWhat is 3 + 4?", "7"),
        (r"3 + 4? The answer is \boxed{7}", "7"),
        (f"Say what {LONG} is.", LONG),
    ],
)
def test_a_prompt_that_says_the_answer_is_named(prompt: str, answer: str) -> None:
    assert warned("leaked-answer", given("so", prompt=prompt, answer=answer))


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("What is 7 - 0?", "7"),
        ("The answer is 72, is it not?", "7"),
        ("The answer is 7.5, is it not?", "7"),
        ("The answer is a number.", "7"),
        (f"Choose: (A) {LONG} (B) nothing", LONG),
        ("", "7"),
        ("The answer is", ""),
    ],
)
def test_an_answer_that_merely_occurs_is_not_leaked(prompt: str, answer: str) -> None:
    assert warned("leaked-answer", given("so", prompt=prompt, answer=answer)) == []
