import io

import msgspec
import pytest

from tunix_rt.kit.lines import MAX_LINE, decode_line, numbered


class _Point(msgspec.Struct):
    x: int


def test_a_line_is_decoded_as_what_was_asked_for() -> None:
    assert decode_line(b'{"x": 3, "more": 1}', _Point) == _Point(3)
    assert decode_line(b"[1]", object) == [1]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[" * 200_000,
        b'{"x": "\xff"}',
        b'{"x": NaN}',
        b'{"x": "a"}',
        b'{"x": "\\ud800"}',
    ],
)
def test_whatever_a_line_holds_instead_the_reason_is_one_sentence(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]{5,300}$"):
        decode_line(line, _Point)


def test_lines_are_numbered_and_one_that_is_too_long_is_cut() -> None:
    file = io.BytesIO(b"\xef\xbb\xbfa\n\n" + b"x" * (MAX_LINE + 5) + b"\nlast")

    found = list(numbered(file))

    assert [number for number, _ in found] == [1, 2, 3, 4]
    assert [len(line) for _, line in found] == [2, 1, MAX_LINE, 4]
    assert found[0][1] == b"a\n"
