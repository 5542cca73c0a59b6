"""Judging in several processes says what judging here says, whatever a trace does to one."""

import os
import time
from typing import Any

from tests.verify.traces import trace
from tunix_rt.traces.schema import ReasoningTrace
from tunix_rt.verify.schema import Subject
from tunix_rt.verify.sharing import FEW, Crew, Said, judge, judge_parsed, judges

BOTH: list[Subject] = ["answer", "steps"]


def bodies(count: int) -> list[bytes]:
    sums = ((n, n + 1 + n % 3 // 2) for n in range(count))
    return [trace(str(n % 5), f"1 + {n} = {s}", expected_answer="3").body() for n, s in sums]


def dies(given: list[dict[str, Any]], subjects: list[Subject]) -> list[Said]:
    """As if a library brought its process down on one trace."""
    if any(one["final_answer"] == "die" for one in given):
        os._exit(9)
    return judge_parsed(given, subjects)


def hangs(given: list[dict[str, Any]], subjects: list[Subject]) -> list[Said]:
    """As if a library never came back from one trace."""
    if any(one["final_answer"] == "hang" for one in given):
        time.sleep(600)
    return judge_parsed(given, subjects)


def test_many_are_judged_in_other_processes_as_they_are_here() -> None:
    given = bodies(FEW + 45)
    here = [judge(body, BOTH) for body in given]

    with judges(len(given), BOTH) as share:
        futures = [share(given[start : start + 100]) for start in range(0, len(given), 100)]
        there = [said for future in futures for said in future.result()]

    assert there == here
    assert {said["steps"]["outcome"] for said in there} == {"right", "wrong"}


def test_only_what_is_asked_for_is_judged() -> None:
    with judges(3, ["steps"]) as share:
        assert [set(said) for said in share(bodies(3)).result()] == [{"steps"}] * 3


def test_a_trace_that_kills_its_judge_is_undecided_and_the_others_are_judged() -> None:
    crew = Crew(BOTH, f"{__name__}:dies")
    given = [trace("3", expected_answer="3"), trace("die", expected_answer="3"), trace("4")]

    said = crew.judge([one.body() for one in given])
    crew.close()

    assert [one["answer"]["outcome"] for one in said] == ["right", "undecided", "undecided"]
    assert "had to be stopped" in said[1]["answer"]["reason"]
    assert "had to be stopped" in said[1]["steps"]["reason"]
    assert said[1]["steps"]["detail"]["claims"] == []


def test_a_trace_that_hangs_its_judge_is_undecided() -> None:
    crew = Crew(BOTH, f"{__name__}:hangs", part_seconds=1, trace_seconds=1)

    said = crew.judge([trace("hang").body(), trace("3", expected_answer="3").body()])
    crew.close()

    assert [one["answer"]["outcome"] for one in said] == ["undecided", "right"]
    assert "longer than 1 s" in said[0]["answer"]["reason"]


def test_a_body_from_the_store_is_judged_as_it_is() -> None:
    """Bodies were checked when they were stored: judging does not refuse what is there."""
    stored = ReasoningTrace.model_construct(
        trace_version="1.0", prompt="?", final_answer="3", steps=trace("3").steps, meta=None
    )

    assert judge(stored.body(), BOTH)["answer"]["outcome"] == "undecided"
