"""Math-Shepherd: steps that end in a mark, and the same text with + or - in its place."""

import re
from collections.abc import Iterator
from typing import Any

from tunix_rt.traces.reading.assembling import Piece, assemble
from tunix_rt.traces.reading.facts import text, texts
from tunix_rt.traces.reading.splitting import trimmed
from tunix_rt.traces.reading.thinking import marked_answer
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record

MARK = "ки"
_FIRST = re.compile(r"\bStep 1\s{0,3}:")
_ANSWER = re.compile(r"[Tt]he (?:final )?answer is:?[ \t]{0,9}([^\n]+)")


def recognises(record: dict[str, object]) -> bool:
    """An input with marks, and a label."""
    return MARK in str(record.get("input", "")) and isinstance(record.get("label"), str)


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per solution; each step's label says whether a right answer was reached from it."""
    found = record.decode(dict[str, Any])
    said, label = text(found.get("input"), "input"), text(found.get("label"), "label")
    first = _FIRST.search(said)
    if first is None or MARK not in said:
        raise ValueError("input: no `Step 1:`, or no mark after a step")
    pieces, labels = [], []
    at = first.start()
    for number, mark in enumerate(re.finditer(MARK, said)):
        start, end = trimmed(said, at, max(at, mark.start()))
        at = mark.end()
        # a sign is shorter than the mark it stands for: each one before shifts the place
        place = mark.start() - number * (len(MARK) - 1)
        sign = label[place : place + 1]
        if sign not in ("+", "-"):
            raise ValueError(f"label: no + or - after step {number + 1}")
        pieces.append(Piece("thought", said[start:end], "input", start, end))
        labels.append(sign == "+")
    meta = {"source": texts(found, "task").get("task"), "step_labels": labels, "label": labels[-1]}
    prompt = said[slice(*trimmed(said, 0, first.start()))]
    yield assemble(prompt, pieces, _answer(pieces[-1].content), meta)


def _answer(last: str) -> str:
    told = _ANSWER.search(last)
    if told:
        return told[1].strip() or last
    found = marked_answer(last, 0, len(last))
    return last[slice(*found)] if found else last
