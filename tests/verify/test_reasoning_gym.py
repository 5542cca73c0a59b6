"""Answers judged by the family's own scorer of reasoning-gym."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.extras import loaded, needs
from tests.verify.traces import trace
from tunix_rt.verify.answers.reasoning_gym import accepts
from tunix_rt.verify.answers.reasoning_gym.strict import harmless
from tunix_rt.verify.checking import check_answer, known
from tunix_rt.verify.judging import judge_answer
from tunix_rt.verify.schema import Expected, Verdict


def item(dataset: str, **more: Any) -> dict[str, Any]:
    return {"dataset": dataset, "seed": 3, "index": 1, "size": 2, "config": {}, **more}


def built(dataset: str, **config: Any) -> dict[str, Any]:
    gym = loaded("reasoning_gym", extra="tasks")
    found: dict[str, Any] = gym.create_dataset(dataset, seed=3, size=2, **config)[1]
    return found


def judged(expected: str, given: str, data: dict[str, Any]) -> Verdict:
    return check_answer(expected, given, "reasoning_gym", data)


@pytest.mark.parametrize("dataset", ["chain_sum", "gcd", "spiral_matrix", "simple_equations"])
def test_an_item_is_built_again_and_scores_its_own_answer(dataset: str) -> None:
    gold = built(dataset)["answer"]

    right = judged(gold, f"so\n<answer>{gold}</answer>", item(dataset))
    wrong = judged(gold, f"{gold}1", item(dataset))

    assert (right.outcome, right.method) == ("right", "reasoning-gym"), right.reason
    assert wrong.outcome == "wrong", wrong.reason


def test_an_answer_with_many_solutions_needs_not_be_the_expected_one() -> None:
    entry = built("graph_color")
    example = json.dumps(entry["metadata"]["possible_answer"])
    other = json.dumps(
        {key: 4 - color for key, color in entry["metadata"]["possible_answer"].items()}
    )

    assert judged(example, example, item("graph_color")).outcome == "right"
    assert judged(example, other, item("graph_color")).outcome == "right"
    assert judged(example, "{}", item("graph_color")).outcome == "wrong"


@pytest.mark.parametrize(
    "dataset",
    ["isomorphic_strings", "polynomial_multiplication", "ransom_note", "word_ladder"],
)
def test_an_item_that_cannot_be_built_again_is_judged_by_its_entry(dataset: str) -> None:
    entry = json.loads(json.dumps(built(dataset), default=str))
    data = {"dataset": dataset, "entry": entry}

    assert judged(entry["answer"], entry["answer"], data).outcome == "right"
    assert judged(entry["answer"], "no idea", data).outcome == "wrong"
    assert "give the entry" in judged(entry["answer"], "x", item(dataset)).reason


def test_a_partial_score_is_wrong_and_stands_in_the_reason() -> None:
    gold = built("chain_sum")["answer"]

    verdict = judged(gold, f"{gold} or so", item("chain_sum"))

    assert verdict.outcome == "wrong"
    assert "raw score is 0." in verdict.reason


LENIENT = [
    ("gsm_symbolic", "not {}"),
    ("gsm_symbolic", "-{}"),
    ("gsm_symbolic", "{} or 7"),
    ("fraction_simplification", "{} or 7"),
    ("simple_integration", "{} or 7"),
    ("sokoban", "not {}"),
    ("coin_flip", "0.0001"),
]


@pytest.mark.parametrize(("dataset", "form"), LENIENT)
def test_what_a_lenient_scorer_calls_right_is_wrong(dataset: str, form: str) -> None:
    gold = built(dataset)["answer"]

    assert judged(gold, gold, item(dataset)).outcome == "right"
    assert judged(gold, form.format(gold), item(dataset)).outcome == "wrong"


def test_sorted_numbers_must_be_the_numbers() -> None:
    gold = built("number_sorting")["answer"]
    off = gold.replace(".", "5.", 1)[:-1] + "]"

    assert judged(gold, gold, item("number_sorting")).outcome == "right"
    assert judged(gold, off, item("number_sorting")).outcome == "wrong"


def test_twenty_four_is_made_of_the_given_numbers() -> None:
    gold = built("puzzle24")["answer"]
    other = built("puzzle24", min_value=2, max_value=3)["answer"]

    assert judged(gold, gold, item("puzzle24")).outcome == "right"
    assert judged(gold, other, item("puzzle24")).outcome == "wrong"


@pytest.mark.parametrize(
    "dataset", ["spiral_matrix", "n_queens", "countdown", "simple_integration"]
)
@pytest.mark.parametrize(
    "code",
    [
        "__import__('os').system('touch {}')",
        "open('{}', 'w')",
        "[open('{}', 'w').write('x') for x in [1]]",
        "exec('import pathlib; pathlib.Path(\"{}\").touch()')",
    ],
)
def test_an_answer_is_never_run(dataset: str, code: str, tmp_path: Path) -> None:
    gold = built(dataset)["answer"]

    verdict = judged(gold, code.format(tmp_path / "was-run"), item(dataset))

    assert verdict.outcome == "wrong", verdict.reason
    assert not list(tmp_path.iterdir())


def test_an_entry_is_never_run(tmp_path: Path) -> None:
    needs("reasoning_gym", extra="tasks")
    code = f"open('{tmp_path}/was-run', 'w')"
    for dataset in ("polynomial_multiplication", "number_sorting", "bitwise_arithmetic"):
        entry = {"answer": code, "metadata": {"problem": code, "direction": "ascending"}}

        verdict = judged(code, "[1]", {"dataset": dataset, "entry": entry})

        assert verdict.outcome == "undecided", verdict.reason
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *(("2*x**3 - x/2 + C", True), ("sin(3*x)^2", True), ("1.5 + .5", True), ("", True)),
        *(("open(0)", False), ("x.y", False), ("_", True), ("__", False), ("'x'", False)),
        *(("x[0]", False), ("lambda: 1", False), ("exit", False), ("x;y", False)),
    ],
)
def test_an_expression_names_only_letters_and_known_functions(text: str, is_one: bool) -> None:
    assert harmless(text) is is_one


def test_a_scorer_that_calls_everything_right_is_refused() -> None:
    verdict = judged("True", "True", item("game_of_life_halting"))

    assert verdict.outcome == "undecided"
    assert "calls every text right" in verdict.reason


def test_an_answer_its_scorer_fails_on_is_wrong() -> None:
    gold = built("prime_factorization")["answer"]

    assert judged(gold, gold, item("prime_factorization")).outcome == "right"
    assert judged(gold, "no numbers", item("prime_factorization")).outcome == "wrong"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"dataset": 7},
        {"dataset": "chain_sum"},
        {"dataset": "chain_sum", "entry": 5},
        {"dataset": "no_such_family", "seed": 1, "index": 0},
        {"dataset": "chain_sum", "seed": 1, "index": 5, "size": 2},
        {"dataset": "chain_sum", "seed": 1, "index": 0, "config": {"min_terms": "many"}},
        {"dataset": "chain_sum", "seed": 1, "index": 0, "config": {"no_option": 1}},
        {"dataset": "chain_sum", "seed": 4, "index": 0},  # another item: its answer is not 12
    ],
)
def test_an_item_that_is_none_is_undecided(data: dict[str, Any]) -> None:
    verdict = judged("12", "12", data)

    assert verdict.outcome == "undecided"
    assert "crashed" not in verdict.reason


def test_a_configuration_that_never_ends_is_stopped() -> None:
    needs("reasoning_gym", extra="tasks")
    config = {"min_terms": 10**9, "max_terms": 10**9}

    assert judged("1", "1", item("chain_sum", config=config)).outcome == "undecided"


def test_a_trace_says_which_item_it_answers() -> None:
    gold = built("gcd")["answer"]
    meta = {"expected_answer": gold, "verifier": "reasoning_gym", "expected_data": item("gcd")}

    assert judge_answer(trace(gold, **meta)).outcome == "right"
    assert judge_answer(trace("0", **meta)).outcome == "wrong"
    assert judge_answer(trace(gold, **{**meta, "expected_data": 5})).outcome == "undecided"


def test_its_name_may_be_written_with_an_underscore() -> None:
    assert known("reasoning_gym") == known("reasoning-gym") == "reasoning-gym"
    assert accepts(Expected(answer="", data={"dataset": "gcd"}))
    assert not accepts(Expected(answer="18"))
