"""Weekdays, leap years and spans of time."""

import re
from datetime import date

from tunix_rt.tasks.generators.reasoning_gym.working import (
    Entry,
    Unworkable,
    Work,
    compute,
    divided,
    require,
)
from tunix_rt.tasks.schema import Step

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def calendar_arithmetic(entry: Entry) -> list[Step]:
    """Each kind of question has its own way; counting days between two dates has none here."""
    meta = entry["metadata"]
    work = {
        "weekday_offset": _offset,
        "weekday_of_date": _of_date,
        "weekday_of_date_from_first_date": _from_first,
        "recurring_event_day": _recurring,
        "is_leap_year": _leap,
    }.get(meta["task"])
    if work is None:
        raise Unworkable("this kind of question has no steps")
    steps, answer = work(meta)
    require(answer == entry["answer"], "it is another day")
    return steps


def _shifted(day: int, offset: int) -> tuple[list[Step], int]:
    """Whole weeks left out, the rest counted on; days are 0 for Monday to 6."""
    later = (day + offset) % 7
    steps = [
        compute(divided(offset, 7)),
        Step("count", f"{offset % 7} days after {DAYS[day]} is {DAYS[later]}."),
    ]
    return steps, later


def _offset(meta: Entry) -> tuple[list[Step], str]:
    steps, day = _shifted(date.fromisoformat(meta["start_date"]).weekday(), meta["offset_days"])
    return steps, DAYS[day]


def _from_first(meta: Entry) -> tuple[list[Step], str]:
    target = date.fromisoformat(meta["target_date"])
    steps, number = _day_of_year(target)
    more, day = _shifted(DAYS.index(meta["first_day"]), number - 1)
    return [*steps, compute(f"{number} - 1 = {number - 1}"), *more], DAYS[day]


def _day_of_year(day: date) -> tuple[list[Step], int]:
    leap = day.month > 2 and date(day.year, 12, 31).timetuple().tm_yday == 366
    months = [length + (leap and place == 1) for place, length in enumerate(MONTHS)]
    parts = [*months[: day.month - 1], day.day]
    steps = []
    if len(parts) > 1:
        steps.append(compute(f"Day of the year: {' + '.join(map(str, parts))} = {sum(parts)}"))
    return steps, sum(parts)


def _of_date(meta: Entry) -> tuple[list[Step], str]:
    steps, day = _zeller(date.fromisoformat(meta["target_date"]))
    return steps, DAYS[day]


def _zeller(day: date) -> tuple[list[Step], int]:
    """Zeller's congruence for the Gregorian calendar; Saturday is its 0."""
    month, year = (day.month, day.year) if day.month > 2 else (day.month + 12, day.year - 1)
    century, rest = divmod(year, 100)
    product = 13 * (month + 1)
    whole = day.day + product // 5 + rest + rest // 4 + century // 4 + 5 * century
    parts = f"{day.day} + {product // 5} + {rest} + {rest // 4} + {century // 4} + {5 * century}"
    found = (whole - 2) % 7
    steps = [
        Step("plan", f"Zeller: month {month} of {year}, that is century {century}, year {rest}."),
        compute(f"13 * ({month} + 1) = {product}"),
        compute(divided(product, 5)),
        compute(divided(rest, 4)),
        compute(divided(century, 4)),
        compute(f"5 * {century} = {5 * century}"),
        compute(f"{parts} = {whole}"),
        compute(divided(whole, 7)),
        Step("conclude", f"Counted from Saturday as 0, {whole % 7} is {DAYS[found]}."),
    ]
    require(found == day.weekday(), "it is another day")
    return steps, found


def _recurring(meta: Entry) -> tuple[list[Step], str]:
    number = ORDINALS.get(meta["ordinal"])
    if number is None:
        raise Unworkable("the last one of a month has no steps")
    steps, first = _zeller(date(meta["year"], meta["month"], 1))
    wanted = DAYS.index(meta["weekday"])
    ahead = (wanted - first) % 7
    steps.append(Step("count", f"The 1st is a {DAYS[first]}, {DAYS[wanted]} is {ahead} days on."))
    answer = 1 + ahead + 7 * (number - 1)
    steps.append(compute(f"1 + {ahead} + 7 * ({number} - 1) = {answer}"))
    return steps, str(answer)


def _leap(meta: Entry) -> tuple[list[Step], str]:
    year, steps = meta["year"], []
    for divisor in (4, 100, 400):
        steps.append(compute(divided(year, divisor)))
        if year % divisor:
            break
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    rule = "Every 4th year is one, but not every 100th, and yet every 400th"
    steps.append(Step("conclude", f"{rule}: {year} is {'one' if leap else 'none'}."))
    return steps, "Yes" if leap else "No"


_CLOCK = re.compile(r"\d\d:\d\d(?::\d\d)?")


def time_intervals(entry: Entry) -> list[Step]:
    """Two times of one day, in minutes or seconds; dates and time zones have no steps here."""
    meta = entry["metadata"]
    start, end = (str(meta[name]).rpartition(" ")[2] for name in ("start_time", "end_time"))
    require(str(meta["task_type"]) in ("time", "time_seconds"), "it has no steps")
    require(all(_CLOCK.fullmatch(text) is not None for text in (start, end)), "no plain time")
    steps, values = [], []
    for text in (start, end):
        hours, minutes, seconds = ([int(part) for part in text.split(":")] + [0])[:3]
        value = hours * 3600 + minutes * 60 + seconds
        sums = f"{hours} * 3600 + {minutes} * 60 + {seconds} = {value}"
        steps.append(compute(f"Seconds since midnight: {sums}"))
        values.append(value)
    gap = values[1] - values[0]
    require(gap > 0, "it ends on another day")
    steps.append(compute(f"{values[1]} - {values[0]} = {gap}"))
    hours, rest = divmod(gap, 3600)
    steps.append(compute(divided(gap, 3600)))
    steps.append(compute(divided(rest, 60)))
    shown = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    require(shown.startswith(entry["answer"]), "it is another span")
    return [*steps, Step("conclude", f"{entry['answer']}")]


FAMILIES: dict[str, Work] = {
    "calendar_arithmetic": calendar_arithmetic,
    "time_intervals": time_intervals,
}
