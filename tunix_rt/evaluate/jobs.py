"""The long work of evaluating."""

from tunix_rt.evaluate.evaluating import evaluate
from tunix_rt.evaluate.schema import EvaluateConfig
from tunix_rt.runs.schema import Job, Run


def measure(run: Run, config: EvaluateConfig) -> None:
    """Evaluate, and keep the numbers on the run."""
    row = evaluate(run, config)
    run.result(
        {
            "evaluation_id": row.id,
            "accuracy": row.accuracy,
            "ci_low": row.ci_low,
            "ci_high": row.ci_high,
            "n_items": row.n_items,
            "n_correct": row.n_correct,
        }
    )
    run.log(
        f"accuracy {row.accuracy:.3f} [{row.ci_low:.3f}, {row.ci_high:.3f}], "
        f"{row.n_correct} of {row.n_items}"
    )


jobs = [Job("evaluate", EvaluateConfig, measure)]
