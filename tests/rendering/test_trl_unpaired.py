from tests.rendering.rows import records, row


def test_a_label_says_whether_a_completion_is_right() -> None:
    rows = [
        row(1),
        row(2, verdict="wrong"),
        row(3, first_error=1),
        row(4, verdict="undecided"),
        row(5, verdict=None),
        row(6, first_error=-1),
    ]

    found = records("trl-unpaired", rows)

    assert [one["label"] for one in found] == [True, False, False, True]
    assert found[0]["prompt"][0]["content"] == "What is 1 + 1?"
    assert found[0]["completion"][0]["role"] == "assistant"
