import json
from pathlib import Path

from tests.rendering.libraries import ask
from tests.rendering.rows import exported, records, row

KINDS = {
    "trl": ["completion", "prompt"],
    "trl-chat": ["completion", "prompt"],
    "trl-preference": ["chosen", "prompt", "rejected"],
    "trl-unpaired": ["completion", "label", "prompt"],
    "trl-stepwise": ["completions", "labels", "prompt"],
    "trl-grpo": ["prompt"],
}
"""The columns that TRL's documentation asks for, by format."""

OPEN = """
    import json
    from datasets import load_dataset
    from transformers import AddedToken, PreTrainedTokenizerFast
    from tokenizers import Tokenizer, models
    from trl.data_utils import is_conversational, maybe_apply_chat_template
    from trl import unpair_preference_dataset

    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"a": 0})))
    tokenizer.chat_template = (
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
        "{% if add_generation_prompt %}[assistant]{% endif %}"
    )
    found = {}
    for name in json.load(open("names.json")):
        table = load_dataset("json", data_files=f"{name}.jsonl", split="train")
        first = table[0]
        ready = first
        if is_conversational(first) and name != "trl-stepwise":
            ready = maybe_apply_chat_template(dict(first), tokenizer)
        found[name] = {
            "columns": table.column_names, "rows": len(table), "first": ready, "raw": first,
            "conversational": is_conversational(first),
        }
        if name == "trl-preference":
            pairs = table.select_columns(["prompt", "chosen", "rejected"])
            apart = unpair_preference_dataset(pairs)
            found[name]["labels"] = apart["label"][:]
    print(json.dumps(found))
"""


def test_a_completion_is_the_steps_and_the_answer() -> None:
    [record] = records("trl", [row(1)])

    assert record["prompt"] == "What is 1 + 1?"
    assert record["completion"] == "<think>\n1 + 1 = 2\n\nSo it is 2.\n</think>\n\n2"


def test_trl_opens_every_format_that_is_written_for_it(tmp_path: Path) -> None:
    right = row(1, step_verdicts=["right", "right"])
    wrong = row(2, prompt=right.prompt, final_answer="3", verdict="wrong", first_error=1)
    wrong.expected_answer = "2"
    for name in KINDS:
        (tmp_path / f"{name}.jsonl").write_bytes(exported(name, [right, wrong]))
    (tmp_path / "names.json").write_text(json.dumps(list(KINDS)))

    found = ask("trl", OPEN, tmp_path)

    for name, columns in KINDS.items():
        assert set(columns) <= set(found[name]["columns"]), name
    assert {name: one["rows"] for name, one in found.items()} == {
        "trl": 2,
        "trl-chat": 2,
        "trl-preference": 1,
        "trl-unpaired": 2,
        "trl-stepwise": 2,
        "trl-grpo": 1,
    }
    assert [name for name in KINDS if not found[name]["conversational"]] == ["trl", "trl-stepwise"]
    chat, pair = found["trl-chat"]["first"], found["trl-preference"]["first"]
    assert chat["prompt"] == "[user]What is 1 + 1?[assistant]"
    assert chat["completion"].startswith("<think>\n1 + 1 = 2")
    assert (pair["chosen"][-1:], pair["rejected"][-1:]) == ("2", "3")
    assert found["trl-preference"]["labels"] == [True, False]
    assert found["trl-grpo"]["raw"]["answer"] == "2"
