"""Whether two sides of an equality agree at the precision they are printed with."""

from fractions import Fraction
from math import trunc

FLOAT_PLACES = 9
"""So many printed places are a float's artefacts: nine digits are compared."""


def agree(value: Fraction, printed: Fraction, places: int, *, about: bool) -> bool:
    """Whether `printed`, shown with `places` decimals, may stand for `value`.

    Rounding and cutting off at the last printed place are fine. Without decimals
    only an "about" makes an inexact integer true.
    """
    if value == printed:
        return True
    if places >= FLOAT_PLACES:
        return bool(abs(value - printed) * 10**FLOAT_PLACES <= abs(value))
    scale = 10**places
    if places and (_rounds(value, printed, scale) or trunc(value * scale) == printed * scale):
        return True
    return about and _about(value, printed, scale)


def _rounds(value: Fraction, printed: Fraction, scale: int) -> bool:
    return bool(abs(value - printed) * scale * 2 <= 1)


def _about(value: Fraction, printed: Fraction, scale: int) -> bool:
    """Rounded, cut or raised at the last place, or rounded to tens, hundreds and so on."""
    if abs(value - printed) * scale < 1:
        return True
    if printed == 0 or printed.denominator != 1:
        return False
    unit = 1
    while printed % (unit * 10) == 0:
        unit *= 10
    return abs(value - printed) * 2 <= unit
