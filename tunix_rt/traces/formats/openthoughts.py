"""OpenThoughts: conversations with marked thoughts, or the columns they were made from.

Its columns are `problem`, `deepseek_reasoning`, `deepseek_solution`, `ground_truth_solution`.
"""

from collections.abc import Iterator
from typing import Any

from tunix_rt.traces.formats.sharegpt import OPEN_THOUGHTS, conversation
from tunix_rt.traces.reading.assembling import assemble, cut, reply
from tunix_rt.traces.reading.chatting import chat
from tunix_rt.traces.reading.facts import facts, text, texts
from tunix_rt.traces.reading.thinking import marked_answer
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.traces.schema_record import Record


def recognises(record: dict[str, object]) -> bool:
    """DeepSeek's reasoning as a column, or conversations with OpenThoughts' marks or columns."""
    said = record.get("conversations")
    if not isinstance(said, list) or not said:
        return {"problem", "deepseek_reasoning"} <= record.keys()
    return bool(OPEN_THOUGHTS & record.keys()) or any(
        "<|begin_of_thought|>" in str(turn) for turn in said[:10]
    )


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per problem."""
    found = record.decode(dict[str, Any])
    meta = {**facts(found, expected=("answer",)), **texts(found, "domain")}
    if found.get("conversations"):
        said = chat(conversation(found))
        yield assemble(said.prompt, said.pieces, said.answer, {**meta, **said.meta})
        return
    problem = text(found.get("problem"), "problem")
    reasoning = text(found.get("deepseek_reasoning"), "deepseek_reasoning")
    solution = text(found.get("deepseek_solution"), "deepseek_solution")
    thoughts = cut(reasoning, "deepseek_reasoning", "thought")
    answer = reply(solution, "deepseek_solution", reasoned=True)
    meta["expected_answer"] = meta["expected_answer"] or _expected(found)
    yield assemble(problem, thoughts + answer.pieces, answer.answer, meta)


def _expected(record: dict[str, Any]) -> str | None:
    """The answer that the written solution marks."""
    solution = record.get("ground_truth_solution")
    if not isinstance(solution, str):
        return None
    found = marked_answer(solution, 0, len(solution))
    return solution[slice(*found)] if found else None
