"""Keep traces whose steps hold: no wrong step, enough checked claims, no warnings of a kind."""

from typing import Annotated

from pydantic import Field

from tunix_rt.curate.schema import Around, Drop, Each, Options, Seen, Share
from tunix_rt.kit.words import Text

VERSION = "1"
NEEDS: tuple[str, ...] = ("steps",)


class Config(Options):
    """What is asked of the steps."""

    no_errors: bool = True
    """Drop a trace with a wrong step."""

    judged: bool = True
    """Drop a trace whose steps nobody has verified."""

    claims: Annotated[int, Field(ge=0, le=100_000)] = 0
    """At least so many checked claims."""

    coverage: Share = 0.0
    """At least this share of the steps holds a checked claim."""

    without: tuple[Text, ...] = ()
    """Kinds of warnings that drop a trace."""


def begin(options: Config, around: Around) -> Each:
    """Judge by the stored verdict on the steps."""
    unwanted = frozenset(options.without)

    def judge(trace: Seen) -> Drop | None:
        if options.judged and trace.step_verdict is None:
            return Drop("steps not verified")
        if options.no_errors and trace.first_error is not None:
            return Drop("wrong step", {"step": trace.first_error})
        if trace.claims < options.claims:
            return Drop("too few claims", {"claims": trace.claims})
        if trace.coverage < options.coverage:
            return Drop("too little checked", {"coverage": round(trace.coverage, 4)})
        if found := sorted(unwanted.intersection(trace.warnings)):
            return Drop("warned of", {"warnings": found})
        return None

    return judge
