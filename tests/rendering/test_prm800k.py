from tests.rendering.rows import read_back, records, row, steps

ABC = steps("a", "b", "c")


def test_the_path_ends_with_the_first_wrong_step() -> None:
    [record] = records("prm800k", [row(1, steps=ABC, verdict="wrong", first_error=1)])

    rated = [step["completions"][0] for step in record["label"]["steps"]]
    assert [(one["text"], one["rating"]) for one in rated] == [("a", 1), ("b", -1)]
    assert record["label"]["finish_reason"] == "found_error"
    assert record["question"]["pre_generated_steps"] == ["a", "b", "c"]
    assert record["question"]["ground_truth_answer"] == "2"


def test_a_solution_is_right_from_its_first_step_to_its_answer() -> None:
    held = row(1, steps=ABC, step_verdicts=["right"] * 3)
    unsure = row(2, steps=ABC, step_verdicts=["right", "undecided", "right"])
    unknown = row(3, steps=ABC)

    found = records("prm800k", [held, unsure, unknown])

    assert [one["label"]["finish_reason"] for one in found] == ["solution", None]
    assert [s["completions"][0]["rating"] for s in found[1]["label"]["steps"]] == [1, None, 1]


def test_the_steps_nobody_rated_are_read_back_too() -> None:
    [trace] = read_back("prm800k", "prm800k", [row(1, steps=ABC, first_error=0)])

    assert [step.content for step in trace.steps] == ["a", "b", "c"]
