import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunix_rt.kit.proportions import wilson


@pytest.mark.parametrize(
    ("correct", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.27753279),
        (10, 10, 0.72246720, 1.0),
        (24, 24, 0.86202380, 1.0),  # 24 of 24 does not mean 100 %
        (742, 1319, 0.53563265, 0.58909885),
        (0, 0, 0.0, 1.0),
        (0, 145, 0.0, 0.02580906),
    ],
)
def test_the_interval_is_wilsons(correct: int, total: int, low: float, high: float) -> None:
    assert wilson(correct, total) == pytest.approx((low, high), abs=5e-8)


def test_nothing_right_leaves_exactly_nothing_as_the_lower_end() -> None:
    assert wilson(0, 145)[0] == 0.0


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share_and_stays_between_0_and_1(correct: int, more: int) -> None:
    low, high = wilson(correct, correct + more)

    assert 0 <= low <= correct / (correct + more) <= high <= 1


def test_more_right_than_asked_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        wilson(3, 2)
