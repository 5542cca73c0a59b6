"""verl: rows of its datasets with a solution in `extra_info`, and its rollout dumps.

A dataset row is a prompt with a ground truth; the response is `response` or what `extra_info` holds
as `response`, `solution` or `answer`, and a row without one is a task and no trace. A dump has
`input`, `output` and `score`. Written as a parquet file of dataset rows.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tunix_rt.traces.reading.assembling import NO_PROMPT
from tunix_rt.traces.reading.carrying import KEY, carry, from_response, messages_of, tagged
from tunix_rt.traces.reading.chatting import turns
from tunix_rt.traces.reading.facts import facts, score, text, texts, whole
from tunix_rt.traces.reading.tabling import parquet
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record, Written

ROW = {"data_source", "prompt", "reward_model"}
DUMP = {"input", "output", "score"}


def recognises(record: dict[str, object]) -> bool:
    """The columns of a dataset, or those of a dump."""
    return record.keys() >= ROW or (record.keys() >= DUMP and "instruction" not in record)


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per row that holds a response."""
    found = record.decode(dict[str, Any])
    yield _row(found) if "reward_model" in found else _dumped(found)


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """A parquet file of dataset rows, each with its response in `extra_info`."""
    rows = (
        msgspec.json.decode(one.original)
        if one.format == "verl" and one.original is not None
        else _convert(one.trace, index)
        for index, one in enumerate(traces)
    )
    return parquet(rows)


def _dumped(record: dict[str, Any]) -> ReasoningTrace:
    meta = {
        **facts(record, expected=("gts", "ground_truth")),
        **{key: value for key, value in score(record.get("score")).items() if value is not None},
        "step": whole(record.get("step")),
    }
    prompt = text(record.get("input"), "input")
    return from_response({}, prompt, text(record.get("output"), "output"), "output", meta)


def _row(record: dict[str, Any]) -> ReasoningTrace:
    extra = record.get("extra_info")
    extra = extra if isinstance(extra, dict) else {}
    reward = record.get("reward_model")
    truth = reward.get("ground_truth") if isinstance(reward, dict) else None
    asked = [turn for turn in turns(record.get("prompt"), "prompt") if turn.role != "system"]
    responses = {
        **texts(record, "response"),
        **{f"extra_info.{k}": v for k, v in texts(extra, "response", "solution", "answer").items()},
    }
    if not responses:
        raise ValueError("a prompt without a response: a task, not a trace")
    field, response = next(iter(responses.items()))
    meta = {
        **facts({**record, "expected_answer": truth}, expected=("expected_answer",)),
        **texts(record, "ability"),
        **texts(extra, "split"),
    }
    prompt = asked[-1].words if asked and asked[-1].role == "user" else NO_PROMPT
    return from_response(extra, prompt, response, field, meta)


def _convert(trace: ReasoningTrace, index: int) -> dict[str, Any]:
    written, meta = tagged(trace), trace.meta or {}
    expected = meta.get("expected_answer")
    record: dict[str, Any] = {
        "data_source": str(meta.get("source") or meta.get("dataset") or "tunix-rt"),
        "prompt": messages_of(trace) or [{"role": "user", "content": NO_PROMPT}],
        "ability": str(meta.get("ability") or "reasoning"),
        "reward_model": {
            "style": "rule",
            "ground_truth": expected if isinstance(expected, str) else trace.final_answer,
        },
        "extra_info": {
            "split": str(meta.get("split") or "train"),
            "index": index,
            "question": trace.prompt,
            "answer": trace.final_answer,
            "response": written.text,
            KEY: "",
        },
    }
    return carry(record, trace, written.spans, _row, at=("extra_info",))
