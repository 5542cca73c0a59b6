from typing import Any

import pytest
from pydantic import ValidationError

from tests.making import trace
from tunix_rt.traces.schema import TRACE, content_hash
from tunix_rt.traces.schema_record import explain


def test_a_trace_keeps_its_identity_whatever_the_order_of_its_keys() -> None:
    one = TRACE.validate_json(
        '{"a":1,' + TRACE.dump_json(TRACE.validate_python(trace()))[1:].decode()
    )
    other = TRACE.validate_python(dict(reversed(trace().items())))

    assert content_hash(one.body()) == content_hash(other.body())


def test_meta_is_part_of_the_identity() -> None:
    one, other = (TRACE.validate_python(trace(meta={"model": m})) for m in "ab")

    assert content_hash(one.body()) != content_hash(other.body())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"prompt": "cut', "Invalid JSON"),
        ('{"prompt": "\\ud800"}', "Invalid JSON"),  # a lone surrogate is no text
        ("[1]", "should be an object"),
        ('{"prompt": 1}', "trace_version: Field required"),
        ('{"trace_version": "1", "prompt": ["a"]}', "prompt: Input should be a valid string"),
        ('{"meta": {"a": NaN}}', "Field required"),
    ],
)
def test_what_is_wrong_with_a_line_is_one_sentence(line: str, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        TRACE.validate_json(line)

    assert said in explain(7, error.value).reason
    assert explain(7, error.value).line == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": []}, "at least 1 item"),
        ({"steps": [{"i": 0, "type": "a", "content": "b"}] * 2}, "the same i"),
        ({"steps": [{"i": -1, "type": "a", "content": "b"}]}, "greater than or equal to 0"),
        ({"meta": {"a": {"b": [float("nan")]}}}, "NaN or Infinity"),
        ({"prompt": ""}, "at least 1 character"),
        ({"prompt": "x" * 50_001}, "at most 50000 characters"),
        ({"final_answer": None}, "valid string"),
    ],
)
def test_what_no_trace_may_hold_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        TRACE.validate_python(trace(**changes))


def test_a_nul_in_a_text_survives() -> None:
    body = TRACE.validate_json(TRACE.validate_python(trace(prompt="a\0b")).body())

    assert body.prompt == "a\0b"
