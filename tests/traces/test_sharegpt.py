from tests.traces.reading import read, rejected

ASKED = {"from": "human", "value": "2+2?"}
SAID = {"from": "gpt", "value": "<think>Two and two.</think>4"}


def test_the_last_question_is_the_prompt_and_the_rest_is_kept_beside() -> None:
    record = {
        "conversations": [
            {"from": "system", "value": "Be short."},
            {"from": "human", "value": "Hi"},
            {"from": "gpt", "value": "Hello."},
            ASKED,
            SAID,
        ]
    }

    [trace] = read("sharegpt", record)

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
    assert trace.meta["system"] == "Be short."
    assert [turn["content"] for turn in trace.meta["history"]] == ["Hi", "Hello."]


def test_calls_and_observations_are_steps() -> None:
    call = {"from": "function_call", "value": '{"name": "add"}'}
    seen = {"from": "observation", "value": "4"}

    [trace] = read(
        "sharegpt", {"conversations": [ASKED, call, seen, {"from": "gpt", "value": "4"}]}
    )

    assert [step.type for step in trace.steps] == ["tool_call", "observation", "solution"]


def test_a_preference_is_two_traces() -> None:
    record = {
        "conversations": [ASKED],
        "chosen": SAID,
        "rejected": {"from": "gpt", "value": "5"},
    }

    chosen, lost = read("sharegpt", record)

    assert (chosen.final_answer, chosen.meta["preference"]) == ("4", "chosen")
    assert (lost.final_answer, lost.meta["preference"]) == ("5", "rejected")
    assert rejected(read("sharegpt", {**record, "rejected": "5"})) == [False, True]


def test_roles_of_the_other_spelling_are_read_too() -> None:
    said = [{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}]

    [trace] = read("sharegpt", {"conversations": said})

    assert (trace.prompt, trace.final_answer) == ("2+2?", "4")
