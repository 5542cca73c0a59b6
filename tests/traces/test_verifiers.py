from typing import Any

import pytest

from tests.traces.reading import read, rejected


def node(parent: int | None, role: str, content: str | None, **more: Any) -> dict[str, Any]:
    return {"parent": parent, "message": {"role": role, "content": content, **more}}


RECORD: dict[str, Any] = {
    "version": 1,
    "task": {"type": "T", "data": {"prompt": "2+2?", "answer": "4"}, "key": "math/1"},
    "agent": {"config": {"model": "configured"}},
    "nodes": [
        node(None, "user", "2+2?"),
        node(0, "assistant", "5"),
        node(0, "assistant", "4", reasoning_content="Two."),
    ],
    "calls": [{"node": 2, "model": "m", "finish_reason": "length"}],
    "rewards": {"correct": {"score": 1.0, "weight": 1.0}, "later": None},
    "stop_condition": "max_turns",
}


def test_the_last_branch_is_read_with_what_the_task_expects() -> None:
    [trace] = read("verifiers", RECORD)

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
    assert [step.content for step in trace.steps] == ["Two."]
    meta = trace.meta
    assert (meta["model"], meta["expected_answer"], meta["task"]) == ("m", "4", "math/1")
    assert (meta["label"], meta["score"], meta["truncated"]) == (True, 1.0, True)


def test_an_episode_gives_a_trace_per_agent() -> None:
    episode = {"id": "e", "task": RECORD["task"], "traces": [RECORD, {}, RECORD]}

    found = read("verifiers", episode)

    assert rejected(found) == [False, True, False]
    assert found[2].meta["text"]["field"] == "traces.2.nodes.2.message.reasoning_content"


@pytest.mark.parametrize("parent", [2, 3, -1, "0", True])
def test_a_graph_that_runs_in_circles_or_nowhere_is_rejected(parent: Any) -> None:
    nodes = [*RECORD["nodes"][:2], node(parent, "assistant", "4")]

    assert rejected(read("verifiers", {**RECORD, "nodes": nodes})) == [True]
