import pytest

from tests.making import trace
from tunix_rt.traces.schema import TRACE
from tunix_rt.traces.scoring import baseline


@pytest.mark.parametrize(
    ("steps", "length", "score"),
    [(1, 500, 55.0), (10, 500, 100.0), (20, 1000, 100.0), (3, 50, 20.0)],
)
def test_steps_and_their_length_make_the_score(steps: int, length: int, score: float) -> None:
    made = [{"i": i, "type": "t", "content": "x" * length} for i in range(steps)]

    assert baseline("id", TRACE.validate_python(trace(steps=made))).score == score


def test_only_the_sum_of_unrounded_parts_is_rounded() -> None:
    made = [{"i": i, "type": "t", "content": "x" * (33 + i)} for i in range(7)]

    found = baseline("id", TRACE.validate_python(trace(steps=made)))

    assert found.details.avg_step_length == 36.0
    assert found.score == round(7 / 10 * 50 + 36 / 500 * 50, 2)
