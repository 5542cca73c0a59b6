from io import BytesIO
from pathlib import Path

from pyarrow import parquet

from tests.rendering.libraries import ask
from tests.rendering.rows import exported, row

OPEN = """
    import json
    import pandas

    frame = pandas.read_parquet("train.parquet")
    prompts = [prompt[0]["content"] for prompt in frame["prompt"]]
    print(json.dumps([list(frame.columns), sorted(prompts)]))
"""


def test_a_row_is_a_prompt_with_its_ground_truth() -> None:
    rows = [row(1), row(1, verdict="wrong", final_answer="3"), row(2, verdict=None)]

    found = parquet.read_table(BytesIO(exported("verl", rows))).to_pylist()

    one, two = sorted(found, key=lambda r: str(r["reward_model"]["ground_truth"]))
    assert one["prompt"] == [{"role": "user", "content": "What is 1 + 1?"}]
    assert one["reward_model"] == {"style": "rule", "ground_truth": "2"}
    assert one["extra_info"]["response"].endswith("</think>\n\n2")
    assert one["extra_info"]["verifier"] == "number"
    assert two["extra_info"]["response"] == ""  # nobody knows a right one
    assert sorted(r["extra_info"]["index"] for r in found) == [0, 1]


def test_pandas_opens_it_as_verl_does(tmp_path: Path) -> None:
    (tmp_path / "train.parquet").write_bytes(exported("verl", [row(n) for n in range(3)]))

    columns, prompts = ask("pandas", OPEN, tmp_path)

    assert columns == ["data_source", "prompt", "ability", "reward_model", "extra_info"]
    assert prompts == [f"What is {i} + 1?" for i in range(3)]
