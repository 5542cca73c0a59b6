import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.making import trace
from tunix_rt.traces.schema import (
    STORED,
    TRACE,
    QuickTrace,
    ReasoningTrace,
    content_hash,
    parse,
    parse_batch,
)
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


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
steps = st.lists(
    st.fixed_dictionaries(
        {"i": st.integers(-1, 3) | st.just(2**31 + 1), "type": st.text(max_size=3)},
        optional={"content": st.text(max_size=5) | st.integers(), "more": st.integers()},
    ),
    max_size=3,
)


@given(
    st.fixed_dictionaries(
        {
            "prompt": st.text(max_size=5),
            "final_answer": st.text(max_size=5) | st.just("x" * 50_001),
        },
        optional={
            "trace_version": st.text(max_size=3) | st.integers(),
            "steps": steps,
            "meta": st.none() | st.dictionaries(st.text(max_size=4), json_values, max_size=3),
            "unknown": json_values,
        },
    )
)
def test_the_quick_reader_takes_and_refuses_what_the_exact_one_does(document: Any) -> None:
    raw = json.dumps(document).encode("utf-8", "surrogatepass")

    def outcome(read: Callable[[bytes], Any]) -> bytes | None:
        try:
            body: bytes = read(raw).body()
        except ValidationError:
            return None
        return body

    assert outcome(parse) == outcome(TRACE.validate_json)
    assert outcome(lambda one: parse_batch(b"[" + one + b"]")[0]) == outcome(TRACE.validate_json)


def test_what_is_plain_is_read_by_the_quick_reader() -> None:
    assert isinstance(parse(json.dumps(trace()).encode()), QuickTrace)


def test_what_was_stored_before_a_rule_is_read_all_the_same() -> None:
    body = json.dumps(trace(prompt="a\0b")).encode()

    assert ReasoningTrace.model_validate_json(body, context=STORED).prompt == "a\0b"
