import pytest

from tunix_rt.compare.gating import judge, lower_is_better


@pytest.mark.parametrize(
    ("before", "now", "lower", "verdict", "percent"),
    [
        (0.8, 0.76, False, "pass", -5),  # exactly, though not in binary
        (0.8, 0.7599, False, "fail", -5.0125),
        (2.0, 2.1, True, "pass", 5),
        (2.0, 2.2, True, "fail", 10),
        (2.0, 0.5, True, "pass", -75),
        (0.5, 0.9, False, "pass", 80),
        (-1.0, -1.1, False, "fail", -10),
        (0.0, 0.0, False, "pass", 0),
        (0.0, 0.1, False, "pass", None),
        (0.0, 0.001, True, "fail", None),
        (0.0, -0.001, False, "fail", None),
    ],
)
def test_the_rule_of_five_percent(
    before: float, now: float, lower: bool, verdict: str, percent: float | None
) -> None:
    judged = judge(before, now, lower=lower)

    assert judged.verdict == verdict
    assert judged.percent == (None if percent is None else pytest.approx(percent))


def test_the_direction_is_read_from_the_metrics_name() -> None:
    lower = ["eval_loss", "Latency_ms", "time", "error_rate"]

    assert [name for name in [*lower, "primary_score", "score"] if lower_is_better(name)] == lower
