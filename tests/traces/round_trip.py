"""Write traces in a format and read them back; shared by the tests of the formats."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.traces.reading import read
from tunix_rt.traces.importing import formats
from tunix_rt.traces.schema import AnyTrace, ReasoningTrace
from tunix_rt.traces.schema_record import Written
from tunix_rt.traces.table_body import Unpacked

_words = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from("\n\n -*#$`.=1"),
    ),
    min_size=1,
    max_size=60,
)
_pieces = st.one_of(
    _words,
    st.sampled_from(
        [
            " ",
            "<think>",
            "</think>\nx",
            "a\n\nb",
            "\\boxed{7}",
            "<|channel|>final<|message|>x",
            "####3",
        ]
    ),
)
_meta = st.one_of(
    st.sampled_from([None, {"model": None}, {"truncated": True, "system": "s"}]),
    st.fixed_dictionaries(
        {"model": st.just("m"), "expected_answer": _words, "label": st.booleans()}
    ),
)


@st.composite
def traces(draw: st.DrawFn) -> ReasoningTrace:
    """Traces of any shape, with texts that look like markup."""
    contents = draw(st.lists(_pieces, min_size=1, max_size=5))
    numbers = draw(st.permutations(range(len(contents))))
    return ReasoningTrace.model_validate(
        {
            "trace_version": draw(st.sampled_from(["1.0", "2"])),
            "prompt": draw(_pieces),
            "final_answer": draw(_pieces),
            "steps": [
                {"i": i, "type": draw(st.sampled_from(["thought", "calculation"])), "content": c}
                for i, c in zip(numbers, contents, strict=True)
            ],
            "meta": draw(_meta),
        }
    )


def without_place(found: AnyTrace) -> ReasoningTrace:
    """A trace without where its steps stood in the record it was read from."""
    trace = ReasoningTrace.model_validate_json(found.body())
    meta = {key: value for key, value in (trace.meta or {}).items() if key != "text"}
    return trace.model_copy(update={"meta": meta or None})


def converted(format: str, found: list[ReasoningTrace]) -> list[Any]:
    """Traces written without their originals, and read again."""
    plugin: Any = formats.load(format)
    lines = b"".join(plugin.write(Written("0", Unpacked(t.body(), None), None) for t in found))
    return read(format, *lines.splitlines(keepends=True))


def exported(format: str, raw: list[bytes]) -> bytes:
    """What an export of imported records gives."""
    written = [
        Written(f"{number}", Unpacked(trace.body(), line), format)
        for number, line in enumerate(raw)
        for trace in read(format, line)
    ]
    return b"".join(formats.load(format).write(written))  # type: ignore[attr-defined]


def spans_hold(record: Any, trace: ReasoningTrace) -> int:
    """How many steps say where they stand; fails where they do not stand there."""
    where: Any = (trace.meta or {}).get("text")
    if not isinstance(where, dict):
        return 0
    held = 0
    fields = where.get("fields") or [where["field"]] * len(trace.steps)
    for step, field, span in zip(trace.steps, fields, where["spans"], strict=True):
        if field is not None:
            assert step.content == _at(record, field)[slice(*span)]
            held += 1
    return held


def _at(record: Any, field: str) -> Any:
    for name in field.split("."):
        record = record[int(name)] if isinstance(record, list) else record[name]
    return record


def as_line(record: Any) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
