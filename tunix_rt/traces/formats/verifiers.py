"""verifiers v1 `traces.jsonl`: an episode with its agents' traces, or one trace per line.

A trace's message graph is read along its last branch: from the last leaf to its root.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from tunix_rt.traces.reading.carrying import answer_of, carried, carry, finish, joined, messages_of
from tunix_rt.traces.reading.chatting import chat, turn
from tunix_rt.traces.reading.facts import facts, number, score, texts
from tunix_rt.traces.reading.lining import lines
from tunix_rt.traces.schema import ReasoningTrace, content_hash
from tunix_rt.traces.schema_record import Record, Rejected, Written, each

TRUNCATED = ("max_turns", "max_input_tokens", "max_output_tokens", "max_total_tokens")


def recognises(record: dict[str, object]) -> bool:
    """A task with a message graph, or with the traces of an episode."""
    return isinstance(record.get("task"), dict) and bool({"nodes", "traces"} & record.keys())


def read(record: Record, source: str) -> Iterator[ReasoningTrace | Rejected]:
    """One trace per agent of an episode."""
    found = record.decode(dict[str, Any])
    if "nodes" in found:
        yield _trace(found, "")
        return
    traces = found.get("traces")
    if not isinstance(traces, list) or not traces:
        raise ValueError("traces: the episode has none")
    yield from each(
        record,
        (
            (f"traces.{index}", partial(_trace, trace, f"traces.{index}."))
            for index, trace in enumerate(traces)
        ),
    )


def write(traces: Iterable[Written]) -> Iterator[bytes]:
    """One episode per line, with one agent's trace."""
    return lines(traces, "verifiers", _convert)


def _trace(record: Any, path: str) -> ReasoningTrace:
    if not isinstance(record, dict):
        raise ValueError("is no trace")
    nodes = record.get("nodes")
    if not isinstance(nodes, list) or not nodes:
        raise ValueError("nodes: is no list of messages")
    spoken = [turn(nodes[i].get("message"), f"{path}nodes.{i}.message") for i in _branch(nodes)]
    found = chat(spoken)
    thought = found.last.thought
    info = record.get("info")
    return finish(
        carried(info if isinstance(info, dict) else {}),
        found.prompt,
        found.pieces,
        found.answer,
        {**_meta(record), **found.meta},
        text=thought.text if thought else "",
        field=thought.field if thought else f"{path}nodes",
    )


def _branch(nodes: list[Any]) -> list[int]:
    """The places of the nodes from a root to the last leaf, which is the last node."""
    path: list[int] = []
    here: Any = len(nodes) - 1
    while here is not None:
        if type(here) is not int or not 0 <= here < (path[-1] if path else len(nodes)):
            raise ValueError("nodes: a parent stands behind its child")
        if not isinstance(nodes[here], dict):
            raise ValueError(f"nodes.{here}: is no node")
        path.append(here)
        here = nodes[here].get("parent")
    return path[::-1]


def _meta(record: dict[str, Any]) -> dict[str, Any]:
    task = record.get("task")
    task = task if isinstance(task, dict) else {}
    data = task.get("data")
    calls = [call for call in _list(record, "calls") if isinstance(call, dict)]
    last = calls[-1] if calls else {}
    stopped = texts(record, "stop_condition").get("stop_condition")
    expected = facts(data if isinstance(data, dict) else {})["expected_answer"]
    known = score(_reward(record.get("rewards")))
    return {
        "model": texts(last, "model").get("model") or _configured(record),
        "expected_answer": expected,
        "task": texts(task, "key").get("key"),
        "label": known.get("label"),
        "score": known.get("score"),
        "finish_reason": texts(last, "finish_reason").get("finish_reason"),
        "truncated": stopped in TRUNCATED or last.get("finish_reason") == "length" or None,
        "stop_condition": stopped,
    }


def _list(record: dict[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else []


def _configured(record: dict[str, Any]) -> str | None:
    agent = record.get("agent")
    config = agent.get("config") if isinstance(agent, dict) else None
    model = config.get("model") if isinstance(config, dict) else None
    return model if isinstance(model, str) else None


def _reward(rewards: Any) -> float | None:
    """The weighted sum of the rewards that were given; None where none was."""
    if not isinstance(rewards, dict):
        return None
    given = []
    for reward in rewards.values():
        if isinstance(reward, dict):
            value, weight = number(reward.get("score")), number(reward.get("weight", 1.0))
            if value is not None and weight is not None:
                given.append(value * weight)
    return sum(given) if given else None


def _convert(trace: ReasoningTrace) -> dict[str, Any]:
    thought, meta = joined(trace), trace.meta or {}
    model, expected = meta.get("model"), meta.get("expected_answer")
    last = {"role": "assistant", "reasoning_content": thought.text, "content": answer_of(trace)}
    messages = [*messages_of(trace), last]
    data = {"prompt": trace.prompt, **({"answer": expected} if expected else {})}
    task = {"type": "Task", "data": data}
    name = content_hash(trace.body()).hex()[:32]
    record: dict[str, Any] = {
        "version": 1,
        "id": name,
        "verifiers": {"version": "0.4.0"},
        "task": task,
        "agent": {"config": {"model": model} if isinstance(model, str) else {}, "name": "agent"},
        "nodes": [
            {"parent": i - 1 if i else None, "message": message, "sampled": message is last}
            for i, message in enumerate(messages)
        ],
        "rewards": {},
        "metrics": {},
        "info": {},
        "is_completed": True,
        "ok": True,
        "errors": [],
    }
    carry(record, trace, thought.spans, lambda one: _trace(one, ""), at=("info",))
    return {"id": name, "env": {"id": "tunix-rt"}, "task": task, "ok": True, "traces": [record]}
