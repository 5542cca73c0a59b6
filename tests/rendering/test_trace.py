from tests.rendering.rows import records, row


def test_a_trace_record_is_the_trace_with_its_meta() -> None:
    [record] = records("trace", [row(1, meta={"k": "v", "created_at": "theirs"})])

    assert record == {
        "id": f"{1:032x}",
        "prompts": "What is 1 + 1?",
        "trace_steps": ["1 + 1 = 2", "So it is 2."],
        "final_answer": "2",
        "metadata": {
            "k": "v",
            "created_at": "2026-11-21T21:00:00.000000Z",
            "trace_version": "1.0",
        },
    }
