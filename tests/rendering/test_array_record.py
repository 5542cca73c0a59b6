import json
from pathlib import Path

from tests.rendering.libraries import ask
from tests.rendering.rows import ODD, exported, row

OPEN = """
    import json
    import grain.python as grain

    source = grain.ArrayRecordDataSource(["train.array_record"])
    batch = source.__getitems__([len(source) - 1, 0])
    print(json.dumps([len(source), *(json.loads(one) for one in batch)]))
"""


def test_grain_finds_any_record(tmp_path: Path) -> None:
    rows = [row(n, prompt=f"{n}{ODD}", step_verdicts=["right", "right"]) for n in range(700)]
    (tmp_path / "train.array_record").write_bytes(exported("array-record", rows))

    count, last, first = ask("grain", OPEN, tmp_path)

    assert (count, last["prompt"], first["prompt"]) == (700, f"699{ODD}", f"0{ODD}")
    assert json.loads(json.dumps(first["steps"])) == [
        {"i": 0, "type": "thought", "content": "0 + 1 = 1"},
        {"i": 1, "type": "thought", "content": "So it is 1."},
    ]
    assert (first["verdict"], first["expected_answer"]) == ("right", "1")
