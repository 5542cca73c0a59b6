import pytest

from tests.verify.warned import given, warned


@pytest.mark.parametrize(
    "said",
    [
        "Let me verify: the answer is correct.",
        "Check: 7.",
        "Verification: the answer 7 is right.",
        "Verified that all 99 is fine = 98",
        "Double-checking the work, everything looks good.",
    ],
)
def test_a_check_that_checks_nothing_is_named(said: str) -> None:
    [warning] = warned("ritual", given("3 + 4 = 7", said))

    assert warning.step == 1


@pytest.mark.parametrize(
    "said",
    [
        "Check: 7 - 4 = 3.",
        "Let me verify: 7 minus 4 equals 3.",
        "Verify: 7 is greater than 4.",
        "Check: 4 + 3 = 7, which matches.",
        "He has 7 checks in his checkbook.",
    ],
)
def test_a_real_check_is_left_in_peace(said: str) -> None:
    assert warned("ritual", given("3 + 4 = 7", said)) == []


def test_the_type_of_a_step_says_that_it_verifies() -> None:
    types = ["step", "verification"]

    assert warned("ritual", given("3 + 4 = 7", "All good.", types=types))
    assert warned("ritual", given("3 + 4 = 7", "7 - 4 = 3", types=types)) == []


def test_without_a_number_before_it_nothing_is_said() -> None:
    trace = given("Reverse it.", "Check: all good.", prompt="Reverse 'abc'", answer="cba")

    assert warned("ritual", trace) == []
