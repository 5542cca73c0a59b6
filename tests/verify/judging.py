"""What the tests of answer verifiers share."""

import json
from pathlib import Path
from typing import Any

from tunix_rt.verify.checking import check_answer

CASES = Path(__file__).parents[1] / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """The lines of a file of cases."""
    lines = (CASES / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def outcome(kind: str | None, expected: str, given: str) -> str:
    """What is said of one answer, the verifier chosen by `kind` or by what is expected."""
    verdict = check_answer(expected, given, kind)
    assert "crashed" not in verdict.reason, verdict.reason
    return verdict.outcome
