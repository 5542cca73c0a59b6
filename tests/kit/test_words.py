from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tunix_rt.kit.words import STORABLE, no_nul

ANY = TypeAdapter(Annotated[Any, STORABLE])


def test_a_nul_becomes_the_mark_of_a_lost_character() -> None:
    assert no_nul("a\0b") == "a\ufffdb"


@pytest.mark.parametrize(
    "value", ["a\0", "\ud800", float("nan"), float("inf"), {"a": ["\0"]}, {"\0": 1}, [[["\udfff"]]]]
)
def test_what_not_every_database_can_hold_is_refused_however_deep(value: object) -> None:
    with pytest.raises(ValidationError, match="holds"):
        ANY.validate_python(value)


@pytest.mark.parametrize("value", ["", "ä😀", 1.5, None, True, {"a": [1, {"b": "c"}]}])
def test_everything_else_stays_as_it_is(value: object) -> None:
    assert ANY.validate_python(value) == value
