from uuid import uuid5

from tests.rendering.rows import records, row
from tunix_rt.rendering.exports.training_example import EXAMPLES


def test_an_id_is_made_of_the_traces_id_and_nothing_else() -> None:
    rows = [row(n, meta={"n": n}) for n in range(50)]

    found = records("training_example", rows)

    assert [one["id"] for one in found] == [str(uuid5(EXAMPLES, one.id)) for one in rows]
    assert found[1]["metadata"]["source_trace_id"] == rows[1].id


def test_the_response_is_the_reasoning_and_the_answer() -> None:
    [record] = records("training_example", [row(1)])

    assert record["prompt"] == "What is 1 + 1?\n\nPlease show your reasoning steps."
    assert record["response"] == "Reasoning:\n1. 1 + 1 = 2\n2. So it is 2.\nAnswer: 2"
