"""The number behind a calculator mark, `<<9*2=18>>18`, is the mark's result."""

import re
from collections.abc import Iterator
from fractions import Fraction

from tunix_rt.verify.steps.claims.comparing import agree
from tunix_rt.verify.steps.claims.said import NUMBER, Found, Said, places_of, value_of
from tunix_rt.verify.steps.claims.tokens import MARK

_RESULT = re.compile(rf"=[ ]?[$€£]?(-?{NUMBER}|-?\.\d{{1,12}})[ ]?$")
_PRINTED = re.compile(
    rf"[ ]?[$€£]?({NUMBER}|\.\d{{1,12}})(?![\d/:^]|[.,]\d|[ ]\d|[ ]?[-+*/×÷x][ ]?[$\d(])"
)


def find(said: Said) -> Iterator[Found]:
    """Every printed result that stands right behind its mark."""
    if "<<" not in said.plain:
        return
    for mark in MARK.finditer(said.plain):
        result = _RESULT.search(mark[1])
        printed = _PRINTED.match(said.plain, mark.end())
        if result is None or printed is None:
            continue
        value, shown = value_of(result[1]), value_of(printed[1])
        holds = _same(abs(value), shown, places_of(printed[1]))
        yield said.found(
            mark.start(), printed.end(), holds=holds, because=f"the mark says {result[1]}"
        )


def _same(value: Fraction, shown: Fraction, places: int) -> bool:
    """Equal, rounded, or the same in percent or cents."""
    return any(
        agree(value * scale, shown, places, about=True) for scale in (1, 100, Fraction("0.01"))
    )
