from tests.rendering.rows import records, row


def test_steps_stand_in_a_think_tag_of_the_last_turn() -> None:
    [record] = records("sharegpt", [row(1, meta={"system": "Be short."})])

    assert record["conversations"] == [
        {"from": "system", "value": "Be short."},
        {"from": "human", "value": "What is 1 + 1?"},
        {"from": "gpt", "value": "<think>\n1 + 1 = 2\n\nSo it is 2.\n</think>\n\n2"},
    ]
