"""ATIF agent trajectories (v1.7): one document is one trace.

The last user step before the last agent step is the prompt. What agents thought, said, called and
got back are the steps; the last agent message is the answer. Trajectories of subagents are left to
the original record.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from tunix_rt.traces.reading.carrying import answer_of, carried, carry, finish, joined, messages_of
from tunix_rt.traces.reading.chatting import Turn, chat, turn
from tunix_rt.traces.reading.facts import texts
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.schema import ReasoningTrace, content_hash
from tunix_rt.traces.schema_record import Record, Written

VERSION = "ATIF-v1.7"
SOURCES = {"user": "user", "assistant": "agent", "system": "system", "tool": "system"}


def recognises(record: dict[str, object]) -> bool:
    """A schema version that says ATIF."""
    return str(record.get("schema_version", "")).upper().startswith("ATIF")


def read(record: Record, source: str) -> Iterator[ReasoningTrace]:
    """One trace per trajectory."""
    yield _read(record.decode(dict[str, Any]))


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One trajectory per line."""
    return lines(traces, "atif", _convert)


def _read(record: dict[str, Any]) -> ReasoningTrace:
    steps = record.get("steps")
    if not isinstance(steps, list) or not steps:
        raise ValueError("steps: is no list of steps")
    spoken = [turn for index, step in enumerate(steps) for turn in _turns(step, f"steps.{index}")]
    while spoken and spoken[-1].role == "tool":  # what came back to the last call answers nothing
        spoken.pop()
    found = chat(spoken)
    thought = found.last.thought
    extra = record.get("extra")
    return finish(
        carried(extra if isinstance(extra, dict) else {}),
        found.prompt,
        found.pieces,
        found.answer,
        {**_meta(record, steps), **found.meta},
        text=thought.text if thought else "",
        field=thought.field if thought else "steps",
    )


def _turns(step: Any, path: str) -> Iterator[Turn]:
    """A step as the turn of who made it, and one for each observation."""
    yield turn(step, path, role="source", content="message")
    observation = step.get("observation")
    if observation is None:
        return
    results = observation.get("results") if isinstance(observation, dict) else None
    if not isinstance(results, list):
        raise ValueError(f"{path}.observation.results: is no list")
    for index, result in enumerate(results):
        here = f"{path}.observation.results.{index}"
        if not isinstance(result, dict):
            raise ValueError(f"{here}: is no result")
        yield turn({**result, "role": "tool"}, here)


def _meta(record: dict[str, Any], steps: list[Any]) -> dict[str, Any]:
    agent = record.get("agent")
    agent = agent if isinstance(agent, dict) else {}
    models = [step["model_name"] for step in steps if isinstance(step.get("model_name"), str)]
    return {
        "model": models[-1] if models else texts(agent, "model_name").get("model_name"),
        "agent": texts(agent, "name").get("name"),
        **texts(record, "session_id", "trajectory_id"),
    }


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    thought = joined(trace)
    model = (trace.meta or {}).get("model")
    said = [
        {"source": SOURCES[message["role"]], "message": message["content"]}
        for message in messages_of(trace)
    ]
    said.append({"source": "agent", "message": answer_of(trace), "reasoning_content": thought.text})
    record: dict[str, Any] = {
        "schema_version": VERSION,
        "session_id": content_hash(trace.body()).hex()[:32],
        "agent": {
            "name": "tunix-rt",
            "version": trace.trace_version,
            **({"model_name": model} if isinstance(model, str) else {}),
        },
        "steps": [{"step_id": index, **step} for index, step in enumerate(said, 1)],
        "extra": {},
    }
    return carry(record, trace, thought.spans, _read, at=("extra",))
