from tests.rendering.rows import records, row


def test_the_text_is_one_turn_of_the_user_and_one_of_the_model() -> None:
    [record] = records("tunix_sft", [row(1, meta=None)])

    assert record["prompts"] == (
        "<start_of_turn>user\nWhat is 1 + 1?<end_of_turn>\n<start_of_turn>model\n"
        "Reasoning:\n1. 1 + 1 = 2\n2. So it is 2.\nAnswer: 2<end_of_turn>"
    )
    assert (record["final_answer"], record["metadata"]["format"]) == ("2", "tunix_sft")
