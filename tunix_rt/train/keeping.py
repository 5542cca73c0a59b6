"""Rollouts as traces: one write a round, and the same traces when a round is done again."""

from collections.abc import Sequence
from typing import Any

import msgspec

from tunix_rt.kit.words import no_nul
from tunix_rt.runs.schema import Run
from tunix_rt.traces import query_write
from tunix_rt.traces.schema import parse
from tunix_rt.train import query
from tunix_rt.train.rewarding import Judge, Wanted
from tunix_rt.train.schema_grpo import Rollout

SOURCE = "rollouts/"
"""What the source of every rollout begins with; the id of its run follows."""

NOTHING = "(nothing)"
"""What stands in a trace where the model wrote no step or no answer, as a trace needs both."""

SHOWN = 200
"""Characters of a problem and of an answer that stand in the table of rollouts."""


def source_of(run_id: str) -> str:
    """The source of a run's rollouts."""
    return f"{SOURCE}{run_id}"


class Keeper:
    """Stores the rollouts of one run."""

    def __init__(self, run: Run, model: str, judge: Judge, group: int) -> None:
        self._run, self._model, self._judge, self._group = run, model, judge, group

    def __call__(self, number: int, rollouts: Sequence[Rollout]) -> None:
        """Store one round, in one transaction."""
        source = source_of(self._run.id)
        ready = [
            query_write.prepare(parse(msgspec.json.encode(self._trace(number, one))), source)
            for one in rollouts
        ]
        with self._run.write() as connection:
            found = query_write.add_once(connection, ready)
            query_write.settle_tally(connection)
            rows = [
                self._row(number, one, found[new.digest][0])
                for one, new in zip(rollouts, ready, strict=True)
            ]
            query.put(connection, rows)

    def _trace(self, number: int, one: Rollout) -> dict[str, Any]:
        wanted: Wanted = one.answered.problem.task
        text = no_nul(one.answered.text)
        read = self._judge.read(one.answered._replace(text=text))
        steps = [{"i": step.i, "type": step.type, "content": step.content} for step in read.steps]
        data = {} if wanted.data is None else {"expected_data": dict(wanted.data)}
        return {
            "trace_version": "1.0",
            "prompt": wanted.prompt,
            "final_answer": read.answer[:50_000] or NOTHING,
            "steps": steps or [{"i": 0, "type": "output", "content": text[:20_000] or NOTHING}],
            "meta": {
                "run": self._run.id,
                "round": number,
                "place": one.place,
                "group_place": one.place // self._group,
                "model": self._model,
                "task": wanted.key,
                "expected_answer": wanted.expected,
                **({} if wanted.verifier is None else {"verifier": wanted.verifier}),
                **data,
                "output": text,
                "ended": one.answered.ended,
                "reward": one.reward,
                "rewards": dict(one.rewards),
                "advantage": one.advantage,
                "tokens": one.ids,
                "log_probabilities": one.logps,
            },
        }

    def _row(self, number: int, one: Rollout, trace_id: str) -> dict[str, Any]:
        wanted: Wanted = one.answered.problem.task
        answer = self._judge.read(one.answered).answer
        return {
            "run_id": self._run.id,
            "round": number,
            "place": one.place,
            "slot": one.place // self._group,
            "trace_id": trace_id,
            "problem": no_nul(wanted.prompt)[:SHOWN],
            "answer": no_nul(answer)[:SHOWN],
            "is_right": one.rewards["right"] == 1,
            "ended": one.answered.ended,
            "tokens": len(one.ids),
            "logp": sum(one.logps) / max(len(one.logps), 1),
            "reward": one.reward,
            "rewards": dict(one.rewards),
            "advantage": one.advantage,
        }
