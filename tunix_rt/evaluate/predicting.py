"""Read a predictions file: what each model said on each item.

Either lines {id or trace_id, prediction, model?}, or any trace format whose traces
name their task and model in meta, such as `gsm8k-solutions`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces import importing
from tunix_rt.traces.opening import open_records
from tunix_rt.traces.schema_record import Record, Rejected

Predictions = dict[str, dict[str, str]]
"""model -> item key -> what it said."""

LONGEST_MODEL = 256
"""Characters in the name of a model."""


class _Line(msgspec.Struct):
    prediction: str
    id: str | None = None
    trace_id: str | None = None
    model: str | None = None


def read(path: Path, *, format: str, model: str) -> tuple[Predictions, list[str]]:
    """Predictions by model, and one sentence per line that is none.

    `model` is the name where the file does not say one. The last of two predictions of
    one model on one item counts, and is reported.
    """
    found: Predictions = {}
    wrong: list[str] = []
    with open_records(path) as records:
        source = _plain(records) if format == "predictions" else _traces(records, format, path)
        for number, said in source:
            if isinstance(said, str):
                wrong.append(f"{path.name}:{number}: {said}")
                continue
            item, prediction, name = said
            if name is not None and (len(name) > LONGEST_MODEL or "\0" in name):
                wrong.append(f"{path.name}:{number}: model: is no name of a model")
                continue
            answers = found.setdefault(name or model, {})
            if item in answers:
                wrong.append(f"{path.name}:{number}: a second prediction for {item}")
            answers[item] = prediction
    if not found:
        raise BadInput(
            f"{path.name} holds no prediction{f' ({wrong[0]})' if wrong else ''}.",
            hint='Lines look like {"id": "...", "prediction": "..."}.',
        )
    return found, wrong


Said = tuple[str, str, str | None] | str
"""(item, prediction, model), or why a line is no prediction."""


def _plain(records: Iterable[Record]) -> Iterator[tuple[int, Said]]:
    for record in records:
        try:
            said = record.decode(_Line)
        except ValueError as error:
            yield record.number, str(error)
            continue
        item = said.id or said.trace_id
        yield record.number, (item, said.prediction, said.model) if item else "id: is missing"


def _traces(records: Iterable[Record], format: str, path: Path) -> Iterator[tuple[int, Said]]:
    for record, found in importing.read_all(format, records, path.name):
        if isinstance(found, Rejected):
            yield found.line, found.reason
            continue
        meta = found.meta or {}
        if not meta.get("task"):
            yield record.number, "meta.task: is missing, so nobody knows which item it answers"
            continue
        model = meta.get("model")
        yield record.number, (str(meta["task"]), found.final_answer, str(model) if model else None)
