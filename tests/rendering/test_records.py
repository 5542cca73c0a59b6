import json
from pathlib import Path

from tests.making import stored, trace
from tunix_rt.datasets import freezing, reading
from tunix_rt.datasets.schema import Build
from tunix_rt.rendering import records
from tunix_rt.rendering.schema import ExportFormat
from tunix_rt.store import Store

TWO = [
    {"i": 0, "type": "a", "content": "first"},
    {"i": 1, "type": "a", "content": "second"},
]


def exported(store: Store, tmp_path: Path, format: ExportFormat) -> dict[str, object]:
    stored(store, tmp_path, [trace(1, prompt="P", final_answer="A", steps=TWO, meta={"k": "v"})])
    freezing.freeze(store, Build(dataset_name="d", dataset_version="1"))
    [line] = records.lines(reading.rows(store, "d-1"), format)
    found: dict[str, object] = json.loads(line)
    return found


def test_trace_records_have_the_shape_of_the_contract(store: Store, tmp_path: Path) -> None:
    record = exported(store, tmp_path, "trace")

    metadata = record.pop("metadata")
    assert record.pop("id")
    assert record == {"prompts": "P", "trace_steps": ["first", "second"], "final_answer": "A"}
    assert isinstance(metadata, dict)
    assert (metadata["k"], metadata["trace_version"]) == ("v", "1.0")


def test_tunix_sft_records_are_the_exact_text(store: Store, tmp_path: Path) -> None:
    record = exported(store, tmp_path, "tunix_sft")

    assert record["prompts"] == (
        "<start_of_turn>user\nP<end_of_turn>\n<start_of_turn>model\n"
        "Reasoning:\n1. first\n2. second\nAnswer: A<end_of_turn>"
    )
    assert record["metadata"]["format"] == "tunix_sft"  # type: ignore[index]


def test_training_examples_keep_their_id_from_one_export_to_the_next(
    store: Store, tmp_path: Path
) -> None:
    record = exported(store, tmp_path, "training_example")
    [again] = records.lines(reading.rows(store, "d-1"), "training_example")

    assert record["prompt"] == "P\n\nPlease show your reasoning steps."
    assert record["response"] == "Reasoning:\n1. first\n2. second\nAnswer: A"
    assert json.loads(again)["id"] == record["id"]
