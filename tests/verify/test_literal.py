"""Answers that are JSON, or written as Python does."""

import pytest

from tests.verify.judging import outcome
from tunix_rt.verify.checking import kind_of


@pytest.mark.parametrize(
    ("expected", "given", "said"),
    [
        ('{"a": [1, null]}', "{'a': [1, None]}", "right"),
        ('{"a": 1}', '{"a": 1.0}', "right"),
        ('{"a": 0.1}', '{"a": 0.10000000000000001}', "wrong"),
        ('{"a": 1}', '{"a": true}', "wrong"),
        ('{"a": "1"}', '{"a": 1}', "wrong"),
        ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', "right"),
        ('["a", "b"]', '["b", "a"]', "wrong"),
        ('["a", "b"]', "('a', 'b')", "right"),
        ('["it\'s"]', r"['it\'s']", "right"),
        ("null", "None", "right"),
        ('{"a": 1}', '{"a": 1, "a": 1}', "wrong"),
        ('{"a": 1}', '{"a": 1,}', "right"),
        ('{"a": 1}', '{"a": 1} or {"a": 2}', "wrong"),
        ('{"a": 1}', '```json\n{"a": 1}\n```', "right"),
        ('{"a": 1}', "{a: 1}", "wrong"),
        ('{"a": 1}', '{"a": 1e9999}', "wrong"),
        ('{"a": 1}', "", "wrong"),
        ('{"a": 1}', '{"a": __import__("os")}', "wrong"),
        ("[]", "[]", "right"),
        ('[["a"]]', '[["a"], []]', "wrong"),
    ],
)
def test_compares_values(expected: str, given: str, said: str) -> None:
    assert outcome("literal", expected, given) == said


@pytest.mark.parametrize("expected", ['{"a": 1}', '["a"]', "null", "[]", "[[1], [2]]"])
def test_is_chosen_for(expected: str) -> None:
    assert kind_of(expected) == "literal"


@pytest.mark.parametrize("expected", ["[1, 2]", "{1, 2}", "true", "a"])
def test_leaves_to_others(expected: str) -> None:
    assert kind_of(expected) != "literal"


def test_an_expected_answer_of_another_kind_is_undecided() -> None:
    assert outcome("literal", "{a", "18") == "undecided"
