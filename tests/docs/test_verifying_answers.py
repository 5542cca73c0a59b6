"""The table of the guide says what the verifiers do."""

import re

import pytest

from tests.docs.reading import ROOT
from tunix_rt.verify.checking import KINDS, check_answer, kind_of

GUIDE = (ROOT / "docs" / "guides" / "verifying-answers.md").read_text("utf-8")
ROWS = re.findall(r"^\| `([a-z-]+)` \| `(.+?)` \| `(.+?)` \| `(.+?)` \|$", GUIDE, re.MULTILINE)


@pytest.mark.parametrize(("kind", "expected", "right", "wrong"), ROWS)
def test_a_row_says_what_is_right_and_what_is_wrong(
    kind: str, expected: str, right: str, wrong: str
) -> None:
    assert kind_of(expected) == kind
    assert check_answer(expected, right).outcome == "right"
    assert check_answer(expected, wrong).outcome == "wrong"


def test_every_kind_that_one_line_can_show_has_a_row() -> None:
    assert {row[0] for row in ROWS} == set(KINDS) - {"output"}
