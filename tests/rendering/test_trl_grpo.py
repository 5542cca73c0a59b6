from tests.rendering.rows import records, row


def test_a_prompt_comes_once_with_its_answer_and_its_verifier() -> None:
    rows = [row(1), row(2, prompt=" What is 1 + 1? ", expected_answer="2 "), row(3)]

    found = records("trl-grpo", rows)

    assert sorted((one["answer"].strip(), one["verifier"]) for one in found) == [
        ("2", "number"),
        ("4", "number"),
    ]
    assert all(one["prompt"][0]["role"] == "user" for one in found)


def test_what_no_field_says_may_stand_in_the_meta() -> None:
    meta = {"expected_answer": "5", "verifier": "math"}

    [record] = records("trl-grpo", [row(1, expected_answer=None, verifier=None, meta=meta)])

    assert (record["answer"], record["verifier"]) == ("5", "math")


def test_a_prompt_without_an_answer_or_with_two_is_left_out() -> None:
    rows = [
        row(1, expected_answer=None),
        row(2, prompt="p", expected_answer="1"),
        row(3, prompt="p", expected_answer="2"),
    ]

    assert records("trl-grpo", rows) == []


def test_one_prompt_with_ever_other_answers_is_no_problem() -> None:
    rows = [row(n, prompt="Your move?", expected_answer=str(n)) for n in range(5_000)]

    assert records("trl-grpo", rows) == []
