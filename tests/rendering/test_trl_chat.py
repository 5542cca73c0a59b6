from tests.rendering.rows import records, row


def test_prompt_and_completion_are_messages() -> None:
    [record] = records("trl-chat", [row(1, meta={"system": "Be short."})])

    assert record["prompt"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "What is 1 + 1?"},
    ]
    [said] = record["completion"]
    assert said["role"] == "assistant"
    assert said["content"].endswith("\n</think>\n\n2")
