from tests.rendering.rows import records, row


def test_every_record_has_the_same_fields() -> None:
    plain, with_system = records("alpaca", [row(1), row(2, meta={"system": "Be short."})])

    assert plain.keys() == with_system.keys()
    assert plain["instruction"] == "What is 1 + 1?"
    assert plain["output"] == "<think>\n1 + 1 = 2\n\nSo it is 2.\n</think>\n\n2"
    assert (plain["input"], plain["system"], with_system["system"]) == ("", "", "Be short.")
