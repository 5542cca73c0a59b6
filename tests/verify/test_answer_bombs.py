"""Inputs made to hang a grader or to eat its memory: each is judged, none is right."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.making import write_lines
from tests.verify.judging import cases
from tunix_rt.verify.checking import check_answer
from tunix_rt.verify.recorded import JudgedAnswer, judge_answers


def unrolled(case: dict[str, Any]) -> dict[str, str]:
    """A case with its given answer written out: pieces and how often each is repeated."""
    return {**case, "given": "".join(piece * times for piece, times in case["given"])}


BOMBS = [unrolled(case) for case in cases("answer_bombs.jsonl")]

ALL_TOGETHER = """
import json, resource, sys
from pathlib import Path
from tunix_rt.verify.checking import check_answer
for line in Path(sys.argv[1]).read_text("utf-8").splitlines():
    bomb = json.loads(line)
    check_answer(bomb["expected"], bomb["given"])
from tunix_rt.verify.answers.math import equivalence
equivalence.close()
workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
status = Path("/proc/self/status").read_text()  # ru_maxrss begins with what the parent held
own = int(status.partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps([own, workers]))
"""


@pytest.mark.timeout(30)
@pytest.mark.parametrize("bomb", BOMBS, ids=[bomb["why"] for bomb in BOMBS])
def test_a_bomb_is_judged_and_is_not_right(bomb: dict[str, str]) -> None:
    verdict = check_answer(bomb["expected"], bomb["given"])

    assert verdict.outcome in {"wrong", "undecided"}
    assert verdict.reason
    assert "crashed" not in verdict.reason


def test_the_bombs_are_many() -> None:
    assert len(BOMBS) >= 60


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux does")
def test_all_bombs_together_stay_below_200_megabytes(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "bombs.jsonl", BOMBS)

    done = subprocess.run(
        [sys.executable, "-c", ALL_TOGETHER, str(file)], capture_output=True, text=True, check=True
    )

    assert max(json.loads(done.stdout)) < 200, "this process, and the largest of its workers"


@pytest.mark.slow
def test_a_file_of_bombs_is_judged_to_its_end(tmp_path: Path) -> None:
    judged = list(judge_answers(write_lines(tmp_path / "bombs.jsonl", BOMBS)))

    assert all(isinstance(one, JudgedAnswer) for one in judged)
    assert len(judged) == len(BOMBS)
