"""What a mark is called in the terminal: good, bad, tag:hard, score:0.5, note:"see step 3"."""

from pydantic import ValidationError

from tunix_rt.kit.errors import BadInput
from tunix_rt.traces.schema_marks import LABELS, Mark

HINT = "good, neutral, bad, tag:NAME, score:NUMBER or note:TEXT"


def said(what: str, step: int | None = None) -> Mark:
    """The mark that a word means."""
    kind, colon, rest = what.partition(":")
    try:
        if what in LABELS:
            return Mark(kind="label", name=what, step=step)
        if colon and kind == "tag":
            return Mark(kind="tag", name=rest, step=step)
        if colon and kind == "score":
            return Mark(kind="score", value=float(rest), step=step)
        if colon and kind == "note":
            return Mark(kind="note", text=rest, step=step)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadInput(f"{what!r}: {reason}.", hint=HINT) from None
    except ValueError:
        raise BadInput(f"{rest!r} is no number.", hint=HINT) from None
    raise BadInput(f"{what!r} is nothing to say of a trace.", hint=HINT)
