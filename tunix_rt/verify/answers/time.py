"""The time of day given is the one expected: `14:30`, `2:30 PM`, noon."""

import re
from typing import NamedTuple

from tunix_rt.verify.reading.single import (
    NoAnswer,
    expected_text,
    one_answer,
    verdict,
    without_text,
)
from tunix_rt.verify.schema import Expected, Verdict

VERSION = "1"

_CLOCK = re.compile(
    r"(?:at\s+)?(\d{1,2})(?::([0-5]\d)(?::([0-5]\d))?)?\s?(?:([ap])\.?\s?m\.?)?(?:\s?(?:h|hrs|hours|o'clock))?",
    re.IGNORECASE,
)
_WORDS = {"noon": 12 * 3600, "midday": 12 * 3600, "midnight": 0}


class Time(NamedTuple):
    """Seconds since midnight, and whether the half of the day was said."""

    seconds: int
    half: bool


def accepts(expected: Expected) -> bool:
    """Whether a time of day is expected."""
    text = expected_text(expected)
    return text is not None and time_of(text) is not None


def check(given: str, expected: Expected) -> Verdict:
    """Compare two times; am and pm may be left out where they are expected."""
    text = expected_text(expected)
    want = time_of(text) if text is not None else None
    if want is None:
        return verdict("time", VERSION, ("undecided", "No time of day is expected."))
    said = one_answer(given)
    if isinstance(said, NoAnswer):
        return verdict("time", VERSION, said)
    got = time_of(said)
    if got is None:
        return verdict("time", VERSION, ("wrong", f"No time of day was given: {said[:60]!r}."))
    if want.seconds == got.seconds:
        return verdict("time", VERSION, ("right", f"Both are {_shown(want)}."))
    twelve = 3600 <= got.seconds < 13 * 3600 and not got.half
    if want.half and twelve and (want.seconds - got.seconds) % 43_200 == 0:
        return verdict("time", VERSION, ("right", f"Both are {_shown(want)}, am or pm left out."))
    return verdict("time", VERSION, ("wrong", f"{_shown(got)} was given."))


def time_of(text: str) -> Time | None:
    """The time of day a bare text states."""
    text = without_text(text).strip(" .")
    if len(text) > 40:
        return None
    if (word := text.lower().removeprefix("12 ")) in _WORDS:
        return Time(_WORDS[word], True)
    found = _CLOCK.fullmatch(text)
    if found is None or not (found[2] or found[4]):
        return None
    hours, minutes, seconds = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found[4].lower() == "p" else 0)
    if hours > 24 or (hours == 24 and minutes + seconds):
        return None
    return Time(hours % 24 * 3600 + minutes * 60 + seconds, bool(found[4]))


def _shown(time: Time) -> str:
    hours, rest = divmod(time.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
