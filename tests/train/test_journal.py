from pathlib import Path

from tunix_rt.train.course.journal import Journal
from tunix_rt.train.schema import Progress


def row(step: int) -> Progress:
    return Progress(step, 9, 1 / 3, 0.1, 2.0, 100.0)


def test_rows_come_back_exactly(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "steps.jsonl")
    for step in (1, 2):
        journal.add(row(step))
    journal.close()

    again = Journal(tmp_path / "steps.jsonl")
    again.close()

    assert again.rows == [row(1), row(2)]
    assert again.last_step == 2


def test_a_line_that_a_crash_cut_short_is_dropped_and_written_again(tmp_path: Path) -> None:
    path = tmp_path / "steps.jsonl"
    journal = Journal(path)
    journal.add(row(1))
    journal.add(row(2))
    journal.close()
    path.write_bytes(path.read_bytes()[:-5])

    again = Journal(path)
    again.add(row(2))
    again.close()

    assert [one.step for one in again.rows] == [1, 2]
    assert len(path.read_text().splitlines()) == 2


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "steps.jsonl")
    journal.close()

    assert (journal.rows, journal.last_step) == ([], 0)
