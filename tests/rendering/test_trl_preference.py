from collections import Counter

import pytest

from tests.rendering.rows import records, row, steps
from tests.traces.reading import read
from tunix_rt.rendering.schema import TraceRow


def answers(count: int, outcome: str, prompt: str = "p", **changes: object) -> list[TraceRow]:
    """So many different traces of one prompt."""
    first = {"right": 0, "wrong": 100}[outcome]
    return [
        row(first + n, prompt=prompt, verdict=outcome, steps=steps(f"{outcome} {n:03}"), **changes)
        for n in range(count)
    ]


def ids(found: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(one["chosen_id"], one["rejected_id"]) for one in found}


def test_a_pair_is_a_right_and_a_wrong_trace_of_one_prompt() -> None:
    rows = [*answers(1, "right"), *answers(1, "wrong"), *answers(1, "wrong", "other")]

    [pair] = records("trl-preference", rows)

    assert pair["prompt"] == [{"role": "user", "content": "p"}]
    assert "right 000" in pair["chosen"][0]["content"]
    assert "wrong 000" in pair["rejected"][0]["content"]
    chosen, rejected = read("trl", pair)
    assert (chosen.steps[0].content, rejected.steps[0].content) == ("right 000", "wrong 000")


@pytest.mark.parametrize("outcome", ["undecided", None])
def test_what_is_undecided_is_in_no_pair(outcome: str | None) -> None:
    rows = answers(3, "right") + [row(n, prompt="p", verdict=outcome) for n in range(10, 13)]

    assert records("trl-preference", rows) == []


def test_a_right_answer_with_a_wrong_step_is_rejected() -> None:
    rows = [*answers(1, "right"), row(7, prompt="p", steps=steps("wrongly 1"), first_error=0)]

    assert ids(records("trl-preference", rows)) == {(f"{0:032x}", f"{7:032x}")}


def test_a_prompt_gives_four_pairs_and_no_trace_is_in_all_of_them() -> None:
    found = records("trl-preference", [*answers(9, "right"), *answers(9, "wrong")])

    used = Counter(name for pair in ids(found) for name in pair)
    assert len(ids(found)) == len(found) == 4
    assert max(used[one["chosen_id"]] for one in found) == 1


def test_few_traces_are_used_again_but_no_pair_twice() -> None:
    found = records("trl-preference", [*answers(1, "right"), *answers(6, "wrong")])

    assert len(ids(found)) == 4


def test_responses_of_a_pair_are_of_similar_length() -> None:
    long = row(9, prompt="p", verdict="wrong", steps=steps("x" * 500))

    assert records("trl-preference", [*answers(1, "right"), long]) == []


def test_the_order_and_the_ids_of_the_rows_decide_nothing() -> None:
    rows = [*answers(20, "right"), *answers(20, "wrong"), *answers(2, "right", "other")]

    there = records("trl-preference", rows)
    back = records("trl-preference", rows[::-1])

    assert there == back


def test_the_same_trace_twice_is_one() -> None:
    rows = [*answers(1, "right"), *answers(1, "wrong"), *answers(1, "wrong")]

    assert len(records("trl-preference", rows)) == 1
