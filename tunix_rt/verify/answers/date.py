"""The day given is the day expected, however it is written; a month may be expected too."""

import re
from datetime import date

from tunix_rt.verify.reading.single import (
    NoAnswer,
    expected_text,
    one_answer,
    verdict,
    without_text,
)
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"
Day = tuple[int, int, int]
"""Year, month and day; day 0 where only a month is meant."""

_NAMES = (
    "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug "
    "september|sep|sept october|oct november|nov december|dec"
)
_MONTHS = {
    name: number
    for number, names in enumerate(_NAMES.split(), start=1)
    for name in names.split("|")
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = re.compile(
    r"^(?:on\s+)?(?:mon|tues?|wednes|wed|thurs?|fri|satur|sat|sun)(?:day)?,?\s+", re.I
)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00)?Z?)?")
_TURNED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_DAY_FIRST = re.compile(
    rf"(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_MONTH})\.?,?\s+(\d{{4}})", re.I
)
_MONTH_FIRST = re.compile(rf"({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.I)
_MONTH_ONLY = re.compile(rf"({_MONTH})\.?,?\s+(\d{{4}})", re.I)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")


def accepts(expected: Expected) -> bool:
    """Whether a date is expected."""
    text = expected_text(expected)
    return text is not None and bool(readings(text))


def check(given: str, expected: Expected) -> Verdict:
    """Compare two days; one that can be read as two is not decided."""
    text = expected_text(expected)
    want = readings(text) if text is not None else set()
    if not want:
        return verdict("date", VERSION, ("undecided", "No date is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("date", VERSION, said)
    got = readings(said)
    if not got:
        return verdict("date", VERSION, ("wrong", f"No date was given: {said[:60]!r}."))
    if want == got and (len(want) == 1 or said == text):
        return verdict("date", VERSION, ("right", f"Both are {_shown(min(want))}."))
    if want & got:
        reason = "Day and month can be read in two ways."
        return verdict("date", VERSION, ("undecided", reason))
    return verdict("date", VERSION, ("wrong", f"{_shown(min(got))} was given."))


def readings(text: str) -> set[Day]:
    """The days a bare text can mean: one, two for 03/04/2024, none if it is no date."""
    text = _WEEKDAY.sub("", without_text(text).strip(" ."))
    if len(text) > 60:
        return set()
    if found := _ISO.fullmatch(text):
        return _valid((int(found[1]), int(found[3]), int(found[4])))
    if found := _TURNED.fullmatch(text):
        one, other, year = int(found[1]), int(found[3]), int(found[4])
        return _valid((year, other, one)) | _valid((year, one, other))
    if found := _DAY_FIRST.fullmatch(text):
        return _valid((int(found[3]), _MONTHS[found[2].lower()], int(found[1])))
    if found := _MONTH_FIRST.fullmatch(text):
        return _valid((int(found[3]), _MONTHS[found[1].lower()], int(found[2])))
    if found := _MONTH_ONLY.fullmatch(text):
        return {(int(found[2]), _MONTHS[found[1].lower()], 0)}
    if (found := _ISO_MONTH.fullmatch(text)) and 1 <= int(found[2]) <= 12:
        return {(int(found[1]), int(found[2]), 0)}
    return set()


def _valid(day: Day) -> set[Day]:
    try:
        date(*day)
    except ValueError:
        return set()
    return {day}


def _shown(day: Day) -> str:
    return f"{day[0]:04}-{day[1]:02}" + (f"-{day[2]:02}" if day[2] else "")
