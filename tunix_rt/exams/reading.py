"""Scores of an exam, read from the runs that made them."""

from tunix_rt.exams.schema import Score
from tunix_rt.runs import query_read as runs
from tunix_rt.store import Connection

RUNS = 500
"""Runs that are looked through for scores, newest first."""


def scores(connection: Connection, exam: str) -> list[Score]:
    """What verifiers reached on an exam, newest first."""
    rows = runs.page(connection, limit=RUNS, kind="exam-score", status="completed")
    return [Score.model_validate(row.result) for row in rows if row.config.get("exam") == exam]
