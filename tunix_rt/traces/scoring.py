"""The baseline score of the contract. It measures shape, not quality."""

from tunix_rt.kit.ids import iso, now
from tunix_rt.traces.schema import BaselineScore, ReasoningTrace, ScoreDetails


def baseline(trace_id: str, trace: ReasoningTrace) -> BaselineScore:
    """Up to 50 points for ten steps, up to 50 for 500 characters a step on average."""
    lengths = [len(step.content) for step in trace.steps]
    mean = sum(lengths) / len(lengths)
    step_score = min(len(lengths) / 10, 1) * 50
    length_score = min(mean / 500, 1) * 50
    return BaselineScore(
        trace_id=trace_id,
        score=round(step_score + length_score, 2),
        details=ScoreDetails(
            step_count=len(lengths),
            avg_step_length=round(mean, 2),
            total_chars=sum(lengths),
            step_score=round(step_score, 2),
            length_score=round(length_score, 2),
            criteria="baseline",
            scored_at=iso(now()),
        ),
    )
