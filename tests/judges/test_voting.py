"""Judges asked over real HTTP: every vote once, kept, resumed, and counted."""

import json
from typing import Any

import pytest

from tests.court.sitting import begin, finish, hold
from tests.judges.serving import Bench, adds_up, bench
from tests.verify.traces import marks, stored, trace
from tunix_rt.judges import query, voting
from tunix_rt.judges.jobs import judge
from tunix_rt.judges.schema import JudgeConfig, Judgement, Rubric
from tunix_rt.kit.errors import Unreachable
from tunix_rt.runs.schema import NewRun
from tunix_rt.store import Store

RUBRIC = Rubric(name="sums", subject="steps", question="Does each step add up?")


def ask(store: Store, server: Bench, **more: Any) -> str:
    """Ask a judge about everything; its id."""
    told = {"base_url": server.url, "model": "m", "pause": 0, "batch_size": 2}
    config = JudgeConfig(**{"rubric": RUBRIC, "provider_config": told, **more})
    run = begin(store, NewRun(kind="judge", name="judge", config=config))
    judge(run, config)
    finish(store, run)
    return config.judge()


def said(store: Store, trace_id: str) -> list[Judgement]:
    with store.read() as connection:
        return query.said(connection, [trace_id]).get(trace_id, [])


def test_a_judge_is_asked_once_of_each_trace_and_its_word_is_kept(store: Store) -> None:
    good, bad = stored(store, trace("4", "2 + 2 = 4"), trace("5", "1 + 1 = 2", "2 + 2 = 5"))

    with bench(adds_up) as server:
        id_ = ask(store, server)
        assert ask(store, server) == id_

        assert len(server.prompts) == 2
    [right], [wrong] = said(store, good), said(store, bad)
    assert (right.judge, right.subject, right.outcome) == (id_, "steps", "right")
    assert (wrong.outcome, wrong.step, wrong.reason) == ("wrong", 1, "No.")
    assert wrong.votes[0].said.startswith('{"verdict": "wrong"')
    with store.read() as connection:
        found = query.get(connection, id_)
    assert (found.traces, found.votes.right, found.votes.wrong) == (2, 1, 1)


def test_no_verdict_comes_of_it(store: Store) -> None:
    [id_] = stored(store, trace("4", "2 + 2 = 4", expected_answer="4"))

    with bench(adds_up) as server:
        ask(store, server)

    assert marks(store) == {id_: (None, None)}


def test_the_majority_of_votes_counts_and_a_tie_is_undecided(store: Store) -> None:
    [id_] = stored(store, trace("4", "2 + 2 = 4"))

    def wavers(prompt: str, seed: int) -> str:
        return json.dumps({"verdict": ["right", "wrong", "wrong", "right"][seed]})

    with bench(wavers) as server:
        ask(store, server, votes=3, temperature=0.5)
        [three] = said(store, id_)
        ask(store, server, votes=4, temperature=0.5)
        [four] = said(store, id_)

    assert (three.outcome, len(three.votes)) == ("wrong", 3)
    assert (four.outcome, four.reason) == ("undecided", "As many votes say right as wrong.")
    assert len(server.prompts) == 4  # the fourth vote is all that was missing


def test_a_server_that_fails_ends_the_run_and_what_was_said_is_kept(store: Store) -> None:
    stored(store, *(trace("4", f"{n} + 1 = {n + 1}") for n in range(40)))

    with bench(adds_up) as server:
        server.fail_after = 20
        with pytest.raises(Unreachable, match="HTTP 500"):
            ask(store, server)
        server.fail_after = None
        id_ = ask(store, server)

        assert len(server.prompts) <= 40 + 4  # a few answers were lost with their batch
    with store.read() as connection:
        assert query.get(connection, id_).traces == 40


def test_nonsense_is_a_vote_of_undecided(store: Store) -> None:
    [id_] = stored(store, trace("4", "2 + 2 = 4"))

    with bench(lambda prompt, seed: "I like it.\0") as server:
        ask(store, server)

    [judgement] = said(store, id_)
    assert judgement.outcome == "undecided"
    assert "\0" not in judgement.votes[0].said


def test_rediai_judges_for_real(store: Store) -> None:
    [id_] = stored(store, trace("5", "2 + 2 = 5"))

    with bench(adds_up) as server:
        told = {"mode": "real", "base_url": server.url, "pause": 0}
        ask(store, server, provider="rediai", provider_config=told)

    assert said(store, id_)[0].outcome == "wrong"


def test_another_rubric_or_model_is_another_judge(store: Store) -> None:
    other = RUBRIC.model_copy(update={"question": "Does every step add up?"})
    one = JudgeConfig(rubric=RUBRIC, provider_config={"model": "m"})

    assert one.judge() == JudgeConfig(rubric=RUBRIC, provider_config={"model": "m"}).judge()
    assert one.judge() != JudgeConfig(rubric=other, provider_config={"model": "m"}).judge()
    assert one.judge() != JudgeConfig(rubric=RUBRIC, provider_config={"model": "n"}).judge()


def test_a_judge_is_heard_in_court(store: Store) -> None:
    stored(store, trace("4", "2 + 2 = 4"), trace("5", "2 + 2 = 5"))
    with bench(adds_up) as server:
        id_ = ask(store, server)
    stored(store, trace("6", "3 + 3 = 6"))

    found = hold(store, subject="steps", first=f"judge:{id_}", second="current")

    assert {(cell.first, cell.second): cell.cases for cell in found.cells} == {
        ("right", "right"): 1,
        ("wrong", "wrong"): 1,
        ("none", "right"): 1,
    }


def test_a_judge_that_is_asked_here_has_its_accelerator_for_itself() -> None:
    elsewhere = JudgeConfig(rubric=RUBRIC, provider_config={"model": "m"})

    assert voting.wanted(elsewhere).device is None
    assert voting.wanted(elsewhere.model_copy(update={"provider": "jax"})).device == "auto"
