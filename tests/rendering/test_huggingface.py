import json
from pathlib import Path

import yaml

from tests.rendering.libraries import ask
from tests.rendering.rows import ODD, row
from tests.rendering.test_exporting import Rows
from tunix_rt.rendering import exporting

OPEN = """
    import json
    from datasets import load_dataset

    found = load_dataset("folder")
    one = found["test"][0]
    print(json.dumps([{name: len(rows) for name, rows in found.items()}, one]))
"""
LINES = """
    import json
    from pathlib import Path
    from datasets import load_dataset

    print(json.dumps({
        path.stem: [len(rows), rows.column_names]
        for path in sorted(Path(".").glob("*.jsonl"))
        for rows in [load_dataset("json", data_files=str(path), split="train")]
    }))
"""


def test_load_dataset_opens_the_folder_with_its_splits(tmp_path: Path) -> None:
    rows = [row(n, meta={"n": n}) for n in range(2500)]
    odd = row(3, prompt=ODD, split="test", meta={"huge": 10**40}, first_error=1, verdict="wrong")
    exporting.write("huggingface", Rows(*rows, odd), tmp_path / "folder", None)

    counts, one = ask("datasets", OPEN, tmp_path)

    assert counts == {"test": 1, "train": 2500}
    assert (one["prompt"], one["first_error"], one["verdict"]) == (ODD, 1, "wrong")
    assert one["steps"][1] == {"i": 1, "type": "thought", "content": "So it is 4."}
    assert json.loads(one["meta"]) == {"huge": 10**40}
    assert (one["step_verdicts"], one["expected_answer"]) == (None, "4")


def test_the_card_says_what_is_in_the_folder(tmp_path: Path) -> None:
    exporting.write("huggingface", Rows(row(1), row(2, split="test")), tmp_path / "hf", None)

    _, head, body = (tmp_path / "hf" / "README.md").read_text("utf-8").split("---\n", 2)

    told = yaml.safe_load(head)
    assert told["configs"][0]["data_files"] == [
        {"split": "test", "path": "data/test.parquet"},
        {"split": "train", "path": "data/train.parquet"},
    ]
    assert told["license"] == "mit"
    assert body.strip() == "# d 1"


def test_datasets_opens_every_format_of_lines(tmp_path: Path) -> None:
    rows = [row(n, step_verdicts=["right", "right"]) for n in range(20)]
    rows += [row(n, step_verdicts=["wrong", "right"], final_answer="7") for n in range(20)]
    rows += [row(n, meta=None, model=None, steps=rows[n].steps[:1]) for n in range(20)]
    names = [one.name for one in exporting.listed() if one.kind == "lines"]
    written = {
        name: exporting.write(name, Rows(*rows), tmp_path / f"{name}.jsonl", None).records
        for name in names
    }

    found = ask("datasets", LINES, tmp_path)

    assert {name: count for name, (count, _) in found.items()} == written
    assert all(written.values())
