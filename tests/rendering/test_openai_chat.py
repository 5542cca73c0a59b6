from tests.rendering.rows import records, row


def test_steps_are_the_reasoning_of_the_last_message() -> None:
    meta = {"system": "Be short.", "history": [{"role": "user", "content": "Hi"}]}

    [record] = records("openai-chat", [row(1, meta=meta)])

    assert record["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Hi"},
        {"role": "user", "content": "What is 1 + 1?"},
        {
            "role": "assistant",
            "reasoning_content": "1 + 1 = 2\n\nSo it is 2.",
            "content": "2",
        },
    ]


def test_a_trace_without_a_prompt_is_still_a_conversation() -> None:
    [record] = records("openai-chat", [row(1, prompt="(no prompt)")])

    assert [turn["role"] for turn in record["messages"]] == ["user", "assistant"]
