from tests.traces.reading import read, rejected

SAID = "How many? Step 1: 2 and 2. ки\nStep 2: 2+2=5. The answer is: 5 ки"


def test_each_mark_ends_a_step_and_the_sign_in_its_place_is_its_label() -> None:
    label = "How many? Step 1: 2 and 2. +\nStep 2: 2+2=5. The answer is: 5 -"
    [trace] = read("math-shepherd", {"input": SAID, "label": label, "task": "GSM8K"})

    assert trace.prompt == "How many?"
    assert [step.content for step in trace.steps] == [
        "Step 1: 2 and 2.",
        "Step 2: 2+2=5. The answer is: 5",
    ]
    assert trace.final_answer == "5"
    assert (trace.meta["step_labels"], trace.meta["label"]) == ([True, False], False)
    assert trace.meta["source"] == "GSM8K"


def test_a_label_that_does_not_fit_its_input_is_rejected() -> None:
    bad = ["", "+-", SAID, SAID.replace("ки", "+")[:-1] + "0"]
    records = [{"input": SAID, "label": label, "task": "MATH"} for label in bad]
    no_step = {"input": "2+2? ки", "label": "2+2? +", "task": "MATH"}
    early = {"input": "ки Step 1: x", "label": "+ Step 1: x", "task": "MATH"}

    assert rejected(read("math-shepherd", *records, no_step, early)) == [True] * 6
