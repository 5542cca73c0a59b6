"""What a record says beside its text: model, expected answer, label, how it ended."""

import math
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_MODEL = ("model", "model_name", "generator", "model_id")
_EXPECTED = ("expected_answer", "ground_truth", "gold_answer", "reference_answer", "answer")
_LABEL = ("label", "is_correct", "correct", "kto_tag", "verified")
_TASK = ("task", "task_id")
MAX_FACT = 10_000


def facts(record: Mapping[str, Any], *, expected: tuple[str, ...] = _EXPECTED) -> Json:
    """The known keys of `meta`, looked for in a record and in its `metadata` and `meta`."""
    scopes = [record, *(s for k in ("metadata", "meta") if isinstance(s := record.get(k), dict))]
    reason = _first(scopes, ("finish_reason", "stop_reason"), str)
    return {
        "model": _first(scopes, _MODEL, str),
        "expected_answer": _as_text(_first(scopes, expected, (str, int, float))),
        "label": _first(scopes, _LABEL, bool),
        "task": _first(scopes, _TASK, str),
        "source": _first(scopes, ("source", "data_source"), str),
        "finish_reason": reason,
        "truncated": _first(scopes, ("truncated",), bool) or (True if reason == "length" else None),
    }


def score(value: Any) -> Json:
    """A number given for a trace; one that can only be 0 or 1 is a label too."""
    if isinstance(value, bool):
        return {"label": value}
    given = number(value)
    return (
        {} if given is None else {"score": given, "label": bool(given) if given in (0, 1) else None}
    )


def number(value: Any) -> float | None:
    """A finite number of an ordinary size, and nothing else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
        return None
    return float(value)


def whole(value: Any) -> int | None:
    """A whole number that JSON readers keep exactly."""
    given = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    return value if given else None


def text(value: Any, field: str) -> str:
    """A field that must be text."""
    if not isinstance(value, str):
        raise ValueError(f"{field}: is no text")
    return value


def texts(record: Mapping[str, Any], *names: str) -> Json:
    """The fields of these names that hold text."""
    return {k: v for k in names if isinstance(v := record.get(k), str) and v.strip()}


def _first(scopes: list[Mapping[str, Any]], names: tuple[str, ...], kind: Any) -> Any:
    for scope in scopes:
        for name in names:
            value = scope.get(name)
            if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
                if isinstance(value, str) and not 0 < len(value) <= MAX_FACT:
                    continue
                return value
    return None


def _as_text(value: Any) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) >= 10**18:
        return None
    return None if value is None else str(value)
