import pytest

from tunix_rt.kit.http import path_id
from tunix_rt.kit.ids import is_id, new_id


@pytest.mark.parametrize("spell", [str, str.upper, lambda id_: id_.replace("-", "")])
def test_an_id_is_known_with_and_without_dashes_in_any_case(spell) -> None:  # type: ignore[no-untyped-def]
    id_ = new_id()

    assert is_id(spell(id_))
    assert path_id("trace")(spell(id_)) == id_


@pytest.mark.parametrize("shape", ["urn:uuid:{}", "{{{}}}", " {}", "{}\n", "{}0"])
def test_a_spelling_that_no_column_stores_is_no_id(shape: str) -> None:
    assert not is_id(shape.format(new_id()))


@pytest.mark.parametrize("text", ["", "0123_567-0123-7123-8123-0123456789ab", "٠" * 32])
def test_what_is_no_id_is_none(text: str) -> None:
    assert not is_id(text)
