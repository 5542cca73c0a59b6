import pytest

from tests.verify.warned import given, warned


@pytest.mark.parametrize(
    "slip", ["所以答案是七", "значит семь", "ですから七です", "따라서 일곱입니다"]
)
def test_letters_of_another_script_are_named_where_they_begin(slip: str) -> None:
    found = warned("language-switch", given("3 + 4 = 7", f"thus {slip}"))

    assert found
    assert (found[0].step, found[0].start) == (1, 5)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("How many?", "The angle α is 3 and β is 4, so αβγδεζηθ."),
        ("How many?", "Zoë naïvely says 7 – ça va."),
        ("Сколько?", "Три и четыре, x = 7"),
        ("有多少？", "三加四等于七"),
        ("How many 七?", "七七七七七七七"),
        ("How many?", "𝑥 + 𝑦 = 7, ℝ, ½"),
        ("How many?", "7"),
        ("12345", "Echoing 12345"),
    ],
)
def test_notation_and_the_prompts_own_script_are_fine(prompt: str, said: str) -> None:
    assert warned("language-switch", given(said, prompt=prompt)) == []


def test_an_answer_alone_may_slip() -> None:
    [warning] = warned("language-switch", given("so", answer="答案是七个鸡蛋"))

    assert warning.step is None
