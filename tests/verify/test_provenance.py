import pytest

from tests.verify.warned import given, warned


@pytest.mark.parametrize(
    ("prompt", "steps"),
    [
        ("Tom has 3 bags of 4 eggs.", ["3 * 4 = 12", "12 + 3 = 15"]),
        ("Tom has three bags of four eggs.", ["3 * 4 = 12"]),
        ("Tom has twenty-five eggs.", ["25 - 1 = 24"]),
        ("A third of 12 eggs are bad.", ["1/3 * 12 = 4", "12 - 4 = 8"]),
        ("It costs $80 with 20% off.", ["80% of 80 is 64", "80 * 0.8 = 64"]),
        ("He walks for 3 hours.", ["3 * 60 = 180 minutes"]),
        ("He has 3 eggs and 4 eggs.", ["He has 7 eggs because 3 + 4 = 7"]),
        ("He has 3 eggs.", ["1. Take 3", "2. Add 1", "3. Get 4"]),
        ("Some number and 5 is 12.", ["x + 5 = 12", "3x + 15 = 36"]),
        ("3 and 4", ["<<3+4=7>>7"]),
        ("Calculate 72 - 21.", ["Ones digit: 2 - 1", "Tens digit: 7 - 2", "Result: 51"]),
        (r"Find \(x\) such that $x^2 = 9$.", ["81 + 19 = 100"]),
    ],
)
def test_a_number_with_an_origin_is_not_named(prompt: str, steps: list[str]) -> None:
    assert warned("provenance", given(*steps, prompt=prompt)) == []


def test_a_number_from_nowhere_is_named_once_where_it_first_stands() -> None:
    trace = given("3 * 4 = 12", "12 + 17 = 29", "29 + 17 = 46", prompt="3 bags of 4 eggs")

    [warning] = warned("provenance", trace)

    assert (warning.step, warning.start, warning.end) == (1, 5, 7)
    assert "17" in warning.message


def test_a_trace_full_of_them_names_twenty() -> None:
    trace = given(*(f"{n} + {n + 1}" for n in range(200, 500, 3)), prompt="none")

    assert len(warned("provenance", trace)) == 20
